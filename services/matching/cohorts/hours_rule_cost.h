// What the conservative rule of hours costs a plan, at the most.
#ifndef TANDEM_SERVICES_MATCHING_COHORTS_HOURS_RULE_COST_H_
#define TANDEM_SERVICES_MATCHING_COHORTS_HOURS_RULE_COST_H_

#include <string>

#include "absl/status/statusor.h"
#include "services/matching/cohorts/cohort_problem.h"
#include "services/matching/engine/assignment/problem.h"
#include "services/matching/engine/assignment/solve.h"

namespace tandem::matching {

// An upper bound in a sentence, proven: every plan with exactly planned hours also keeps the
// problem in which mentors have as many places as engagements left, so the optimum of that problem
// is at least as good. The bound is the first component of the value in which the two optima
// differ. Empty for infeasible and stable plans, which no value ranks. Errors: those of Solve.
absl::StatusOr<std::string> HoursRuleCost(const CohortInputs& inputs,
                                          const engine::AssignmentProblem& problem,
                                          const engine::AssignmentResult& result,
                                          const engine::SolveOptions& options);

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_COHORTS_HOURS_RULE_COST_H_
