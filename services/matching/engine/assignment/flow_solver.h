// Solves a flow network: the flow of largest value that keeps every minimum and maximum, with the
// canonical prices that prove it, or the conflict if there is none.
//
// The flow of largest value may not be unique; the prices are, for a given flow. Thread-safe.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_FLOW_SOLVER_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_FLOW_SOLVER_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "services/matching/engine/assignment/network.h"
#include "services/matching/engine/assignment/solve.h"
#include "services/matching/engine/assignment/value_space.h"

namespace tandem::engine {

// Writes what a unit of flow on an arc is worth, replacing what was in `parts`.
using ArcValueFn = std::function<void(const NetworkArc& arc, std::vector<ValuePart>* parts)>;

struct FlowSolution {
  bool feasible = false;
  std::vector<int64_t> flow;  // Per arc.
  // Per node and component: the longest distance from node 0 in the residual network, where an
  // arc from node 0 to each node is worth -1 in the first component ("unreached").
  std::vector<absl::int128> prices;
};

// A flow and prices (per node and component) to start from. They need not be right, nor the flow
// balanced or within its bounds: the fewer units are, the longer it takes.
struct FlowStart {
  std::vector<int64_t> flow;  // Per arc. Empty: from nothing.
  std::vector<absl::int128> prices;
};

// Arcs balance at every node (a circulation): supplies are arcs with a minimum from node 0, the
// ground. From nothing by the network simplex method (network_simplex.h), else by shortest paths
// (flow_repair.h). Error: CANCELLED.
absl::StatusOr<FlowSolution> SolveFlow(int32_t nodes, const std::vector<NetworkArc>& arcs,
                                       const ValueSpace& space, const ArcValueFn& value,
                                       const FlowStart& start, const SolveOptions& options);

// The same from `start` alone; without a value if it does not serve as one.
absl::StatusOr<absl::optional<FlowSolution>> SolveFlowFrom(
    int32_t nodes, const std::vector<NetworkArc>& arcs, const ValueSpace& space,
    const ArcValueFn& value, const FlowStart& start, const SolveOptions& options);

// A cut of an infeasible network: nodes, never the ground, whose arcs one way must carry more than
// the arcs the other way can.
struct FlowCut {
  std::vector<bool> inside;  // Per node.
  // Whether the minimums come into the set, and the maximums leave it, or the other way round.
  bool demand_enters = true;
  int64_t demand = 0;
  int64_t supply = 0;
};

// Of the cuts with the largest shortage (demand - supply) the least by inclusion. For cuts as sets
// of nodes with the demand entering, the ground included, the shortage is supermodular, so the
// largest ones are closed under intersection. If all of those hold the ground, the cut is told by
// its other side, with the demand leaving, and that side is the least then. Error: CANCELLED.
absl::StatusOr<FlowCut> FindLeastCut(int32_t nodes, const std::vector<NetworkArc>& arcs,
                                     const SolveOptions& options);

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_FLOW_SOLVER_H_
