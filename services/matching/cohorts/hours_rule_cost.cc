#include "services/matching/cohorts/hours_rule_cost.h"

#include "absl/numeric/int128.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/matching/words/plan_words.h"

namespace tandem::matching {
namespace {

constexpr char kCostsNothing[] =
    "The rule of hours costs nothing: planning hours exactly could not make the plan better.";

bool SamePlaces(const engine::AssignmentProblem& a, const engine::AssignmentProblem& b) {
  for (size_t i = 0; i < a.mentors.size(); ++i) {
    if (a.mentors[i].max != b.mentors[i].max) return false;
  }
  return true;
}

}  // namespace

absl::StatusOr<std::string> HoursRuleCost(const CohortInputs& inputs,
                                          const engine::AssignmentProblem& problem,
                                          const engine::AssignmentResult& result,
                                          const engine::SolveOptions& options) {
  if (result.outcome != engine::Outcome::kOptimal) return std::string();
  const engine::AssignmentProblem relaxed = BuildProblem(inputs, HoursRule::kIgnored);
  if (SamePlaces(problem, relaxed)) return std::string(kCostsNothing);
  engine::SolveOptions from_plan = options;
  from_plan.before = {&problem, &result};
  TANDEM_ASSIGN_OR_RETURN(const engine::AssignmentResult better, engine::Solve(relaxed, from_plan));
  for (size_t i = 0; i < result.value.size() && i < better.value.size(); ++i) {
    const engine::ValueComponent& component = result.value[i];
    if (absl::StartsWith(component.name, "draws")) break;  // ties are no gain
    if (component.unbounded || better.value[i].unbounded) continue;
    const absl::int128 gain = better.value[i].amount - component.amount;
    if (gain == 0) continue;
    return absl::StrCat("Planning hours exactly could gain at most ",
                        AmountWords(component.name, gain), ".");
  }
  return std::string(kCostsNothing);
}

}  // namespace tandem::matching
