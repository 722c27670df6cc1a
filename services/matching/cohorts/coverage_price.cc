#include "services/matching/cohorts/coverage_price.h"

#include <algorithm>

#include "absl/numeric/int128.h"
#include "absl/strings/match.h"
#include "base/status_macros.h"
#include "services/matching/words/fairness_words.h"
#include "services/matching/words/plan_words.h"

namespace tandem::matching {
namespace {

// By how much `total` is better than `coverage` in the first component in which they differ.
std::string FirstLoss(const engine::AssignmentResult& coverage,
                      const engine::AssignmentResult& total) {
  for (const engine::ValueComponent& component : total.value) {
    if (absl::StartsWith(component.name, "draws")) break;  // ties cost nothing
    const auto same = std::find_if(
        coverage.value.begin(), coverage.value.end(),
        [&](const engine::ValueComponent& other) { return other.name == component.name; });
    if (same == coverage.value.end() || same->amount == component.amount) continue;
    const absl::int128 loss = component.amount - same->amount;
    return AmountWords(component.name, loss, "less");
  }
  return "";
}

}  // namespace

absl::StatusOr<std::string> CoveragePrice(const engine::AssignmentProblem& problem,
                                          const engine::AssignmentResult& result,
                                          const engine::SolveOptions& options) {
  if (problem.objective != engine::Objective::kCoverage) return std::string();
  if (result.outcome != engine::Outcome::kOptimal) return std::string();
  engine::AssignmentProblem without = problem;
  without.objective = engine::Objective::kTotal;
  engine::SolveOptions from_plan = options;
  from_plan.before = {&problem, &result};
  TANDEM_ASSIGN_OR_RETURN(const engine::AssignmentResult total, engine::Solve(without, from_plan));
  return CoverageSentence(result.beneficiaries_served - total.beneficiaries_served,
                          FirstLoss(result, total));
}

}  // namespace tandem::matching
