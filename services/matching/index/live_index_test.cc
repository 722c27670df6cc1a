#include "services/matching/index/live_index.h"

#include "absl/time/time.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::matching {
namespace {

using ::tandem::base::StatusIs;
using ::testing::HasSubstr;

class LiveIndexTest : public testing::Test {
 protected:
  absl::Status AddMentor(const std::string& name, int64_t revision, bool complete = false) {
    profiles::v1::WatchMentorsResponse step;
    profiles::v1::Mentor* mentor = step.add_mentors();
    mentor->set_name(name);
    mentor->set_revision(revision);
    mentor->set_state(profiles::v1::PROFILE_STATE_ACTIVE);
    step.set_revision(revision);
    step.set_snapshot_complete(complete);
    return index_.Apply(step);
  }

  absl::Status AddRequest(const std::string& name, const std::vector<std::string>& roles) {
    needs::v1::WatchEngagementRequestsResponse step;
    needs::v1::EngagementRequest* request = step.add_engagement_requests();
    request->set_name(name);
    for (const std::string& role : roles) request->add_roles()->set_role_id(role);
    step.set_revision(5);
    step.set_snapshot_complete(true);
    return index_.Apply(step);
  }

  absl::Status CompleteOrganisations() {
    profiles::v1::WatchOrganisationsResponse step;
    step.set_revision(3);
    step.set_snapshot_complete(true);
    return index_.Apply(step);
  }

