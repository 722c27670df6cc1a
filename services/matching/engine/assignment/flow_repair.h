// Makes a flow optimal that nearly is, exactly, by shortest paths (successive shortest paths with
// reduced values: Edmonds and Karp 1972; Tomizawa 1971; from any start: Busacker and Gowen 1960 and
// the out-of-kilter idea of Fulkerson 1961).
//
// Given a flow and prices that are right but for a few arcs, each arc is first set as its bounds
// and its reduced value ask, whatever that does to the balance of its ends. Then nodes have units
// too many or too few, and each such unit is moved along the path of least loss, relative to the
// prices, to where one is missing; prices move just so far that the path loses nothing. Nothing
// right becomes wrong, so when all nodes balance the flow is optimal. If some unit has nowhere to
// go, no flow keeps the bounds.
//
// Paths are searched backward from nodes with too few first, then forward from those with too many,
// so the ground, which touches nearly everything and takes up what is left, is reached and hardly
// ever searched from.
//
// Numbers. A search never moves the price of a node where it may end, and makes all prices that it
// moves tight with that end. So prices stay within a few sums along simple paths of the prices
// given. Thread-compatible.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_FLOW_REPAIR_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_FLOW_REPAIR_H_

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <utility>
#include <vector>

#include "services/matching/engine/assignment/flow_graph.h"
#include "services/matching/engine/assignment/network.h"

namespace tandem::engine {

// Sets each arc as its bounds and its reduced value ask. False if some arc gains that has no
// maximum. `values` by arc, `prices` by node.
template <typename Price>
bool FitFlow(const std::vector<NetworkArc>& arcs, const std::vector<Price>& values,
             const std::vector<Price>& prices, std::vector<int64_t>* flow) {
  for (size_t a = 0; a < arcs.size(); ++a) {
    const NetworkArc& arc = arcs[a];
    int64_t& units = (*flow)[a];
    units = std::min(std::max(units, arc.lower), arc.upper);
    const Price at_tail = values[a] + prices[arc.tail];
    if (at_tail < prices[arc.head]) units = arc.lower;
    if (!(prices[arc.head] < at_tail)) continue;
    if (arc.upper >= kNoBound) return false;
    units = arc.upper;
  }
  return true;
}

template <typename Price>
class FlowRepair {
 public:
  // `values` by arc. `prices` by node; they change.
  FlowRepair(FlowGraph* graph, const std::vector<NetworkArc>& arcs,
             const std::vector<Price>& values, std::vector<Price>* prices)
      : graph_(*graph),
        values_(values),
        prices_(*prices),
        excess_(graph->nodes(), 0),
        labels_(graph->nodes()) {
    for (size_t a = 0; a < arcs.size(); ++a) {
      excess_[arcs[a].head] += graph_.flow(static_cast<int32_t>(a));
      excess_[arcs[a].tail] -= graph_.flow(static_cast<int32_t>(a));
    }
  }

  // How many units are where they cannot stay.
  int64_t units() const {
    int64_t units = 0;
    for (const int64_t excess : excess_) units += std::max<int64_t>(excess, 0);
    return units;
  }

  // False if `stop`, asked now and then with the number of paths, said true.
  bool Run(const std::function<bool(int64_t paths)>& stop) {
    return MoveUnits(/*forward=*/false, stop) && MoveUnits(/*forward=*/true, stop);
  }

  // After Run.
  bool feasible() const { return feasible_; }

 private:
  struct Label {
    Price loss = Price();
    int32_t run = 0;    // The search that labelled the node.
    int32_t from = -1;  // The node before,
    FlowEnd by;         // and the end there by which this one was reached.
  };
  struct Entry {
    Price loss;
    int32_t node;
    friend bool operator<(const Entry& a, const Entry& b) { return b.loss < a.loss; }
  };

