// The fairness report against every plan of small random problems.

#include "services/matching/engine/assignment/fairness.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/matching/engine/assignment/problem.h"
#include "services/matching/engine/assignment/solve.h"
#include "services/matching/engine/assignment/testing/oracle.h"
#include "services/matching/engine/assignment/testing/random_problem.h"

namespace tandem::engine::testing {
namespace {

using ::testing::IsEmpty;

AssignmentProblem For(AssignmentProblem problem, Objective objective) {
  problem.objective = objective;
  problem.fill = Fill::kFirst;
  return problem;
}

// The best of `plans` for the problem's objective.
Plan BestPlan(const AssignmentProblem& problem, const std::vector<Plan>& plans) {
  return *std::max_element(plans.begin(), plans.end(), [&](const Plan& a, const Plan& b) {
    return ValueOf(problem, a) < ValueOf(problem, b);
  });
}

std::vector<std::pair<int32_t, int32_t>> PairsOf(const AssignmentProblem& problem,
                                                 const Plan& plan) {
  std::vector<std::pair<int32_t, int32_t>> pairs;
  for (int32_t pair : plan) {
    pairs.emplace_back(problem.pairs[pair].need, problem.pairs[pair].mentor);
  }
  std::sort(pairs.begin(), pairs.end());
  return pairs;
}

using Costs = std::map<std::string, absl::int128>;

// TOTAL's value of the best plan for it minus that of the best for another objective, by the names
// of the components that differ, without the draws.
Costs CostByBruteForce(const AssignmentProblem& problem, const std::vector<Plan>& plans,
                       Objective objective) {
  const AssignmentProblem total = For(problem, Objective::kTotal);
  const std::vector<absl::int128> best = ValueOf(total, BestPlan(total, plans));
  const std::vector<absl::int128> other = ValueOf(total, BestPlan(For(problem, objective), plans));
  // The order in which the oracle lists them.
  std::vector<std::string> names;
  for (int tier = 1; tier <= 9; ++tier) {
    names.push_back(absl::StrCat("served_", tier));
    names.push_back(absl::StrCat("slots_", tier));
  }
  names.insert(names.end(), {"points", "kept"});
  Costs costs;
  for (size_t c = 0; c < names.size(); ++c) {
    if (best[c] != other[c]) costs[names[c]] = best[c] - other[c];
  }
  return costs;
}

void ExpectPrice(const AssignmentProblem& problem, const std::vector<Plan>& plans,
                 Objective objective, const ObjectivePrice& price) {
  if (!price.refusal.empty()) {
    EXPECT_EQ(objective, Objective::kCoverage);
    EXPECT_THAT(Solve(For(problem, objective), SolveOptions()).status(),
                base::StatusIs(absl::StatusCode::kFailedPrecondition));
    return;
  }
  Costs costs;
  for (const ValueComponent& component : price.cost) {
    if (component.amount != 0) costs[component.name] = component.amount;
  }
  EXPECT_EQ(costs, CostByBruteForce(problem, plans, objective));
}

void ExpectBlockingPairs(const AssignmentProblem& problem, const std::vector<Plan>& plans,
                         const FairnessReport& report) {
  const AssignmentProblem total = For(problem, Objective::kTotal);
  std::vector<std::pair<int32_t, int32_t>> found;
  for (const BlockingPair& pair : report.blocking_pairs) {
    found.emplace_back(pair.need, pair.mentor);
  }
  std::sort(found.begin(), found.end());
  EXPECT_EQ(found, PairsOf(total, BlockingPairs(total, BestPlan(total, plans))));
}

TEST(FairnessRandomTest, PricesAndBlockingPairsAreThoseOfAllPlans) {
  int64_t with_price = 0;
  int64_t with_blocking_pairs = 0;
  ForEachSeed(9'000'000, 20'000, [&](uint64_t seed) {
    const AssignmentProblem problem = RandomProblem(seed);
    SCOPED_TRACE(absl::StrCat("TANDEM_TEST_SEED=", seed, "\n", Describe(problem)));
    const std::vector<Plan> plans = AllPlans(problem);
    TANDEM_ASSERT_OK_AND_ASSIGN(FairnessReport report, ReportFairness(problem, SolveOptions()));
    ASSERT_EQ(report.total.outcome == Outcome::kInfeasible, plans.empty());
    if (plans.empty()) return;
    ExpectPrice(problem, plans, Objective::kCoverage, report.coverage);
    ExpectPrice(problem, plans, Objective::kFloor, report.floor);
    ExpectBlockingPairs(problem, plans, report);
    for (const ValueComponent& cost : report.coverage.cost) with_price += cost.amount > 0 ? 1 : 0;
    with_blocking_pairs += report.blocking_pairs.empty() ? 0 : 1;
  });
  EXPECT_GT(with_price, 0);
  EXPECT_GT(with_blocking_pairs, 0);
}

// n1 and m1 would both rather have each other; together all others can be served better.
AssignmentProblem TwoByTwo() {
  AssignmentProblem problem;
  problem.needs.resize(2);
  problem.mentors.resize(2);
  for (size_t i = 0; i < 2; ++i) {
    problem.needs[i].id = absl::StrCat("n", i + 1);
    problem.mentors[i].id = absl::StrCat("m", i + 1);
  }
  problem.pairs = {{0, 0, 10}, {0, 1, 9}, {1, 0, 8}, {1, 1, 2}};
  return problem;
}

TEST(FairnessTest, ABlockingPairNamesWhomBothWouldLeave) {
  TANDEM_ASSERT_OK_AND_ASSIGN(FairnessReport report, ReportFairness(TwoByTwo(), SolveOptions()));

  ASSERT_EQ(report.blocking_pairs.size(), 1u);
  const BlockingPair& pair = report.blocking_pairs[0];
  EXPECT_EQ(pair.need, 0);
  EXPECT_EQ(pair.mentor, 0);
  EXPECT_EQ(pair.score, 10);
  EXPECT_EQ(pair.instead_of_mentor, 1);
  EXPECT_EQ(pair.instead_of_need, 1);
}

TEST(FairnessTest, APinnedPartnerIsNotLeft) {
  AssignmentProblem problem = TwoByTwo();
  problem.pinned = {{0, 1}};

  TANDEM_ASSERT_OK_AND_ASSIGN(FairnessReport report, ReportFairness(problem, SolveOptions()));

  EXPECT_THAT(report.blocking_pairs, IsEmpty());
}

TEST(FairnessTest, AStablePlanHasNoBlockingPair) {
  ForEachSeed(9'100'000, 2'000, [&](uint64_t seed) {
    const AssignmentProblem problem = RandomProblem(seed);
    if (problem.objective != Objective::kStable) return;
    TANDEM_ASSERT_OK_AND_ASSIGN(AssignmentResult stable, Solve(problem, SolveOptions()));
    if (stable.outcome != Outcome::kStable) return;
    EXPECT_THAT(FindBlockingPairs(problem, stable.matches), IsEmpty());
  });
}

TEST(FairnessTest, CoverageThatQuotasForbidIsRefusedAndTheRestIsTold) {
  AssignmentProblem problem = TwoByTwo();
  problem.quotas.resize(1);
  problem.quotas[0].id = "q";
  for (AssignmentNeed& need : problem.needs) need.beneficiary = "b";
  problem.needs[0].quota = 0;

  TANDEM_ASSERT_OK_AND_ASSIGN(FairnessReport report, ReportFairness(problem, SolveOptions()));

  EXPECT_NE(report.coverage.refusal, "");
  EXPECT_EQ(report.floor.refusal, "");
  EXPECT_EQ(report.floor.result.outcome, Outcome::kOptimal);
}

}  // namespace
}  // namespace tandem::engine::testing