  LiveIndex index_{Regions()};
};

TEST_F(LiveIndexTest, ThereIsNoViewBeforeAllSnapshotsAreComplete) {
  TANDEM_ASSERT_OK(AddMentor("mentors/1", 2, true));
  TANDEM_ASSERT_OK(CompleteOrganisations());
  EXPECT_THAT(index_.View(), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_FALSE(index_.WaitUntilReady(absl::Now()));

  TANDEM_ASSERT_OK(AddRequest("engagementRequests/1", {"lead"}));

  EXPECT_TRUE(index_.WaitUntilReady(absl::Now()));
  TANDEM_EXPECT_OK(index_.View());
}

TEST_F(LiveIndexTest, AStoreThatCannotBeReadIsToldInsteadOfStillReading) {
  absl::Status trouble = absl::UnavailableError("connection refused");
  index_.ExplainGapsBy([&] { return trouble; });
  EXPECT_THAT(index_.View(),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("connection refused")));

  trouble = absl::DataLossError("000012.sst: bad checksum; restore it");
  EXPECT_THAT(index_.View(), StatusIs(absl::StatusCode::kDataLoss, HasSubstr("000012.sst")));

  TANDEM_ASSERT_OK(AddMentor("mentors/1", 2, true));
  TANDEM_ASSERT_OK(CompleteOrganisations());
  TANDEM_ASSERT_OK(AddRequest("engagementRequests/1", {"lead"}));
  TANDEM_EXPECT_OK(index_.View());  // what was read before the trouble answers
}

TEST_F(LiveIndexTest, AViewKeepsShowingItsRevisions) {
  TANDEM_ASSERT_OK(AddMentor("mentors/1", 2, true));
  TANDEM_ASSERT_OK(CompleteOrganisations());
  TANDEM_ASSERT_OK(AddRequest("engagementRequests/1", {"lead"}));
  TANDEM_ASSERT_OK_AND_ASSIGN(const IndexView before, index_.View());

  TANDEM_ASSERT_OK(AddMentor("mentors/2", 7));

  TANDEM_ASSERT_OK_AND_ASSIGN(const IndexView after, index_.View());
  v1::SeenRevisions seen;
  before.SetSeen(&seen);
  EXPECT_EQ(seen.profiles(), 2);
  EXPECT_EQ(seen.organisations(), 3);
  EXPECT_EQ(seen.needs(), 5);
  EXPECT_EQ(before.roster().size(), 1);
  EXPECT_EQ(after.roster().size(), 2);
}

TEST_F(LiveIndexTest, ANewSnapshotIsAwaitedBeforeAnybodyIsAnswered) {
  TANDEM_ASSERT_OK(AddMentor("mentors/1", 2, true));
  TANDEM_ASSERT_OK(CompleteOrganisations());
  TANDEM_ASSERT_OK(AddRequest("engagementRequests/1", {"lead"}));

  index_.BeginSnapshot(LiveIndex::Source::kMentors);
  EXPECT_THAT(index_.View(), StatusIs(absl::StatusCode::kUnavailable));

  TANDEM_ASSERT_OK(AddMentor("mentors/1", 9, true));
  TANDEM_EXPECT_OK(index_.View());
}

TEST_F(LiveIndexTest, WhatWasSeenIsWaitedForPerSource) {
  TANDEM_ASSERT_OK(AddMentor("mentors/1", 2, true));
  TANDEM_ASSERT_OK(CompleteOrganisations());
  TANDEM_ASSERT_OK(AddRequest("engagementRequests/1", {"lead"}));
  v1::SeenRevisions seen;
  seen.set_profiles(2);
  EXPECT_TRUE(index_.WaitFor(seen, absl::InfinitePast()));

  seen.set_profiles(3);
  EXPECT_FALSE(index_.WaitFor(seen, absl::InfinitePast()));

  TANDEM_ASSERT_OK(AddMentor("mentors/2", 3, false));
  EXPECT_TRUE(index_.WaitFor(seen, absl::InfinitePast()));
  seen.set_needs(1'000);
  EXPECT_FALSE(index_.WaitFor(seen, absl::InfinitePast()));
}

TEST_F(LiveIndexTest, FactsOfANeedFollowItsRequestAndItsOrganisations) {
  TANDEM_ASSERT_OK(AddMentor("mentors/1", 2, true));
  profiles::v1::WatchOrganisationsResponse organisations;
  organisations.add_organisations()->set_name("organisations/a");
  organisations.mutable_organisations(0)->set_country("KE");
  organisations.set_revision(3);
  organisations.set_snapshot_complete(true);
  TANDEM_ASSERT_OK(index_.Apply(organisations));
  needs::v1::WatchEngagementRequestsResponse requests;
  requests.add_engagement_requests()->set_name("engagementRequests/1");
  needs::v1::EngagementRequest* request = requests.mutable_engagement_requests(0);
  request->add_organisations("organisations/a");
  request->add_roles()->set_role_id("lead");
  request->mutable_roles(0)->set_hours_per_month(5);
  requests.set_revision(5);
  requests.set_snapshot_complete(true);
  TANDEM_ASSERT_OK(index_.Apply(requests));
  const auto facts = [&](const IndexView& view) {
    const absl::StatusOr<NeedRef> need = view.FindNeed("engagementRequests/1");
    return need.ok() ? view.Facts(*need) : engine::NeedFacts();
  };
  TANDEM_ASSERT_OK_AND_ASSIGN(const IndexView first, index_.View());
  EXPECT_EQ(facts(first).countries, std::vector<std::string>{"KE"});

  organisations.mutable_organisations(0)->set_country("UG");
  TANDEM_ASSERT_OK(index_.Apply(organisations));
  TANDEM_ASSERT_OK_AND_ASSIGN(const IndexView second, index_.View());
  EXPECT_EQ(facts(second).countries, std::vector<std::string>{"UG"});

  request->mutable_roles(0)->set_hours_per_month(9);
  TANDEM_ASSERT_OK(index_.Apply(requests));
  TANDEM_ASSERT_OK_AND_ASSIGN(const IndexView third, index_.View());
  EXPECT_EQ(facts(third).hours_per_month, 9);
  EXPECT_EQ(facts(second).hours_per_month, 5);
  EXPECT_EQ(facts(first).countries, std::vector<std::string>{"KE"});
}

TEST_F(LiveIndexTest, TheRoleOfANeedMayBeLeftOutOnlyWhereThereIsOne) {
  TANDEM_ASSERT_OK(AddMentor("mentors/1", 2, true));
  TANDEM_ASSERT_OK(CompleteOrganisations());
  TANDEM_ASSERT_OK(AddRequest("engagementRequests/1", {"lead"}));
  TANDEM_ASSERT_OK(AddRequest("engagementRequests/2", {"lead", "second-language"}));
  TANDEM_ASSERT_OK(AddRequest("engagementRequests/4", {}));
  TANDEM_ASSERT_OK_AND_ASSIGN(const IndexView view, index_.View());

  TANDEM_EXPECT_OK(view.FindNeed("engagementRequests/1"));
  TANDEM_ASSERT_OK_AND_ASSIGN(const NeedRef second,
                              view.FindNeed("engagementRequests/2/roles/second-language"));
  EXPECT_EQ(second.role, 1);
  EXPECT_THAT(view.FindNeed("engagementRequests/2"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("2 roles")));
  EXPECT_THAT(view.FindNeed("engagementRequests/2/roles/none"),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(view.FindNeed("engagementRequests/4"), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(view.FindNeed("engagementRequests/3"), StatusIs(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace tandem::matching
