#include "services/profiles/roster_watch.h"

#include <map>
#include <memory>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "base/status_matchers.h"
#include "base/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/profiles/testing/builders.h"
#include "services/profiles/testing/harness.h"

namespace tandem::profiles {
namespace {

using base::StatusIs;
using Stub = Harness::Stub;

// One follower of mentors, with the index that it builds.
class Follower {
 public:
  Follower(Harness& profiles, int64_t after) {
    common::PrepareCall("follower", tandem::common::v1::ROLE_SERVICE, absl::Seconds(60), &context_);
    v1::WatchMentorsRequest request;
    request.set_after_revision(after);
    reader_ = profiles.stub().WatchMentors(&context_, request);
  }
  ~Follower() { context_.TryCancel(); }

  // Reads one step; false at the end of the stream.
  bool Step() {
    if (!reader_->Read(&last_)) return false;
    for (const v1::Mentor& mentor : last_.mentors()) mentors_[mentor.name()] = mentor;
    return true;
  }
  void UpTo(int64_t revision) {
    while (last_.revision() < revision && Step()) {
    }
  }
  absl::Status End() {
    while (Step()) {
    }
    return common::FromGrpcStatus(reader_->Finish());
  }

  const std::map<std::string, v1::Mentor>& mentors() const { return mentors_; }
  const v1::WatchMentorsResponse& last() const { return last_; }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<v1::WatchMentorsResponse>> reader_;
  v1::WatchMentorsResponse last_;
  std::map<std::string, v1::Mentor> mentors_;
};

class RosterWatchTest : public testing::Test {
 protected:
  v1::Mentor Write(const std::string& external_id, int hours) {
    v1::Mentor mentor = ValidMentor(external_id, "Amina Example");
    mentor.mutable_availability()->set_hours_per_month(hours);
    return profiles_.Upsert(mentor)->mentor();
  }

  base::TempDir folder_;
  Harness profiles_{folder_.Join("profiles")};
};

TEST_F(RosterWatchTest, AFollowedMentorIsTheStoredOneWithoutThePerson) {
  const v1::Mentor written = Write("ext-1", 10);
  Follower follower(profiles_, 0);

  follower.UpTo(written.revision());

  EXPECT_TRUE(follower.last().snapshot_complete());
  v1::Mentor expected = written;
  expected.clear_identity();
  expected.clear_external_id();
  expected.clear_etag();
  ASSERT_EQ(follower.mentors().count(written.name()), 1u);
  EXPECT_EQ(follower.mentors().at(written.name()).SerializeAsString(),
            expected.SerializeAsString());
}

TEST_F(RosterWatchTest, AnEmptyRosterIsACompleteSnapshot) {
  Follower follower(profiles_, 0);

  ASSERT_TRUE(follower.Step());

  EXPECT_TRUE(follower.last().snapshot_complete());
  EXPECT_TRUE(follower.mentors().empty());
}

TEST_F(RosterWatchTest, AFollowerResumesWithoutASnapshotAndMissesNothing) {
  const v1::Mentor first = Write("ext-1", 10);
  Write("ext-2", 20);
  const v1::Mentor changed = Write("ext-2", 21);
  profiles_.Restart();
  Follower follower(profiles_, first.revision());

  follower.UpTo(changed.revision());

  EXPECT_FALSE(follower.last().snapshot_complete());
  ASSERT_EQ(follower.mentors().size(), 1u);
  EXPECT_EQ(follower.mentors().begin()->second.availability().hours_per_month(), 21);
}

TEST_F(RosterWatchTest, EveryChangeWhileFollowingArrives) {
  Follower follower(profiles_, 0);
  ASSERT_TRUE(follower.Step());
  int64_t revision = 0;
  std::thread writer([&] {
    for (int i = 0; i < 200; ++i)
      revision = Write(absl::StrCat("ext-", i % 20), i % 700).revision();
  });

  writer.join();
  follower.UpTo(revision);

  EXPECT_EQ(follower.mentors().size(), 20u);
  for (const auto& [name, mentor] : follower.mentors()) {
    EXPECT_EQ(mentor.availability().hours_per_month(),
              profiles_.Get(name)->availability().hours_per_month());
  }
}

TEST_F(RosterWatchTest, AnErasureArrivesAsAState) {
  const v1::Mentor mentor = Write("ext-1", 10);
  Follower follower(profiles_, 0);
  ASSERT_TRUE(follower.Step());
  v1::EraseMentorRequest erase;
  erase.set_name(mentor.name());
  erase.set_reason_code("PERSON_ASKED");

  TANDEM_ASSERT_OK(profiles_.Call(&Stub::EraseMentor, erase).status());
  ASSERT_TRUE(follower.Step());

  EXPECT_EQ(follower.mentors().at(mentor.name()).state(), v1::PROFILE_STATE_ERASED);
}

TEST_F(RosterWatchTest, ARevisionInTheFutureIsOutOfRangeAndANegativeOneInvalid) {
  EXPECT_THAT(Follower(profiles_, 1000).End(), StatusIs(absl::StatusCode::kOutOfRange));
  EXPECT_THAT(Follower(profiles_, -1).End(), StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace tandem::profiles
