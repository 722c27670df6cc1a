// What serving as many beneficiaries as possible costs a cohort, against the objective TOTAL.
#ifndef TANDEM_SERVICES_MATCHING_COHORTS_COVERAGE_PRICE_H_
#define TANDEM_SERVICES_MATCHING_COHORTS_COVERAGE_PRICE_H_

#include <string>

#include "absl/status/statusor.h"
#include "services/matching/engine/assignment/problem.h"
#include "services/matching/engine/assignment/solve.h"

namespace tandem::matching {

// The price in a sentence: how many beneficiaries more are served than by the optimum for TOTAL,
// and the first component of TOTAL's value in which that optimum is better. Exact: both are optima.
// Empty for other objectives and for infeasible cohorts. Errors: those of Solve.
absl::StatusOr<std::string> CoveragePrice(const engine::AssignmentProblem& problem,
                                          const engine::AssignmentResult& result,
                                          const engine::SolveOptions& options);

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_COHORTS_COVERAGE_PRICE_H_
