#include "services/matching/cohorts/coverage_price.h"

#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/matching/cohorts/cohort_problem.h"

namespace tandem::matching {
namespace {

using ::tandem::base::IsOkAndHolds;
using ::testing::HasSubstr;

CohortNeed Need(const std::string& id, const std::string& beneficiary) {
  const absl::CivilMonth month(2027, 1);
  return {id, id, beneficiary, 0, 1, 1, {8, {month, month}}};
}

// The only mentor is worth more to the second need of a body that has a mentor for its first
// anyway; another body has nobody else.
CohortInputs OneMentorForTwoBodies() {
  CohortInputs inputs;
  inputs.objective = engine::Objective::kCoverage;
  inputs.needs = {Need("needs/1", "organisations/a"), Need("needs/2", "organisations/a"),
                  Need("needs/3", "organisations/b")};
  inputs.mentors = {{"mentors/1", {10, 1, {}}}, {"mentors/2", {10, 1, {}}}};
  inputs.pairs = {{0, 0, 500}, {1, 1, 900}, {2, 1, 300}};
  return inputs;
}

absl::StatusOr<std::string> Price(const CohortInputs& inputs) {
  const engine::AssignmentProblem problem = BuildProblem(inputs, HoursRule::kConservative);
  const auto result = engine::Solve(problem, engine::SolveOptions());
  if (!result.ok()) return result.status();
  return CoveragePrice(problem, *result, engine::SolveOptions());
}

TEST(CoveragePriceTest, ThePriceIsWhatTheBestTotalHasMore) {
  EXPECT_THAT(Price(OneMentorForTwoBodies()),
              IsOkAndHolds("Coverage serves 1 beneficiary more than the best total would, for "
                           "0.06 points less in total score."));
}

TEST(CoveragePriceTest, WhereTheBestTotalServesAsManyItCostsNothing) {
  CohortInputs inputs = OneMentorForTwoBodies();
  inputs.pairs[2].score = 901;

  EXPECT_THAT(Price(inputs), IsOkAndHolds(HasSubstr("costs nothing")));
}

TEST(CoveragePriceTest, OtherObjectivesAndInfeasibleCohortsHaveNone) {
  CohortInputs total = OneMentorForTwoBodies();
  total.objective = engine::Objective::kTotal;
  CohortInputs infeasible = OneMentorForTwoBodies();
  infeasible.needs[1].min_mentors = 1;
  infeasible.needs[2].min_mentors = 1;

  EXPECT_THAT(Price(total), IsOkAndHolds(""));
  EXPECT_THAT(Price(infeasible), IsOkAndHolds(""));
}

}  // namespace
}  // namespace tandem::matching
