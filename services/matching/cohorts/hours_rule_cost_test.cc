#include "services/matching/cohorts/hours_rule_cost.h"

#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::matching {
namespace {

using ::tandem::base::IsOkAndHolds;
using ::testing::HasSubstr;

const absl::CivilMonth kJanuary(2027, 1);

CohortNeed Need(const std::string& id, int64_t hours, int month) {
  const absl::CivilMonth in = kJanuary + month;
  return {id, id, id, 0, 1, 1, {hours, {in, in}}};
}

// One mentor with 10 hours a month, eligible for two needs in different months.
CohortInputs OneMentor(int64_t max_engagements) {
  CohortInputs inputs;
  inputs.needs = {Need("needs/1", 8, 0), Need("needs/2", 8, 3)};
  inputs.mentors = {{"mentors/1", {10, max_engagements, {}}}};
  inputs.pairs = {{0, 0, 500}, {1, 0, 400}};
  return inputs;
}

absl::StatusOr<std::string> Cost(const CohortInputs& inputs) {
  const engine::AssignmentProblem problem = BuildProblem(inputs, HoursRule::kConservative);
  const auto result = engine::Solve(problem, engine::SolveOptions());
  if (!result.ok()) return result.status();
  return HoursRuleCost(inputs, problem, *result, engine::SolveOptions());
}

TEST(HoursRuleCostTest, TheBoundIsWhatMorePlacesCouldGain) {
  EXPECT_THAT(
      Cost(OneMentor(/*max_engagements=*/2)),
      IsOkAndHolds("Planning hours exactly could gain at most 1 in needs served in tier 1."));
}

TEST(HoursRuleCostTest, WhereEngagementsAreTheLimitTheRuleCostsNothing) {
  EXPECT_THAT(Cost(OneMentor(/*max_engagements=*/1)), IsOkAndHolds(HasSubstr("costs nothing")));
}

TEST(HoursRuleCostTest, AnInfeasibleCohortHasNoBound) {
  CohortInputs inputs = OneMentor(/*max_engagements=*/1);
  inputs.needs[0].min_mentors = 1;
  inputs.needs[1].min_mentors = 1;

  EXPECT_THAT(Cost(inputs), IsOkAndHolds(""));
}

}  // namespace
}  // namespace tandem::matching
