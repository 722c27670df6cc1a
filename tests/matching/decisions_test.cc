#include <map>
#include <set>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/common/errors.h"
#include "tests/matching/pipeline.h"

namespace tandem::tests {
namespace {

using ::tandem::base::StatusIs;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

namespace v1 = ::tandem::matching::v1;

class DecisionsTest : public testing::Test {
 protected:
  void SetUp() override {
    pipeline_.Start();
    pipeline_.AddBasics();
  }

  static std::string Lead(const std::string& request) { return request + "/roles/lead"; }

  Pipeline pipeline_;
};

TEST_F(DecisionsTest, AnApprovalReservesCapacityThatRankingSees) {
  const std::string mentor = pipeline_.AddMentor({"mentor", 5, 8});
  const std::string first = pipeline_.AddRequest({"first"});
  const std::string cohort = pipeline_.AddCohort();
  pipeline_.WaitUntilSeen();
  const v1::CohortRun run = pipeline_.Solve(cohort);

  TANDEM_ASSERT_OK_AND_ASSIGN(const v1::Match approved, pipeline_.Approve(run.matches(0)));

  EXPECT_EQ(approved.state(), v1::MATCH_STATE_APPROVED);
  EXPECT_EQ(approved.decided_by(), "unauthenticated: tester");
  const std::string second = pipeline_.AddRequest({"second"});
  pipeline_.WaitUntilSeen();
  TANDEM_ASSERT_OK_AND_ASSIGN(const v1::RankMentorsResponse ranking, pipeline_.Rank(second));
  EXPECT_EQ(ranking.eligible_count(), 0);
  EXPECT_EQ(ranking.rule_counts(0).rule(), v1::RULE_NO_CAPACITY);
  EXPECT_THAT(pipeline_.Approve(run.matches(0)),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("is approved and cannot be approved")));
}

TEST_F(DecisionsTest, AnApprovalCanBeTriedWithoutReservingAnything) {
  const std::string mentor = pipeline_.AddMentor({"mentor", 5, 8});
  const std::string request = pipeline_.AddRequest({"request"});
  const std::string cohort = pipeline_.AddCohort();
  pipeline_.WaitUntilSeen();
  const v1::CohortRun run = pipeline_.Solve(cohort);
  v1::ApproveMatchRequest approve;
  approve.set_name(run.matches(0));
  approve.set_request_id("try");
  approve.set_validate_only(true);

  TANDEM_ASSERT_OK_AND_ASSIGN(
      const v1::Match tried,
      pipeline_.Call(pipeline_.matching(), &v1::MatchingService::Stub::ApproveMatch, approve));

  EXPECT_EQ(tried.state(), v1::MATCH_STATE_PROPOSED);
  EXPECT_EQ(pipeline_.GetMatch(run.matches(0)).state(), v1::MATCH_STATE_PROPOSED);
  TANDEM_EXPECT_OK(pipeline_.Approve(run.matches(0)).status());
  EXPECT_THAT(
      pipeline_.Call(pipeline_.matching(), &v1::MatchingService::Stub::ApproveMatch, approve),
      StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(DecisionsTest, AnApprovedMatchStaysWhenTheCohortIsSolvedAgain) {
  const std::string mentor = pipeline_.AddMentor({"mentor", 4, 8});
  const std::string request = pipeline_.AddRequest({"request"});
  const std::string cohort = pipeline_.AddCohort();
  pipeline_.WaitUntilSeen();
  const v1::CohortRun first = pipeline_.Solve(cohort);
  TANDEM_ASSERT_OK(pipeline_.Approve(first.matches(0)));
  pipeline_.AddMentor({"better", 5, 20});
  pipeline_.WaitUntilSeen();

  const v1::CohortRun second = pipeline_.Solve(cohort);

  ASSERT_EQ(second.matches_size(), 1);
  EXPECT_EQ(second.matches(0), first.matches(0));
  EXPECT_EQ(pipeline_.GetMatch(first.matches(0)).state(), v1::MATCH_STATE_APPROVED);
  EXPECT_EQ(second.overcommitted_mentors_size(), 0);

  // The mentor then offers less than was promised: nothing is cancelled, people are told.
  pipeline_.AddMentor({"mentor", 4, 2});
  pipeline_.WaitUntilSeen();
  const v1::CohortRun third = pipeline_.Solve(cohort);
  EXPECT_EQ(third.matches(0), first.matches(0));
  ASSERT_EQ(third.overcommitted_mentors_size(), 1);
  EXPECT_EQ(third.overcommitted_mentors(0), mentor);
}

TEST_F(DecisionsTest, WithoutAPlanApprovedMatchesFillTheirNeedsAndNobodyIsCalledPlaced) {
  pipeline_.AddMentor({"mentor", 5, 8});
  pipeline_.AddRequest({"filled"});
  const std::string cohort = pipeline_.AddCohort();
  pipeline_.WaitUntilSeen();
  TANDEM_ASSERT_OK(pipeline_.Approve(pipeline_.Solve(cohort).matches(0)).status());
  pipeline_.AddMentor({"other", 5, 8});
  const std::string waiting = pipeline_.AddRequest({"waiting"});
  const std::string impossible =
      pipeline_.AddRequest({"impossible", 8, 2, /*min_mentors=*/1, 0, "C2"});
  pipeline_.WaitUntilSeen();

  const v1::CohortRun run = pipeline_.Solve(cohort);

  ASSERT_EQ(run.status(), v1::RUN_STATUS_INFEASIBLE);
  std::map<std::string, std::string> remedies;
  for (const v1::UnmatchedNeed& need : run.unmatched()) remedies[need.need()] = need.remedy();
  EXPECT_THAT(remedies,
              UnorderedElementsAre(
                  Pair(Lead(waiting),
                       HasSubstr("1 mentor is eligible, but nobody is placed: the hard minimums")),
                  Pair(Lead(impossible), HasSubstr("1 mentor fails this rule only"))));
}

TEST_F(DecisionsTest, ARejectedPairIsNotProposedAgain) {
  const std::string mentor = pipeline_.AddMentor({"mentor"});
  const std::string request = pipeline_.AddRequest({"request"});
  const std::string cohort = pipeline_.AddCohort();
  pipeline_.WaitUntilSeen();
  const v1::CohortRun first = pipeline_.Solve(cohort);

  TANDEM_ASSERT_OK_AND_ASSIGN(const v1::Match rejected, pipeline_.Reject(first.matches(0)));

  EXPECT_EQ(rejected.state(), v1::MATCH_STATE_REJECTED);
  EXPECT_EQ(rejected.reason_code(), "MENTOR_DECLINED");
  const v1::CohortRun second = pipeline_.Solve(cohort);
  EXPECT_EQ(second.matches_size(), 0);
  ASSERT_EQ(second.unmatched_size(), 1);
  EXPECT_EQ(second.unmatched(0).rule_counts(0).rule(), v1::RULE_DECLINED_BEFORE);
}

TEST_F(DecisionsTest, RejectingAnApprovedMatchReleasesItsCapacityAlsoAfterARestart) {
  const std::string mentor = pipeline_.AddMentor({"mentor", 5, 8});
  const std::string first = pipeline_.AddRequest({"first"});
  const std::string cohort = pipeline_.AddCohort();
  pipeline_.WaitUntilSeen();
  const v1::CohortRun run = pipeline_.Solve(cohort);
  TANDEM_ASSERT_OK(pipeline_.Approve(run.matches(0)));
  const std::string second = pipeline_.AddRequest({"second"});

  pipeline_.Stop();
  pipeline_.Start();
  pipeline_.WaitUntilSeen();
  TANDEM_ASSERT_OK_AND_ASSIGN(const v1::RankMentorsResponse held, pipeline_.Rank(second));
  TANDEM_ASSERT_OK(pipeline_.Reject(run.matches(0)));

  TANDEM_ASSERT_OK_AND_ASSIGN(const v1::RankMentorsResponse released, pipeline_.Rank(second));
  EXPECT_EQ(held.eligible_count(), 0);
  EXPECT_EQ(released.eligible_count(), 1);
}

TEST_F(DecisionsTest, MonthsThatAreOverTakeNoCapacityFromARequestThatHasBegun) {
  const std::string mentor = pipeline_.AddMentor({"mentor", 5, 12});
  pipeline_.AddRequest({"done", 12});
  const std::string cohort = pipeline_.AddCohort();
  pipeline_.WaitUntilSeen();
  TANDEM_ASSERT_OK(pipeline_.Approve(pipeline_.Solve(cohort).matches(0)).status());
  RequestSketch long_one{"long"};
  long_one.last_month = 6;
  const std::string request = pipeline_.AddRequest(long_one);
  pipeline_.WaitUntilSeen();
  EXPECT_EQ(pipeline_.MatchOf(pipeline_.Solve(cohort), Lead(request)).name(), "");

  pipeline_.SetNow(absl::CivilSecond(2027, 4, 5));
  pipeline_.AddMentor({"mentor", 5, 8});  // less than was promised for March, which is over
  pipeline_.WaitUntilSeen();
  const v1::CohortRun run = pipeline_.Solve(cohort);

  const v1::Match match = pipeline_.MatchOf(run, Lead(request));
  EXPECT_EQ(match.mentor(), mentor);
  EXPECT_EQ(match.first_month(), "2027-04");
  EXPECT_EQ(match.last_month(), "2027-06");
  EXPECT_EQ(run.overcommitted_mentors_size(), 0);
  pipeline_.SetNow(absl::CivilSecond(2027, 5, 3));
  TANDEM_ASSERT_OK_AND_ASSIGN(const v1::Match approved, pipeline_.Approve(match.name()));
  EXPECT_EQ(approved.first_month(), "2027-05");
}

TEST_F(DecisionsTest, ARuleBrokenSinceTheRunStopsTheApproval) {
  pipeline_.AddMentor({"mentor", 4});
  const std::string request = pipeline_.AddRequest({"request"});
  const std::string cohort = pipeline_.AddCohort();
  pipeline_.WaitUntilSeen();
  const v1::CohortRun run = pipeline_.Solve(cohort);
  pipeline_.AddMentor({"mentor", 1});
  pipeline_.WaitUntilSeen();

  EXPECT_THAT(pipeline_.Approve(run.matches(0)),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("TOPIC_LEVEL")));
  EXPECT_EQ(pipeline_.GetMatch(run.matches(0)).state(), v1::MATCH_STATE_PROPOSED);
}

TEST_F(DecisionsTest, AServiceTypeThatThePolicyLacksSinceTheRunStopsTheApproval) {
  pipeline_.AddMentor({"mentor"});
  const std::string request = pipeline_.AddRequest({"request"});
  const std::string cohort = pipeline_.AddCohort();
  pipeline_.WaitUntilSeen();
  const v1::CohortRun run = pipeline_.Solve(cohort);

  pipeline_.AskForCoaching(request);

  const absl::Status refused = pipeline_.Approve(run.matches(0)).status();
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("COACHING")));
  ASSERT_TRUE(common::ErrorDetailOf(refused).has_value());
  EXPECT_EQ(common::ErrorDetailOf(refused)->reason, "SERVICE_TYPE_NOT_COVERED");
  EXPECT_EQ(pipeline_.GetMatch(run.matches(0)).state(), v1::MATCH_STATE_PROPOSED);
}

