// A roster of 100,000 mentors, imported, listed and followed while others write.
#include <atomic>
#include <cstdio>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/status_matchers.h"
#include "base/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/profiles/testing/builders.h"
#include "services/profiles/testing/harness.h"

namespace tandem::profiles {
namespace {

using Stub = Harness::Stub;

constexpr int kMentors = 100'000;
constexpr int kBatch = 1000;
constexpr int kWriters = 2;

class RosterListingTest : public testing::Test {
 protected:
  // Batches by two writers, as an import makes them.
  void Import() {
    const absl::Time start = absl::Now();
    std::vector<std::thread> writers;
    for (int w = 0; w < kWriters; ++w) {
      writers.emplace_back([this, w] {
        for (int first = w * kBatch; first < kMentors; first += kWriters * kBatch) Upsert(first);
      });
    }
    for (std::thread& writer : writers) writer.join();
    std::printf("imported %d mentors in %s\n", kMentors,
                absl::FormatDuration(absl::Now() - start).c_str());
  }

  void Upsert(int first) {
    v1::BatchUpsertMentorsRequest request;
    for (int i = first; i < first + kBatch; ++i) {
      *request.add_mentors() = ValidMentor(absl::StrCat("ext-", i), absl::StrCat("Person ", i));
    }
    const auto response = profiles_.Call(&Stub::BatchUpsertMentors, request);
    ASSERT_TRUE(response.ok()) << response.status();
    ASSERT_EQ(response->created_count(), kBatch);
  }

  base::TempDir folder_;
  Harness profiles_{folder_.Join("profiles")};
};

TEST_F(RosterListingTest, EachOfAHundredThousandMentorsAppearsExactlyOnceWhileOthersWrite) {
  Import();
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    for (int i = 0; !stop; ++i) {
      const auto mentor = ValidMentor(absl::StrCat("late-", i), "Late Example");
      EXPECT_TRUE(profiles_.Upsert(mentor).ok());
    }
  });

  std::set<std::string> external_ids;
  std::string last;
  int listed = 0;
  v1::ListMentorsRequest request;
  request.set_page_size(1000);
  int64_t revision = 0;
  bool ordered = true;
  do {
    const auto page = profiles_.Call(&Stub::ListMentors, request);
    ASSERT_TRUE(page.ok()) << page.status();
    if (revision == 0) revision = page->revision();
    EXPECT_EQ(page->revision(), revision);
    for (const v1::Mentor& mentor : page->mentors()) {
      ordered = ordered && last < mentor.name();
      last = mentor.name();
      ++listed;
      if (mentor.external_id().rfind("late-", 0) != 0) external_ids.insert(mentor.external_id());
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  stop = true;
  writer.join();

  EXPECT_TRUE(ordered);
  EXPECT_EQ(external_ids.size(), static_cast<size_t>(kMentors));
  EXPECT_LT(listed - kMentors, 1000);
}

TEST_F(RosterListingTest, AFollowerLoadsTheWholeRosterAndThenSeesEveryChange) {
  Import();
  grpc::ClientContext context;
  common::PrepareCall("follower", tandem::common::v1::ROLE_SERVICE, absl::ZeroDuration(), &context);
  const absl::Time start = absl::Now();
  auto reader = profiles_.stub().WatchMentors(&context, v1::WatchMentorsRequest());

  std::set<std::string> names;
  bool pseudonymous = true;
  v1::WatchMentorsResponse step;
  while (reader->Read(&step)) {
    for (const v1::Mentor& mentor : step.mentors()) {
      names.insert(mentor.name());
      pseudonymous = pseudonymous && !mentor.has_identity() && mentor.external_id().empty();
    }
    if (step.snapshot_complete()) break;
  }
  std::printf("followed %zu mentors in %s\n", names.size(),
              absl::FormatDuration(absl::Now() - start).c_str());
  TANDEM_ASSERT_OK_AND_ASSIGN(auto upserted, profiles_.Upsert(ValidMentor("new", "New Example")));
  ASSERT_TRUE(reader->Read(&step));
  context.TryCancel();

  EXPECT_TRUE(pseudonymous);
  EXPECT_EQ(names.size(), static_cast<size_t>(kMentors));
  ASSERT_EQ(step.mentors_size(), 1);
  EXPECT_EQ(step.mentors(0).name(), upserted.mentor().name());
  EXPECT_EQ(step.revision(), upserted.mentor().revision());
}

}  // namespace
}  // namespace tandem::profiles
