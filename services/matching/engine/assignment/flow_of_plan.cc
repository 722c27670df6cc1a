#include "services/matching/engine/assignment/flow_of_plan.h"

#include <algorithm>
#include <utility>

namespace tandem::engine {
namespace {

// The nodes of a plan's network in an order in which the load of each is known once those before
// it are done, and how the load of a node is spread over the arcs on its far side from the pairs.
class LoadSpreader {
 public:
  explicit LoadSpreader(const Network& network)
      : network_(network),
        flow_(network.arcs.size(), 0),
        load_(network.nodes.size(), 0),
        waiting_for_(network.nodes.size(), 0),
        outer_arcs_(network.nodes.size()) {
    for (size_t a = 0; a < network.arcs.size(); ++a) {
      if (network.arcs[a].kind == ArcKind::kPair) continue;
      const auto arc = static_cast<int32_t>(a);
      outer_arcs_[InnerEnd(arc)].push_back(arc);
      ++waiting_for_[OuterEnd(arc)];
    }
  }

  std::vector<int64_t> Spread(const std::vector<bool>& chosen) {
    for (size_t a = 0; a < network_.arcs.size(); ++a) {
      const NetworkArc& arc = network_.arcs[a];
      if (arc.kind != ArcKind::kPair || !chosen[arc.pair]) continue;
      flow_[a] = 1;
      ++load_[arc.tail];
      ++load_[arc.head];
    }
    std::vector<int32_t> ready;
    for (size_t v = 1; v < network_.nodes.size(); ++v) {
      if (waiting_for_[v] == 0) ready.push_back(static_cast<int32_t>(v));
    }
    while (!ready.empty()) {
      const int32_t node = ready.back();
      ready.pop_back();
      int64_t rest = load_[node];
      for (size_t i = 0; i < outer_arcs_[node].size(); ++i) {
        const int32_t arc = outer_arcs_[node][i];
        const bool last = i + 1 == outer_arcs_[node].size();
        flow_[arc] = last ? rest : std::min(rest, network_.arcs[arc].upper);
        rest -= flow_[arc];
        const int32_t outer = OuterEnd(arc);
        load_[outer] += flow_[arc];
        if (--waiting_for_[outer] == 0 && outer != 0) ready.push_back(outer);
      }
    }
    return std::move(flow_);
  }

 private:
  // Whether `node` lies between the pairs and the ground on the needs' side.
  bool OnNeedSide(int32_t node) const {
    const NodeKind kind = network_.nodes[node].kind;
    return kind == NodeKind::kNeed || kind == NodeKind::kBeneficiary ||
           kind == NodeKind::kNeedQuota;
  }
  int32_t InnerEnd(int32_t arc) const {
    const NetworkArc& ends = network_.arcs[arc];
    return OnNeedSide(ends.head) ? ends.head : ends.tail;
  }
  int32_t OuterEnd(int32_t arc) const {
    const NetworkArc& ends = network_.arcs[arc];
    return OnNeedSide(ends.head) ? ends.tail : ends.head;
  }

  const Network& network_;
  std::vector<int64_t> flow_;
  std::vector<int64_t> load_;
  std::vector<int32_t> waiting_for_;
  std::vector<std::vector<int32_t>> outer_arcs_;  // In the order of the network: the best first.
};

}  // namespace

std::vector<int64_t> FlowOfPlan(const Network& network, const std::vector<bool>& chosen) {
  return LoadSpreader(network).Spread(chosen);
}

}  // namespace tandem::engine