TEST_F(DecisionsTest, AMatchOfADraftPolicyWaitsUntilAnApproverPublishedIt) {
  pipeline_.AddMentor({"mentor", 4});
  pipeline_.AddRequest({"request"});
  const std::string draft = pipeline_.AddPolicy(20, 100'000, /*publish=*/false);
  const std::string cohort = pipeline_.AddCohort(draft);
  pipeline_.WaitUntilSeen();
  const v1::CohortRun run = pipeline_.Solve(cohort);
  ASSERT_EQ(run.matches_size(), 1);

  EXPECT_THAT(pipeline_.Approve(run.matches(0)),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("is a draft")));

  v1::PublishPolicyRequest publish;
  publish.set_name(draft);
  TANDEM_ASSERT_OK(
      pipeline_.Call(pipeline_.matching(), &v1::MatchingService::Stub::PublishPolicy, publish)
          .status());
  TANDEM_EXPECT_OK(pipeline_.Approve(run.matches(0)).status());
}

TEST_F(DecisionsTest, AMentorWhoIsNotTheFirstChoiceNeedsAReasonInWords) {
  pipeline_.AddMentor({"star", 5, 8});
  pipeline_.AddMentor({"fair", 3, 8});
  pipeline_.AddRequest({"easy", 8, 2});
  pipeline_.AddRequest({"hard", 8, 5});
  const std::string cohort = pipeline_.AddCohort();
  pipeline_.WaitUntilSeen();
  const v1::CohortRun run = pipeline_.Solve(cohort);
  std::string second;
  for (const std::string& name : run.matches()) {
    if (pipeline_.GetMatch(name).rank() == 2) second = name;
  }
  ASSERT_FALSE(second.empty());
  v1::ApproveMatchRequest request;
  request.set_name(second);

  for (const std::string reason : {"", "   ", "\n\t"}) {
    request.set_rationale(reason);
    EXPECT_THAT(pipeline_.Call(pipeline_.matching(), &v1::MatchingService::Stub::ApproveMatch,
                               request, common::v1::ROLE_APPROVER),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("rationale")));
  }
  EXPECT_EQ(pipeline_.GetMatch(second).state(), v1::MATCH_STATE_PROPOSED);
}

