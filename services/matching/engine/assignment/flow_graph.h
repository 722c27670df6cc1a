// The residual network of a flow, for searches: at each node the arcs that flow may still leave by,
// and those it may still come in by, without looking at the others.
//
// The ends of arcs at a node stand in one list in three parts, in this order: only out of the node,
// both ways, only into it. A change of flow moves an end by a swap per border crossed. So a search
// from a mentor touches its holders, not all pairs that name it. Arcs whose flow is fixed have no
// ends. Thread-compatible. The list of arcs must outlive the graph.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_FLOW_GRAPH_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_FLOW_GRAPH_H_

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "services/matching/engine/assignment/network.h"

namespace tandem::engine {

// An arc as seen from one of its ends.
struct FlowEnd {
  int32_t other = 0;  // The node at the other end.
  int32_t code = 0;   // The arc's number; seen from its head: ~number.

  bool at_tail() const { return code >= 0; }
  int32_t arc() const { return code >= 0 ? code : ~code; }
};

class FlowGraph {
 public:
  FlowGraph(int32_t nodes, const std::vector<NetworkArc>& arcs, std::vector<int64_t> flow)
      : arcs_(arcs), flow_(std::move(flow)), begin_(nodes + 1, 0), places_(arcs.size()) {
    for (const NetworkArc& arc : arcs) {
      if (IsFixed(arc)) continue;
      ++begin_[arc.tail + 1];
      ++begin_[arc.head + 1];
    }
    for (int32_t v = 0; v < nodes; ++v) begin_[v + 1] += begin_[v];
    list_.resize(begin_.back());
    CountParts();
    PlaceEnds();
  }

  int32_t nodes() const { return static_cast<int32_t>(begin_.size()) - 1; }
  const NetworkArc& arc(int32_t number) const { return arcs_[number]; }
  int64_t flow(int32_t number) const { return flow_[number]; }
  std::vector<int64_t> TakeFlow() { return std::move(flow_); }

  // How much more can flow along an arc, or against it.
  int64_t Room(int32_t number, bool along) const {
    return along ? arcs_[number].upper - flow_[number] : flow_[number] - arcs_[number].lower;
  }

  void AddFlow(int32_t number, int64_t amount) {
    flow_[number] += amount;
    const NetworkArc& arc = arcs_[number];
    const int now = PartAtTail(arc, flow_[number]);
    Move(arc.tail, places_[number].at_tail, now);
    Move(arc.head, places_[number].at_head, 2 - now);
  }

  // The ends at a node by which flow may leave it (`out`) or come in.
  const FlowEnd* FirstEnd(int32_t node, bool out) const {
    return list_.data() + (out ? begin_[node] : parts_[node].both);
  }
  const FlowEnd* LastEnd(int32_t node, bool out) const {
    return list_.data() + (out ? parts_[node].in : begin_[node + 1]);
  }

 private:
  struct Parts {
    uint32_t both = 0;  // Where the ends begin that are open both ways,
    uint32_t in = 0;    // and those that are open only into the node.
  };
  struct Places {
    uint32_t at_tail = 0;
    uint32_t at_head = 0;
  };

  static bool IsFixed(const NetworkArc& arc) { return arc.lower == arc.upper; }

  // 0: only out of the tail, 1: both ways, 2: only into it. At the head it is the other way round.
  static int PartAtTail(const NetworkArc& arc, int64_t flow) {
    if (flow == arc.lower) return 0;
    return flow == arc.upper ? 2 : 1;
  }

  void CountParts() {
    parts_.resize(nodes());
    for (size_t number = 0; number < arcs_.size(); ++number) {
      const NetworkArc& arc = arcs_[number];
      if (IsFixed(arc)) continue;
      const int part = PartAtTail(arc, flow_[number]);
      CountEnd(arc.tail, part);
      CountEnd(arc.head, 2 - part);
    }
    for (int32_t v = 0; v < nodes(); ++v) {
      parts_[v].both += begin_[v];
      parts_[v].in += parts_[v].both;
    }
  }
  void CountEnd(int32_t node, int part) {
    if (part == 0) ++parts_[node].both;
    if (part == 1) ++parts_[node].in;
  }

  void PlaceEnds() {
    std::vector<uint32_t> next[3];
    for (int part = 0; part < 3; ++part) next[part].resize(nodes());
    for (int32_t v = 0; v < nodes(); ++v) {
      next[0][v] = begin_[v];
      next[1][v] = parts_[v].both;
      next[2][v] = parts_[v].in;
    }
    for (size_t a = 0; a < arcs_.size(); ++a) {
      const NetworkArc& arc = arcs_[a];
      if (IsFixed(arc)) continue;
      const int part = PartAtTail(arc, flow_[a]);
      const auto number = static_cast<int32_t>(a);
      places_[a] = {next[part][arc.tail]++, next[2 - part][arc.head]++};
      list_[places_[a].at_tail] = {arc.head, number};
      list_[places_[a].at_head] = {arc.tail, ~number};
    }
  }

  void Move(int32_t node, uint32_t place, int to) {
    Parts& parts = parts_[node];
    int part = (place >= parts.both ? 1 : 0) + (place >= parts.in ? 1 : 0);
    for (; part < to; ++part) {
      uint32_t& border = part == 0 ? parts.both : parts.in;
      Swap(place, --border);
      place = border;
    }
    for (; part > to; --part) {
      uint32_t& border = part == 2 ? parts.in : parts.both;
      Swap(place, border);
      place = border++;
    }
  }
  void Swap(uint32_t a, uint32_t b) {
    std::swap(list_[a], list_[b]);
    PlaceOf(list_[a]) = a;
    PlaceOf(list_[b]) = b;
  }
  uint32_t& PlaceOf(const FlowEnd& end) {
    return end.at_tail() ? places_[end.arc()].at_tail : places_[end.arc()].at_head;
  }

  const std::vector<NetworkArc>& arcs_;
  std::vector<int64_t> flow_;  // Within the bounds.
  std::vector<uint32_t> begin_;
  std::vector<Parts> parts_;
  std::vector<FlowEnd> list_;
  std::vector<Places> places_;
};

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_FLOW_GRAPH_H_