  bool MoveUnits(bool forward, const std::function<bool(int64_t)>& stop) {
    for (int32_t v = graph_.nodes() - 1; v >= 0 && feasible_; --v) {
      while (feasible_ && (forward ? excess_[v] > 0 : excess_[v] < 0 && v != 0)) {
        if (++run_ % 16 == 0 && stop(run_)) return false;
        Search(forward, v);
        if (end_ < 0) {
          feasible_ = false;
        } else {
          MovePrices(forward);
          Push(forward, v);
        }
      }
    }
    return true;
  }

  bool IsEnd(bool forward, int32_t v) const { return forward ? excess_[v] < 0 : excess_[v] > 0; }

  // Finds the end of the path of least loss from `start`, or to it; -1 if there is none.
  void Search(bool forward, int32_t start) {
    end_ = -1;
    heap_.clear();
    seen_.clear();
    Reach(start, Price(), -1, FlowEnd());
    Expand(forward, start);
    while (!heap_.empty()) {
      std::pop_heap(heap_.begin(), heap_.end());
      const Entry top = heap_.back();
      heap_.pop_back();
      if (end_ >= 0 && !(top.loss < limit_)) return;
      if (!(labels_[top.node].loss < top.loss)) Expand(forward, top.node);
    }
  }

  void Reach(int32_t v, const Price& loss, int32_t from, const FlowEnd& by) {
    Label& label = labels_[v];
    if (label.run != run_) seen_.push_back(v);
    label.loss = loss;
    label.run = run_;
    label.from = from;
    label.by = by;
  }

  void Expand(bool forward, int32_t u) {
    const Price base = forward ? labels_[u].loss - prices_[u] : labels_[u].loss + prices_[u];
    const FlowEnd* const last = graph_.LastEnd(u, forward);
    for (const FlowEnd* end = graph_.FirstEnd(u, forward); end != last; ++end) {
      const int32_t v = end->other;
      const Price& value = values_[end->arc()];
      Price loss = base;
      if (end->at_tail() == forward) {
        loss -= value;
      } else {
        loss += value;
      }
      if (forward) {
        loss += prices_[v];
      } else {
        loss -= prices_[v];
      }
      if (end_ >= 0 && !(loss < limit_)) continue;
      if (labels_[v].run == run_ && !(loss < labels_[v].loss)) continue;
      Reach(v, loss, u, *end);
      if (IsEnd(forward, v)) {
        end_ = v;
        limit_ = loss;
      } else {
        heap_.push_back({loss, v});
        std::push_heap(heap_.begin(), heap_.end());
      }
    }
  }

  void MovePrices(bool forward) {
    for (int32_t v : seen_) {
      if (!(labels_[v].loss < limit_)) continue;
      const Price change = limit_ - labels_[v].loss;
      if (forward) {
        prices_[v] += change;
      } else {
        prices_[v] -= change;
      }
    }
  }

  void Push(bool forward, int32_t start) {
    int64_t amount = std::min(std::abs(excess_[start]), std::abs(excess_[end_]));
    for (int32_t v = end_; v != start; v = labels_[v].from) {
      const FlowEnd& by = labels_[v].by;
      amount = std::min(amount, graph_.Room(by.arc(), by.at_tail() == forward));
    }
    for (int32_t v = end_; v != start; v = labels_[v].from) {
      const FlowEnd by = labels_[v].by;
      graph_.AddFlow(by.arc(), by.at_tail() == forward ? amount : -amount);
    }
    excess_[start] += forward ? -amount : amount;
    excess_[end_] += forward ? amount : -amount;
  }

  FlowGraph& graph_;
  const std::vector<Price>& values_;
  std::vector<Price>& prices_;
  std::vector<int64_t> excess_;  // By node: what comes in and does not leave.
  bool feasible_ = true;
  // The current search.
  std::vector<Label> labels_;
  std::vector<int32_t> seen_;
  std::vector<Entry> heap_;
  int32_t run_ = 0;
  int32_t end_ = -1;
  Price limit_ = Price();  // The loss of the best path known, if there is an end.
};

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_FLOW_REPAIR_H_