TEST_F(DecisionsTest, ThePolicySaysFromWhichRankOnAReasonIsNeeded) {
  pipeline_.AddMentor({"only", 5, 8});
  pipeline_.AddRequest({"request"});
  pipeline_.AddPolicy(10, 0, /*publish=*/true, "approval_rules { reason_from_rank: 1 }");
  const std::string cohort = pipeline_.AddCohort();
  pipeline_.WaitUntilSeen();
  const v1::CohortRun run = pipeline_.Solve(cohort);
  v1::ApproveMatchRequest request;
  request.set_name(run.matches(0));

  EXPECT_THAT(pipeline_.Call(pipeline_.matching(), &v1::MatchingService::Stub::ApproveMatch,
                             request, common::v1::ROLE_APPROVER),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("rank 1")));
  TANDEM_EXPECT_OK(pipeline_.Approve(run.matches(0)).status());
}

TEST_F(DecisionsTest, WhereThePolicyAsksForFourEyesOnePersonDoesNotDecideAlone) {
  pipeline_.AddMentor({"only", 5, 8});
  pipeline_.AddRequest({"request"});
  v1::PublishPolicyRequest publish;
  publish.set_name(
      pipeline_.AddPolicy(10, 0, /*publish=*/false, "approval_rules { four_eyes: true }"));
  const auto published = [&] {
    return pipeline_.Call(pipeline_.matching(), &v1::MatchingService::Stub::PublishPolicy, publish);
  };

  EXPECT_THAT(published(), StatusIs(absl::StatusCode::kFailedPrecondition,
                                    HasSubstr("another person publishes it")));
  pipeline_.actor = "publisher";
  TANDEM_ASSERT_OK(published().status());
  const std::string cohort = pipeline_.AddCohort();
  pipeline_.WaitUntilSeen();
  const v1::CohortRun run = pipeline_.Solve(cohort);
  EXPECT_EQ(run.solved_by(), "unauthenticated: publisher");

  EXPECT_THAT(pipeline_.Approve(run.matches(0)),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("another person approves its matches")));
  EXPECT_EQ(pipeline_.GetMatch(run.matches(0)).state(), v1::MATCH_STATE_PROPOSED);
  pipeline_.actor = "approver";
  TANDEM_EXPECT_OK(pipeline_.Approve(run.matches(0)).status());
}

