// Questions about a solved problem, answered from its prices without solving again:
//
//   "Why was this mentor not matched with this need?"  What the plan would lose, component by
//   component, if the pair were forced into it, and which matches would move.
//   "Whom should we recruit?"  What one more place at a mentor would gain.
//
//   TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<SolvedPlan> plan, SolvedPlan::Of(problem, result));
//   TANDEM_ASSIGN_OR_RETURN(WhyNot why, plan->ExplainWhyNot(need, mentor));
//
// The answers are exactly what solving anew with the pair pinned, or the place added, would give,
// in every component and match. A plan is optimal for its prices, so what a change makes of it is
// a longest path in its residual network (Ahuja, Magnanti, Orlin 1993, "Network Flows", section
// 9.11); see what_if/.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_WHY_NOT_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_WHY_NOT_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "services/matching/engine/assignment/problem.h"
#include "services/matching/engine/assignment/solve.h"

namespace tandem::engine {

struct PlanFlow;
class WhatIf;

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

// What one more place at a mentor is worth.
struct PlaceGain {
  int32_t mentor = 0;  // An index.
  // The value with the place minus the plan's value, as for WhyNot::cost; the first component that
  // is not 0 is positive (except for kStable).
  std::vector<ValueComponent> gain;
  std::vector<Match> removed;  // Matches of the plan that the plan with the place lacks.
  std::vector<Match> added;    // Matches that it has instead.
};

// A problem with its plan, ready for questions. Thread-safe; one question at a time is worked on.
class SolvedPlan {
 public:
  // O(pairs) to build. `problem` and `result` must outlive it; `result` must be what Solve gave for
  // `problem`. Errors: FAILED_PRECONDITION if it is infeasible; INVALID_ARGUMENT if its prices do
  // not prove its plan.
  static absl::StatusOr<std::unique_ptr<SolvedPlan>> Of(const AssignmentProblem& problem,
                                                        const AssignmentResult& result);
  ~SolvedPlan();

  // Errors: INVALID_ARGUMENT for an index out of range; FAILED_PRECONDITION if the pair is not
  // listed or forbidden (the rule that excludes it is the answer then).
  absl::StatusOr<WhyNot> ExplainWhyNot(int32_t need, int32_t mentor);

  // Error: INVALID_ARGUMENT for an index out of range.
  absl::StatusOr<PlaceGain> GainOfPlace(int32_t mentor);

  // The `limit` mentors whose next place gains most, the most first, equal ones by id; only gains
  // beyond draws (ties that would fall otherwise are no gain). Asks options.cancelled: CANCELLED.
  // FAILED_PRECONDITION for kStable, whose plans are not ranked by value.
  absl::StatusOr<std::vector<PlaceGain>> BestPlaces(int limit, const SolveOptions& options);

 private:
  SolvedPlan(std::unique_ptr<PlanFlow> plan, std::unique_ptr<WhatIf> what_if);

  absl::StatusOr<PlaceGain> GainOf(int32_t mentor) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::unique_ptr<const PlanFlow> plan_;
  absl::Mutex mutex_;
  const std::unique_ptr<WhatIf> what_if_ ABSL_PT_GUARDED_BY(mutex_);
};

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_WHY_NOT_H_
