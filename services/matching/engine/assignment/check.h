// Checks that a result is what it claims to be, without solving and without the solver's code: one
// pass over the pairs. What it accepts is proven: the plan keeps every rule, its numbers are right,
// and no plan is better (by weak duality with the prices in the certificate); or the problem is
// infeasible; or the plan is stable. Thread-safe.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_CHECK_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_CHECK_H_

#include <string>

#include "services/matching/engine/assignment/problem.h"

namespace tandem::engine {

struct CheckResult {
  bool valid = false;
  // The first condition that fails, and where; empty if valid.
  std::string failure;
};

// `problem` must be valid (ValidateProblem); `result` may be anything.
CheckResult Check(const AssignmentProblem& problem, const AssignmentResult& result);

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_CHECK_H_
