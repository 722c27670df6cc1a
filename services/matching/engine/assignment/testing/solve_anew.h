// What the answers of SolvedPlan must be, by solving anew: exact by construction, and slow.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_TESTING_SOLVE_ANEW_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_TESTING_SOLVE_ANEW_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "services/matching/engine/assignment/problem.h"
#include "services/matching/engine/assignment/why_not.h"

namespace tandem::engine::testing {

// By solving with the pair (an allowed one) pinned. `result` is a plan of `problem`.
absl::StatusOr<WhyNot> WhyNotBySolvingAnew(const AssignmentProblem& problem,
                                           const AssignmentResult& result, int32_t need,
                                           int32_t mentor);

// By solving with the mentor's maximum raised by one.
absl::StatusOr<PlaceGain> PlaceGainBySolvingAnew(const AssignmentProblem& problem,
                                                 const AssignmentResult& result, int32_t mentor);

}  // namespace tandem::engine::testing

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_TESTING_SOLVE_ANEW_H_
