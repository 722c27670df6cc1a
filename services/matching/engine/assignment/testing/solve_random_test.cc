// The solver against every plan and every cut of small random problems, over all options.

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_matchers.h"
#include "gtest/gtest.h"
#include "services/matching/engine/assignment/check.h"
#include "services/matching/engine/assignment/problem.h"
#include "services/matching/engine/assignment/solve.h"
#include "services/matching/engine/assignment/testing/oracle.h"
#include "services/matching/engine/assignment/testing/random_problem.h"

namespace tandem::engine::testing {
namespace {

// The plan of a result as indices into the problem's pairs, ascending.
Plan PlanOf(const AssignmentProblem& problem, const AssignmentResult& result) {
  Plan plan;
  for (const Match& match : result.matches) {
    for (size_t i = 0; i < problem.pairs.size(); ++i) {
      const AssignmentPair& pair = problem.pairs[i];
      if (pair.need == match.need && pair.mentor == match.mentor) {
        plan.push_back(static_cast<int32_t>(i));
      }
    }
  }
  std::sort(plan.begin(), plan.end());
  return plan;
}

std::set<std::string> NamesOf(const AssignmentProblem& problem, const Conflict& conflict) {
  std::set<std::string> names;
  for (int32_t need : conflict.needs) names.insert(problem.needs[need].id);
  for (int32_t mentor : conflict.mentors) names.insert(problem.mentors[mentor].id);
  for (int32_t quota : conflict.quotas) names.insert(problem.quotas[quota].id);
  for (const std::string& name : conflict.beneficiaries) names.insert(absl::StrCat("b:", name));
  for (const NodeRef& node : conflict.mentor_requests) {
    names.insert(absl::StrCat(problem.mentors[node.index].id, "/", node.name));
  }
  return names;
}

bool HasImpossiblePin(const AssignmentProblem& problem) {
  for (const PairRef& pin : problem.pinned) {
    const bool listed =
        std::any_of(problem.pairs.begin(), problem.pairs.end(), [&](const AssignmentPair& pair) {
          return PairRef{pair.need, pair.mentor} == pin;
        });
    const bool forbidden = std::find(problem.forbidden.begin(), problem.forbidden.end(), pin) !=
                           problem.forbidden.end();
    if (!listed || forbidden) return true;
  }
  return false;
}

void ExpectLeastConflict(const AssignmentProblem& problem, const Conflict& conflict) {
  if (HasImpossiblePin(problem)) {
    EXPECT_EQ(conflict.demand, 1);
    EXPECT_EQ(conflict.supply, 0);
    EXPECT_EQ(conflict.pins.size(), 1u);
    return;
  }
  LeastCut cut;
  if (!FindLeastCutByEnumeration(problem, 13, &cut)) return;
  EXPECT_EQ(NamesOf(problem, conflict), cut.nodes);
  EXPECT_EQ(conflict.demand, cut.demand);
  EXPECT_EQ(conflict.supply, cut.supply);
}

void ExpectStable(const AssignmentProblem& problem, const Plan& plan,
                  const std::vector<Plan>& plans) {
  EXPECT_TRUE(IsStable(problem, plan));
  for (const Plan& other : plans) {
    if (!IsStable(problem, other)) continue;
    EXPECT_TRUE(EveryNeedLikes(problem, plan, other));
  }
}

void ExpectRight(const AssignmentProblem& problem, const AssignmentResult& result) {
  const std::vector<Plan> plans = AllPlans(problem);
  ASSERT_EQ(result.outcome == Outcome::kInfeasible, plans.empty());
  if (plans.empty()) return ExpectLeastConflict(problem, result.conflict);
  const Plan plan = PlanOf(problem, result);
  ASSERT_TRUE(std::find(plans.begin(), plans.end(), plan) != plans.end());
  if (problem.objective == Objective::kStable) return ExpectStable(problem, plan, plans);
  const Plan* best = nullptr;
  std::vector<absl::int128> best_value;
  for (const Plan& other : plans) {
    std::vector<absl::int128> value = ValueOf(problem, other);
    if (best != nullptr && !(best_value < value)) continue;
    best = &other;
    best_value = std::move(value);
  }
  EXPECT_EQ(plan, *best);
}

TEST(SolveRandomTest, FindsTheBestOfAllPlansOrTheLeastConflict) {
  int64_t infeasible = 0;
  int64_t solved = 0;
  ForEachSeed(1'000'000, 100'000, [&](uint64_t seed) {
    const AssignmentProblem problem = RandomProblem(seed);
    SCOPED_TRACE(absl::StrCat("TANDEM_TEST_SEED=", seed, "\n", Describe(problem)));
    TANDEM_ASSERT_OK_AND_ASSIGN(AssignmentResult result, Solve(problem, SolveOptions()));
    ExpectRight(problem, result);
    EXPECT_EQ(Check(problem, result).failure, "") << Describe(problem, result);
    (result.outcome == Outcome::kInfeasible ? infeasible : solved) += 1;
  });
  EXPECT_GT(solved, infeasible);
}

TEST(SolveRandomTest, OrderOfInputDoesNotMatter) {
  ForEachSeed(2'000'000, 5'000, [&](uint64_t seed) {
    const AssignmentProblem problem = RandomProblem(seed);
    const AssignmentProblem shuffled = Shuffled(problem, seed);
    SCOPED_TRACE(absl::StrCat("TANDEM_TEST_SEED=", seed, "\n", Describe(problem)));
    TANDEM_ASSERT_OK_AND_ASSIGN(AssignmentResult result, Solve(problem, SolveOptions()));
    TANDEM_ASSERT_OK_AND_ASSIGN(AssignmentResult other, Solve(shuffled, SolveOptions()));
    EXPECT_EQ(Describe(problem, result), Describe(shuffled, other));
  });
}

}  // namespace
}  // namespace tandem::engine::testing
