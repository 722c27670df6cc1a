// From a solved network to a plan with its numbers, its prices or its conflict: the parts that the
// objectives share. Thread-safe.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_PLAN_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_PLAN_H_

#include <cstdint>
#include <limits>
#include <vector>

#include "absl/status/statusor.h"
#include "services/matching/engine/assignment/flow_solver.h"
#include "services/matching/engine/assignment/network.h"
#include "services/matching/engine/assignment/problem.h"
#include "services/matching/engine/assignment/solve.h"
#include "services/matching/engine/assignment/value_space.h"

namespace tandem::engine {

// As a `min_score`: above every score, so only pinned pairs take part.
constexpr int64_t kPinsOnly = std::numeric_limits<int64_t>::max();

// The network of the pairs that are pinned or score at least `min_score` (micro-points), solved for
// the values of `space`.
struct SolvedNetwork {
  Network network;
  FlowSolution solution;

  // The chosen pairs, in the order of need and mentor id. Only if feasible.
  std::vector<int32_t> ChosenPairs() const;
};

absl::StatusOr<SolvedNetwork> SolvePairs(const AssignmentProblem& problem,
                                         const ProblemIndex& index, const ValueSpace& space,
                                         int64_t min_score, const SolveOptions& options);

// The prices of a solved network, as a certificate holds them.
PriceSet MakePriceSet(PricePurpose purpose, const ValueSpace& space, const SolvedNetwork& solved);

// The conflict of an infeasible network.
absl::StatusOr<Conflict> FindConflict(const AssignmentProblem& problem, const ProblemIndex& index,
                                      const Network& network, const SolveOptions& options);

// A cut of a network as a conflict of the problem; `pinned` per pair.
Conflict DescribeCut(const AssignmentProblem& problem, const std::vector<bool>& pinned,
                     const Network& network, const FlowCut& cut);

// The conflict of a pin that is not an allowed pair.
Conflict ImpossiblePin(const PairRef& pin);

// A result with the matches, counts and value of the plan that chooses `pairs` (in the order of
// need and mentor id). The components of the value are those of `space`, without "unreached"; for
// kFloor with the floor before the points.
AssignmentResult DescribePlan(const AssignmentProblem& problem, const ProblemIndex& index,
                              const ValueSpace& space, const std::vector<int32_t>& pairs);

// A result that says why there is no plan.
AssignmentResult DescribeConflict(Conflict conflict);

// The objectives that are not a single flow. `problem` is valid and its pins are allowed pairs.
absl::StatusOr<AssignmentResult> SolveFloor(const AssignmentProblem& problem,
                                            const ProblemIndex& index, const SolveOptions& options);
absl::StatusOr<AssignmentResult> SolveStable(const AssignmentProblem& problem,
                                             const ProblemIndex& index,
                                             const SolveOptions& options);

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_PLAN_H_
