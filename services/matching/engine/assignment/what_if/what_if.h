// What the objectives share in answering "what if": the parts of SolvedPlan (solved_plan.h).
// Thread-compatible.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_WHAT_IF_WHAT_IF_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_WHAT_IF_WHAT_IF_H_

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/matching/engine/assignment/network.h"
#include "services/matching/engine/assignment/plan.h"
#include "services/matching/engine/assignment/problem.h"
#include "services/matching/engine/assignment/value_space.h"
#include "services/matching/engine/assignment/what_if/flow_editor.h"

namespace tandem::engine {

// A problem with its plan as a flow, and where things stand in it. Immutable.
struct PlanFlow {
  // Both must outlive it.
  PlanFlow(const AssignmentProblem& problem, const AssignmentResult& result);

  // The listed pair, or -1 if it is not listed or forbidden.
  int32_t AllowedPair(int32_t need, int32_t mentor) const;

  const AssignmentProblem& problem;
  const AssignmentResult& result;
  const ProblemIndex index;
  const std::vector<int32_t> allowed_pairs;  // In the order of need and mentor id.
  const Network network;                     // Of all allowed pairs.
  std::vector<bool> chosen;                  // Per pair.
  std::vector<int64_t> flow;                 // Per arc.
  std::vector<int32_t> pair_arc;             // Per pair: its arc, or -1.
  std::vector<int32_t> mentor_arc;           // Per mentor: the arc that leaves it.

 private:
  absl::flat_hash_map<uint64_t, int32_t> pair_at_;
};

// What would be otherwise: the plan's value minus the value then, and the matches that move.
struct Otherwise {
  bool feasible = true;
  std::vector<ValueComponent> cost;
  std::vector<Match> removed;
  std::vector<Match> added;
  Conflict conflict;
};

// Answers for one objective.
class WhatIf {
 public:
  virtual ~WhatIf() = default;
  // With the allowed pair pinned.
  virtual absl::StatusOr<Otherwise> Pinned(int32_t pair) = 0;
  // With one more place at the mentor.
  virtual absl::StatusOr<Otherwise> MorePlaces(int32_t mentor) = 0;
};

// kTotal and kCoverage; kFloor; kStable. INVALID_ARGUMENT if the result's prices do not prove its
// plan. `plan` must outlive the answer.
absl::StatusOr<std::unique_ptr<WhatIf>> MakeFlowWhatIf(const PlanFlow& plan);
absl::StatusOr<std::unique_ptr<WhatIf>> MakeFloorWhatIf(const PlanFlow& plan);
absl::StatusOr<std::unique_ptr<WhatIf>> MakeStableWhatIf(const PlanFlow& plan);

// The result's prices of a purpose, by node of the plan's network and component of `space`; empty
// if the result has none.
std::vector<absl::int128> PricesOf(const PlanFlow& plan, const ValueSpace& space,
                                   PricePurpose purpose);

// The prices of a set in the order of a network's nodes; empty if a node has none.
std::vector<absl::int128> PricesFor(const Network& network, const PriceSet& set);

// An editor of the plan's flow with the prices of a set, on arcs of the plan's network with maybe
// other bounds. INVALID_ARGUMENT if the result has no such set, or it proves nothing.
absl::StatusOr<std::unique_ptr<FlowEditor>> EditPlan(const PlanFlow& plan,
                                                     const std::vector<NetworkArc>& arcs,
                                                     const ValueSpace& space, PricePurpose purpose);

// What the changes of the plan's flow make of its value (without "floor") and matches.
Otherwise DescribeChanges(const PlanFlow& plan, const ValueSpace& space,
                          const std::vector<FlowChange>& changes);

// Why no plan has the pair of arc `pinned`, given the network with the pair free.
Otherwise DescribeImpossible(const PlanFlow& plan, const std::vector<NetworkArc>& arcs,
                             const FlowEditor& editor, int32_t pinned);

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_WHAT_IF_WHAT_IF_H_