TEST_F(DecisionsTest, OnlyApproversApprove) {
  v1::ApproveMatchRequest request;
  request.set_name("matches/any");

  EXPECT_THAT(pipeline_.Call(pipeline_.matching(), &v1::MatchingService::Stub::ApproveMatch,
                             request, common::v1::ROLE_STAFF),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(DecisionsTest, ARejectionNeedsAReasonCode) {
  v1::RejectMatchRequest request;
  request.set_name("matches/any");

  EXPECT_THAT(pipeline_.Call(pipeline_.matching(), &v1::MatchingService::Stub::RejectMatch, request,
                             common::v1::ROLE_STAFF),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("reason_code")));
}

// One mentor with hours for two needs is proposed by eight cohorts; eight people approve at once.
TEST_F(DecisionsTest, ApprovalsAtTheSameTimeNeverPromiseMoreThanThereIs) {
  constexpr int kPeople = 8;
  const std::string mentor = pipeline_.AddMentor({"mentor", 5, 16, 8});
  std::vector<std::string> requests;
  for (int i = 0; i < kPeople; ++i) {
    requests.push_back(pipeline_.AddRequest({"request-" + std::to_string(i)}));
  }
  pipeline_.WaitUntilSeen();
  std::vector<std::string> matches;
  for (const std::string& request : requests) {
    v1::CreateCohortRequest cohort;
    cohort.mutable_cohort()->set_display_name("Invented cohort");
    cohort.mutable_cohort()->add_engagement_requests(request);
    TANDEM_ASSERT_OK_AND_ASSIGN(
        const v1::Cohort created,
        pipeline_.Call(pipeline_.matching(), &v1::MatchingService::Stub::CreateCohort, cohort));
    matches.push_back(pipeline_.Solve(created.name()).matches(0));
  }

  std::vector<absl::Status> results(kPeople);
  std::vector<std::thread> people;
  for (int i = 0; i < kPeople; ++i) {
    people.emplace_back([&, i] {
      do {
        results[i] = pipeline_.Approve(matches[i]).status();
      } while (absl::IsAborted(results[i]));
    });
  }
  for (std::thread& person : people) person.join();

  int approved = 0;
  for (const absl::Status& result : results) {
    if (result.ok()) {
      ++approved;
    } else {
      EXPECT_THAT(result, StatusIs(absl::StatusCode::kFailedPrecondition,
                                   AnyOf(HasSubstr("NO_CAPACITY"), HasSubstr("free hours"))));
    }
  }
  EXPECT_EQ(approved, 2);
}

TEST_F(DecisionsTest, EveryDecisionIsInTheChangeFeed) {
  pipeline_.AddMentor({"mentor"});
  const std::string request = pipeline_.AddRequest({"request"});
  const std::string cohort = pipeline_.AddCohort();
  pipeline_.WaitUntilSeen();
  const v1::CohortRun run = pipeline_.Solve(cohort);
  TANDEM_ASSERT_OK(pipeline_.Approve(run.matches(0)));

  TANDEM_ASSERT_OK_AND_ASSIGN(
      const common::v1::ListChangesResponse changes,
      pipeline_.Call(pipeline_.matching(), &v1::MatchingService::Stub::ListChanges,
                     common::v1::ListChangesRequest()));

  std::set<std::string> resources;
  for (const common::v1::Change& change : changes.changes()) resources.insert(change.resource());
  EXPECT_EQ(resources.count(cohort), 1u);
  EXPECT_EQ(resources.count(run.name()), 1u);
  EXPECT_EQ(resources.count(run.matches(0)), 1u);
  const common::v1::Change& last = changes.changes(changes.changes_size() - 1);
  EXPECT_EQ(last.resource(), run.matches(0));
  EXPECT_EQ(last.kind(), common::v1::CHANGE_KIND_DECIDED);
  EXPECT_EQ(last.method(), "tandem.matching.v1.MatchingService/ApproveMatch");
  EXPECT_EQ(last.role(), common::v1::ROLE_APPROVER);
}

}  // namespace
}  // namespace tandem::tests
