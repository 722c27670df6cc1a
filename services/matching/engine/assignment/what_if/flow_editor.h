// An optimal flow that can be changed one bound, value or arc at a time and is optimal again after
// each change, by shortest paths from the prices it has: "what if", without starting over.
//
// Each change pushes units around the cheapest cycle through the changed arc (successive shortest
// paths with reduced values: Edmonds and Karp 1972; Tomizawa 1971). A path is searched from both
// ends at once (Pohl 1971), and the ground, which touches nearly everything, is never expanded: a
// path may meet there, but is joined from its two halves. So a change that moves three matches
// looks at the pairs of a few needs and mentors, however large the problem.
//
// Prices stay valid throughout: value + price(tail) - price(head) is at most 0 on every arc with
// room left, at least 0 on every arc above its minimum; the ground's price does not change.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_WHAT_IF_FLOW_EDITOR_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_WHAT_IF_FLOW_EDITOR_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "absl/numeric/int128.h"
#include "services/matching/engine/assignment/flow_solver.h"
#include "services/matching/engine/assignment/network.h"
#include "services/matching/engine/assignment/value_space.h"

namespace tandem::engine {

// How the flow of an arc differs from what it was at the mark.
struct FlowChange {
  int32_t arc = 0;
  int64_t change = 0;
};

// Thread-compatible.
class FlowEditor {
 public:
  virtual ~FlowEditor() = default;

  // Whether the flow keeps every bound and balances, and the prices prove it optimal. One pass.
  virtual bool IsOptimal() const = 0;

  virtual int64_t flow(int32_t arc) const = 0;
  virtual int64_t lower(int32_t arc) const = 0;
  virtual int64_t upper(int32_t arc) const = 0;

  // Changes an arc and makes the flow optimal again. False if no flow keeps the bounds any more:
  // the flow and prices are then in between, and must be rewound.
  virtual bool SetBounds(int32_t arc, int64_t lower, int64_t upper) = 0;
  virtual bool SetValue(int32_t arc, const std::vector<ValuePart>& value) = 0;

  // Adds a node that no arc touches. Returns its number.
  virtual int32_t AddNode() = 0;
  // Adds an arc with bounds 0 and 0, which changes nothing. Returns its number. Not with a mark.
  virtual int32_t AddArc(int32_t tail, int32_t head, const std::vector<ValuePart>& value) = 0;
  // Gives a node, whose arcs all have bounds 0 and 0 yet, the largest price with which no arc out
  // of it gains: then they can be opened without looking for anything. Not with a mark.
  virtual void FitPrice(int32_t node) = 0;

  // From now on changes are remembered, to be rewound.
  virtual void Mark() = 0;
  // Takes back everything since the mark, and forgets the mark.
  virtual void Rewind() = 0;
  // Keeps everything since the mark, and forgets the mark.
  virtual void Commit() = 0;
  // What has changed since the mark, by arc.
  virtual std::vector<FlowChange> Changes() const = 0;

  // Empties the arcs in `drained` and reroutes their units without any loss of value, on arcs for
  // which `allowed` says true or that give back flow. False, with everything as it was, if some
  // unit cannot be rerouted so. Needs a mark.
  virtual bool DrainWithoutLoss(const std::vector<int32_t>& drained,
                                const std::function<bool(int32_t arc)>& allowed) = 0;

  // The nodes that residual arcs lead to from `start` (forward), or from which they lead to it;
  // `without` takes no part.
  virtual std::vector<bool> Reach(int32_t start, bool forward, int32_t without) const = 0;

  // The canonical prices (flow_solver.h), by node and component.
  virtual std::vector<absl::int128> CanonicalPrices() const = 0;

  // How many arcs were looked at by all changes so far.
  virtual int64_t arcs_scanned() const = 0;
};

// An editor of a flow with its prices (per node and component of `space`, as a certificate holds
// them). Neither is checked: see IsOptimal. `space` must outlive the editor.
std::unique_ptr<FlowEditor> MakeFlowEditor(int32_t nodes, const std::vector<NetworkArc>& arcs,
                                           const ValueSpace& space, const ArcValueFn& value,
                                           const std::vector<int64_t>& flow,
                                           const std::vector<absl::int128>& prices);

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_WHAT_IF_FLOW_EDITOR_H_
