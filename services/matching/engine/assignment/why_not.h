// "Why was this mentor not matched with this need?", answered with a number: what the plan would
// lose, component by component, if the pair were forced into it, and which matches would move.
// Thread-safe.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_WHY_NOT_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_WHY_NOT_H_

#include <vector>

#include "absl/status/statusor.h"
#include "services/matching/engine/assignment/problem.h"
#include "services/matching/engine/assignment/solve.h"

namespace tandem::engine {

struct WhyNot {
  bool already_matched = false;
  // False: no plan has the pair; see `conflict`.
  bool feasible = true;
  // The plan's value minus the value with the pair, with the components of AssignmentResult::value;
  // from left to right the first that is not 0 is positive (except for kStable, whose plans are
  // not ranked by it, and for kFloor, since a pinned pair does not count in the floor). `unbounded`
  // marks a floor that exists on one side only.
  std::vector<ValueComponent> cost;
  std::vector<Match> removed;  // Matches of the plan that the plan with the pair lacks.
  std::vector<Match> added;    // Matches that it has instead, the pair itself included.
  Conflict conflict;
};

// Exactly what solving anew with the pair pinned gives. `result` must be what Solve gave for
// `problem`, and feasible. Errors: those of Solve; INVALID_ARGUMENT for an index out of range;
// FAILED_PRECONDITION if the pair is not listed or forbidden (the rule that excludes it is the
// answer then), or `result` is infeasible.
absl::StatusOr<WhyNot> ExplainWhyNot(const AssignmentProblem& problem,
                                     const AssignmentResult& result, int32_t need, int32_t mentor,
                                     const SolveOptions& options = SolveOptions());

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_WHY_NOT_H_
