// "Why not" against the best of all plans that have the pair.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_matchers.h"
#include "gtest/gtest.h"
#include "services/matching/engine/assignment/problem.h"
#include "services/matching/engine/assignment/solve.h"
#include "services/matching/engine/assignment/testing/oracle.h"
#include "services/matching/engine/assignment/testing/random_problem.h"
#include "services/matching/engine/assignment/why_not.h"

namespace tandem::engine::testing {
namespace {

using ::tandem::base::StatusIs;

// The value of the best plan, with no components if there is none.
std::vector<absl::int128> BestValue(const AssignmentProblem& problem) {
  std::vector<absl::int128> best;
  for (const Plan& plan : AllPlans(problem)) best = std::max(best, ValueOf(problem, plan));
  return best;
}

bool IsAllowed(const AssignmentProblem& problem, const AssignmentPair& pair) {
  for (const PairRef& forbidden : problem.forbidden) {
    if (forbidden == PairRef{pair.need, pair.mentor}) return false;
  }
  return true;
}

// The components of `value` (as the oracle orders them: with all nine tiers, "changed" negated)
// whose difference is not 0, without the floor, whose absence has no number.
std::vector<absl::int128> Differences(const AssignmentProblem& problem,
                                      const std::vector<absl::int128>& a,
                                      const std::vector<absl::int128>& b) {
  std::vector<absl::int128> differences;
  for (size_t i = 0; i < a.size(); ++i) {
    if (problem.objective == Objective::kFloor && i == 18) continue;
    if (a[i] != b[i]) differences.push_back(a[i] - b[i]);
  }
  return differences;
}

TEST(WhyNotRandomTest, CostIsThatOfTheBestPlanWithThePair) {
  int64_t asked = 0;
  int64_t infeasible = 0;
  ForEachSeed(4'000'000, 4'000, [&](uint64_t seed) {
    const AssignmentProblem problem = RandomProblem(seed);
    if (problem.objective == Objective::kStable) return;
    SCOPED_TRACE(absl::StrCat("TANDEM_TEST_SEED=", seed, "\n", Describe(problem)));
    TANDEM_ASSERT_OK_AND_ASSIGN(AssignmentResult result, Solve(problem, SolveOptions()));
    if (result.outcome == Outcome::kInfeasible) return;
    const std::vector<absl::int128> best = BestValue(problem);
    TANDEM_ASSERT_OK_AND_ASSIGN(const auto plan, SolvedPlan::Of(problem, result));
    for (const AssignmentPair& pair : problem.pairs) {
      if (!IsAllowed(problem, pair)) continue;
      TANDEM_ASSERT_OK_AND_ASSIGN(WhyNot answer, plan->ExplainWhyNot(pair.need, pair.mentor));
      AssignmentProblem forced = problem;
      const PairRef pin = {pair.need, pair.mentor};
      bool pinned_already = false;
      for (const PairRef& other : problem.pinned) pinned_already |= other == pin;
      if (!pinned_already) forced.pinned.push_back(pin);
      const std::vector<absl::int128> with_pair = BestValue(forced);
      ++asked;
      ASSERT_EQ(answer.feasible, !with_pair.empty());
      if (!answer.feasible) {
        ++infeasible;
        EXPECT_GT(answer.conflict.demand, answer.conflict.supply);
        continue;
      }
      std::vector<absl::int128> costs;
      for (const ValueComponent& cost : answer.cost) {
        if (cost.name != "floor" && cost.amount != 0) costs.push_back(cost.amount);
      }
      EXPECT_EQ(costs, Differences(problem, best, with_pair));
      // For kFloor a pin leaves the floor to the other pairs, so even a match may move others.
      if (problem.objective != Objective::kFloor) {
        EXPECT_EQ(answer.removed.empty() && answer.added.empty(), answer.already_matched);
      }
      TANDEM_ASSERT_OK_AND_ASSIGN(AssignmentResult anew, Solve(forced, SolveOptions()));
      EXPECT_EQ(result.matches.size() + answer.added.size() - answer.removed.size(),
                anew.matches.size());
    }
  });
  EXPECT_GT(asked, 3000);
  EXPECT_GT(infeasible, 0);
}

TEST(WhyNotRandomTest, RefusesWhatHasNoNumber) {
  AssignmentProblem problem;
  problem.needs.resize(1);
  problem.needs[0].id = "n";
  problem.mentors.resize(2);
  problem.mentors[0].id = "m";
  problem.mentors[1].id = "o";
  problem.pairs.push_back({0, 0, 5});
  TANDEM_ASSERT_OK_AND_ASSIGN(AssignmentResult result, Solve(problem, SolveOptions()));
  TANDEM_ASSERT_OK_AND_ASSIGN(const auto plan, SolvedPlan::Of(problem, result));
  EXPECT_THAT(plan->ExplainWhyNot(0, 1).status(), StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(plan->ExplainWhyNot(1, 0).status(), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(plan->GainOfPlace(2).status(), StatusIs(absl::StatusCode::kInvalidArgument));
  AssignmentResult another = result;
  another.matches.clear();
  EXPECT_THAT(SolvedPlan::Of(problem, another).status(),
              StatusIs(absl::StatusCode::kInvalidArgument));
  another = result;
  another.certificate.price_sets.clear();
  EXPECT_THAT(SolvedPlan::Of(problem, another).status(),
              StatusIs(absl::StatusCode::kInvalidArgument));
  result.outcome = Outcome::kInfeasible;
  EXPECT_THAT(SolvedPlan::Of(problem, result).status(),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

}  // namespace
}  // namespace tandem::engine::testing
