// Where a flow solver may start: from the plan without quotas, minimums, coverage and requests of
// several roles, which the fast path finds (bipartite/). Usually that breaks few of those rules,
// and shortest paths put them right (flow_repair.h) long before a general solver is done.
//
// Thread-safe.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_RELAXATION_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_RELAXATION_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "services/matching/engine/assignment/flow_solver.h"
#include "services/matching/engine/assignment/network.h"
#include "services/matching/engine/assignment/problem.h"
#include "services/matching/engine/assignment/solve.h"
#include "services/matching/engine/assignment/value_space.h"

namespace tandem::engine {

// A start for the network of the pinned pairs and those with a score of at least `min_score`,
// with or without points as `space` has them. Empty if the fast path does not take the numbers or
// the pins. Error: CANCELLED.
absl::StatusOr<FlowStart> SolveRelaxation(const AssignmentProblem& problem,
                                          const ProblemIndex& index, const Network& network,
                                          const ValueSpace& space, int64_t min_score,
                                          const SolveOptions& options);

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_RELAXATION_H_
