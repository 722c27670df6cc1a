// Solving a cohort near an earlier plan, and what a run changes against it.
#include <string>

#include "absl/status/status.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/common/errors.h"
#include "tests/matching/pipeline.h"

namespace tandem::tests {
namespace {

using ::tandem::base::StatusIs;
using ::testing::HasSubstr;

namespace v1 = ::tandem::matching::v1;

constexpr int64_t kMoreThanAnyScore = 2'000'000;  // micro-points

// A cohort of one request, matched with "good"; then "better" comes.
class NearPlanTest : public testing::Test {
 protected:
  void SetUp() override {
    pipeline_.Start();
    pipeline_.AddBasics();
    good_ = pipeline_.AddMentor({"good", 4, 8});
    request_ = pipeline_.AddRequest({"request"});
    cohort_ = pipeline_.AddCohort();
    pipeline_.WaitUntilSeen();
    first_ = pipeline_.Solve(cohort_);
    better_ = pipeline_.AddMentor({"better", 5, 8});
    pipeline_.WaitUntilSeen();
  }

  std::string MentorOf(const v1::CohortRun& run) {
    return pipeline_.MatchOf(run, request_ + "/roles/lead").mentor();
  }

  Pipeline pipeline_;
  std::string good_, better_, request_, cohort_;
  v1::CohortRun first_;
};

TEST_F(NearPlanTest, DecidedAnewThePlanChangesAndTheRunSaysWhat) {
  EXPECT_FALSE(first_.has_difference());

  const v1::CohortRun run = pipeline_.Solve(cohort_);

  EXPECT_EQ(MentorOf(run), better_);
  EXPECT_EQ(run.inputs().previous_run(), "");
  const v1::PlanDifference& difference = run.difference();
  EXPECT_EQ(difference.run(), first_.name());
  EXPECT_EQ(difference.kept_count(), 0);
  ASSERT_EQ(difference.added_size(), 1);
  EXPECT_EQ(difference.added(0).mentor(), better_);
  ASSERT_EQ(difference.dropped_size(), 1);
  EXPECT_EQ(difference.dropped(0).mentor(), good_);
  EXPECT_EQ(difference.dropped(0).need(), request_ + "/roles/lead");
}

TEST_F(NearPlanTest, APenaltyAboveTheGainKeepsThePlanAndOneBelowDoesNot) {
  TANDEM_ASSERT_OK_AND_ASSIGN(const v1::CohortRun kept,
                              pipeline_.SolveNear(cohort_, first_.name(), kMoreThanAnyScore));

  EXPECT_EQ(MentorOf(kept), good_);
  EXPECT_TRUE(kept.certificate_checked());
  EXPECT_EQ(kept.inputs().previous_run(), first_.name());
  EXPECT_EQ(kept.inputs().change_penalty_micropoints(), kMoreThanAnyScore);
  EXPECT_EQ(kept.difference().kept_count(), 1);
  EXPECT_EQ(kept.difference().added_size(), 0);

  TANDEM_ASSERT_OK_AND_ASSIGN(const v1::CohortRun changed,
                              pipeline_.SolveNear(cohort_, first_.name(), 1));
  EXPECT_EQ(MentorOf(changed), better_);
}

TEST_F(NearPlanTest, WhyNotCountsThePenaltyOfThePlanThatWasKept) {
  TANDEM_ASSERT_OK_AND_ASSIGN(const v1::CohortRun kept,
                              pipeline_.SolveNear(cohort_, first_.name(), kMoreThanAnyScore));
  v1::ExplainWhyNotRequest why;
  why.set_run(kept.name());
  why.set_need(request_ + "/roles/lead");
  why.set_mentor(better_);

  TANDEM_ASSERT_OK_AND_ASSIGN(
      const v1::ExplainWhyNotResponse answer,
      pipeline_.Call(pipeline_.matching(), &v1::MatchingService::Stub::ExplainWhyNot, why));

  ASSERT_GT(answer.cost_size(), 0);
  EXPECT_THAT(answer.cost(0).component(), HasSubstr("total score"));
}

TEST_F(NearPlanTest, APlanOfAnotherCohortOrAPenaltyWithoutPlanIsRefusedByField) {
  const std::string other = pipeline_.AddCohort();

  EXPECT_THAT(pipeline_.SolveNear(other, first_.name(), 0),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("previous_run")));
  EXPECT_THAT(pipeline_.SolveNear(cohort_, "", 5),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("change_penalty")));
  EXPECT_THAT(pipeline_.SolveNear(cohort_, first_.name(), -1),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("change_penalty")));
  EXPECT_THAT(pipeline_.SolveNear(cohort_, cohort_ + "/runs/77", 0),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(NearPlanTest, AnInfeasibleRunLeavesTheProposalsWaitingAndIsNoPlanToStayNear) {
  pipeline_.AddRequest({"impossible", 8, 2, /*min_mentors=*/1, 0, "C2"});
  pipeline_.WaitUntilSeen();

  const v1::CohortRun run = pipeline_.Solve(cohort_);

  ASSERT_EQ(run.status(), v1::RUN_STATUS_INFEASIBLE);
  EXPECT_FALSE(run.has_difference());
  EXPECT_EQ(pipeline_.GetMatch(first_.matches(0)).state(), v1::MATCH_STATE_PROPOSED);
  const absl::Status near = pipeline_.SolveNear(cohort_, run.name(), 0).status();
  EXPECT_THAT(near, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(common::ErrorDetailOf(near)->reason, "RUN_HAS_NO_PLAN");
  TANDEM_EXPECT_OK(pipeline_.Approve(first_.matches(0)).status());
}

TEST_F(NearPlanTest, StableTakesNoPlanToStayNearAndNoMinimums) {
  const std::string policy =
      pipeline_.AddPolicy(10, 100'000, /*publish=*/true, "objective: OBJECTIVE_STABLE");
  const std::string cohort = pipeline_.AddCohort(policy);
  const v1::CohortRun stable = pipeline_.Solve(cohort);
  EXPECT_EQ(stable.status(), v1::RUN_STATUS_STABLE);

  const absl::Status near = pipeline_.SolveNear(cohort, stable.name(), 0).status();
  EXPECT_THAT(near, StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("previous_run")));
  EXPECT_EQ(common::ErrorDetailOf(near)->reason, "OBJECTIVE_NOT_APPLICABLE");

  pipeline_.AddRequest({"at-least-one", 8, 2, /*min_mentors=*/1});
  pipeline_.WaitUntilSeen();
  EXPECT_THAT(pipeline_.StartSolving(cohort),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("min_mentors")));
}

TEST_F(NearPlanTest, SeveralMatchesAreReadAtOnceAllOrNone) {
  const v1::CohortRun run = pipeline_.Solve(cohort_);
  v1::BatchGetMatchesRequest request;
  request.add_names(run.matches(0));
  request.add_names(first_.matches(0));

  TANDEM_ASSERT_OK_AND_ASSIGN(
      const v1::BatchGetMatchesResponse found,
      pipeline_.Call(pipeline_.matching(), &v1::MatchingService::Stub::BatchGetMatches, request));

  ASSERT_EQ(found.matches_size(), 2);
  EXPECT_EQ(found.matches(0).mentor(), better_);
  EXPECT_EQ(found.matches(1).state(), v1::MATCH_STATE_SUPERSEDED);
  request.add_names("matches/none");
  EXPECT_THAT(
      pipeline_.Call(pipeline_.matching(), &v1::MatchingService::Stub::BatchGetMatches, request),
      StatusIs(absl::StatusCode::kNotFound, HasSubstr("matches/none")));
}

}  // namespace
}  // namespace tandem::tests
