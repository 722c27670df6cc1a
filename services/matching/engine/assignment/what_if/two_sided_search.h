// The path of largest value between two nodes of a residual network, searched from both ends.
//
// Dijkstra's method (1959) with reduced values, forward from one end and backward from the other
// (Pohl 1971), until the two together prove that nothing better is left. Node 0, the ground, is
// labelled but never expanded: a path through it is its two halves.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_WHAT_IF_TWO_SIDED_SEARCH_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_WHAT_IF_TWO_SIDED_SEARCH_H_

#include <algorithm>
#include <cstdint>
#include <queue>
#include <utility>
#include <vector>

namespace tandem::engine {

template <typename Value>
struct ResidualArc {
  int32_t tail = 0;
  int32_t head = 0;
  int64_t lower = 0;
  int64_t upper = 0;
  int64_t flow = 0;
  Value value;
};

// An arc walked along, or against.
struct ResidualStep {
  int32_t arc = 0;
  bool along = true;
};

// Arcs with flow, prices, and the arcs at each node.
template <typename Value>
struct ResidualGraph {
  explicit ResidualGraph(int32_t nodes) : price(nodes), added(nodes) {}

  // Called once the first arcs are there.
  void IndexArcs() {
    start.assign(price.size() + 1, 0);
    for (const ResidualArc<Value>& arc : arcs) {
      ++start[arc.tail + 1];
      ++start[arc.head + 1];
    }
    for (size_t v = 0; v < price.size(); ++v) start[v + 1] += start[v];
    list.resize(2 * arcs.size());
    std::vector<int64_t> next(start.begin(), start.end() - 1);
    for (size_t arc = 0; arc < arcs.size(); ++arc) {
      list[next[arcs[arc].tail]++] = static_cast<int32_t>(arc);
      list[next[arcs[arc].head]++] = static_cast<int32_t>(arc);
    }
  }

  int32_t AddNode() {
    price.emplace_back();
    added.emplace_back();
    return static_cast<int32_t>(price.size()) - 1;
  }

  int32_t AddArc(const ResidualArc<Value>& arc) {
    const auto number = static_cast<int32_t>(arcs.size());
    arcs.push_back(arc);
    added[arc.tail].push_back(number);
    added[arc.head].push_back(number);
    return number;
  }

  template <typename Visit>
  void ForEachArcAt(int32_t node, const Visit& visit) const {
    if (static_cast<size_t>(node) + 1 < start.size()) {
      for (int64_t i = start[node]; i < start[node + 1]; ++i) visit(list[i]);
    }
    for (int32_t arc : added[node]) visit(arc);
  }

  Value Reduced(const ResidualArc<Value>& arc) const {
    Value reduced = arc.value;
    reduced += price[arc.tail];
    reduced -= price[arc.head];
    return reduced;
  }

  std::vector<ResidualArc<Value>> arcs;
  std::vector<Value> price;
  std::vector<int64_t> start;
  std::vector<int32_t> list;
  std::vector<std::vector<int32_t>> added;  // Arcs that came later.
};

template <typename Value>
class TwoSidedSearch {
 public:
  // Looks for the best path from `from` to `to` without arc `without`. With `gain` only for one
  // that loses less than `gain` (positive) against the prices.
  void Run(const ResidualGraph<Value>& graph, int32_t from, int32_t to, int32_t without,
           const Value* gain) {
    ++run_;
    has_best_ = gain != nullptr;
    if (has_best_) best_ = *gain;
    meeting_ = -1;
    forward_.Begin(graph.price.size(), from, run_);
    backward_.Begin(graph.price.size(), to, run_);
    while (true) {
      const Side* next = ChooseSide();
      if (next == nullptr) break;
      Expand(graph, next == &forward_, without);
    }
    Cut();
    if (found()) TracePath(graph, from, to);
  }

  // Whether there is such a path.
  bool found() const { return meeting_ >= 0; }
  // Its steps in order; no node twice.
  const std::vector<ResidualStep>& path() const { return path_; }

  // Visits the nodes whose price must change, with their new prices, so that the path found, or
  // the arc that asked for a gain in vain, has a reduced value of 0.
  template <typename Visit>
  void ForEachPrice(const ResidualGraph<Value>& graph, const Visit& visit) const {
    if (!has_best_) return;
    for (int32_t node : forward_.settled) {
      const Value& label = forward_.label[node];
      if (label < forward_cut_) visit(node, graph.price[node] + (forward_cut_ - label));
    }
    for (int32_t node : backward_.settled) {
      const Value& label = backward_.label[node];
      if (label < backward_cut_) visit(node, graph.price[node] - (backward_cut_ - label));
    }
  }

  int64_t arcs_scanned() const { return arcs_scanned_; }

 private:
  struct Entry {
    Value key;
    int32_t node;
    friend bool operator<(const Entry& a, const Entry& b) {
      return b.key < a.key || (a.key == b.key && b.node < a.node);
    }
  };

  // What one end knows: losses against the prices, never negative. The ground is labelled, and
  // never queued.
  struct Side {
    void Begin(size_t nodes, int32_t node, int64_t new_run) {
      run = new_run;
      label.resize(nodes);
      into.resize(nodes);
      labelled.resize(nodes, 0);
      done.resize(nodes, 0);
      settled.clear();
      queue = {};
      Label(node, Value(), {-1, true});
      DropStale();
    }

    void Label(int32_t node, const Value& loss, const ResidualStep& step) {
      label[node] = loss;
      labelled[node] = run;
      into[node] = step;
      if (node != 0) queue.push({loss, node});
    }

    void DropStale() {
      while (!queue.empty() && done[queue.top().node] == run) queue.pop();
    }

    // The least loss of any node not settled; null if there is none.
    const Value* Top() const { return queue.empty() ? nullptr : &queue.top().key; }
    // A bound on the loss of reaching the ground; null if it cannot be reached.
    const Value* ToGround() const {
      if (labelled[0] != run) return Top();
      return queue.empty() || !(queue.top().key < label[0]) ? &label[0] : &queue.top().key;
    }
    bool GroundIsFinal() const { return ToGround() != Top() || queue.empty(); }

    int64_t run = 0;
    std::vector<Value> label;
    std::vector<ResidualStep> into;
    std::vector<int64_t> labelled;  // The run that labelled the node.
    std::vector<int64_t> done;      // The run that settled it.
    std::vector<int32_t> settled;
    std::priority_queue<Entry> queue;
  };

  // Whether two losses together may be less than the best.
  bool MayBeat(const Value* a, const Value* b) const {
    return a != nullptr && b != nullptr && (!has_best_ || *a + *b < best_);
  }

  // Where to go on, or null if nothing better can be left: neither a path that avoids the ground
  // nor one through it.
  const Side* ChooseSide() const {
    const Value* forward = forward_.Top();
    const Value* backward = backward_.Top();
    if (MayBeat(forward, backward)) return *backward < *forward ? &backward_ : &forward_;
    if (!MayBeat(forward_.ToGround(), backward_.ToGround())) return nullptr;
    const bool go_forward = forward != nullptr && !forward_.GroundIsFinal();
    const bool go_backward = backward != nullptr && !backward_.GroundIsFinal();
    if (go_forward && go_backward) return *backward < *forward ? &backward_ : &forward_;
    if (go_forward) return &forward_;
    return go_backward ? &backward_ : nullptr;
  }

  void Expand(const ResidualGraph<Value>& graph, bool forward, int32_t without) {
    Side& side = forward ? forward_ : backward_;
    const Side& other = forward ? backward_ : forward_;
    const int32_t u = side.queue.top().node;
    side.done[u] = run_;
    side.settled.push_back(u);
    const Value base = side.label[u];
    graph.ForEachArcAt(u, [&](int32_t a) {
      ++arcs_scanned_;
      const ResidualArc<Value>& arc = graph.arcs[a];
      const bool along = (arc.tail == u) == forward;
      if (along ? arc.flow >= arc.upper : arc.flow <= arc.lower) return;
      const int32_t v = arc.tail == u ? arc.head : arc.tail;
      if (a == without || side.done[v] == run_) return;
      const Value reduced = graph.Reduced(arc);
      const Value reached = along ? base - reduced : base + reduced;
      if (has_best_ && !(reached < best_)) return;
      if (side.labelled[v] == run_ && !(reached < side.label[v])) return;
      side.Label(v, reached, {a, along});
      if (other.labelled[v] == run_) Meet(v);
    });
    side.DropStale();
  }

  void Meet(int32_t node) {
    const Value sum = forward_.label[node] + backward_.label[node];
    if (has_best_ && !(sum < best_)) return;
    has_best_ = true;
    best_ = sum;
    meeting_ = node;
  }

  // How much of the best path's loss (or of the gain asked for) the prices of each side take up:
  // no more than was searched, and no more than the loss at the ground, whose price stays.
  void Cut() {
    if (!has_best_) return;
    const Value* limit = forward_.ToGround();
    forward_cut_ = limit != nullptr && *limit < best_ ? *limit : best_;
    backward_cut_ = best_ - forward_cut_;
  }

  void TracePath(const ResidualGraph<Value>& graph, int32_t from, int32_t to) {
    path_.clear();
    for (int32_t v = meeting_; v != from;) {
      const ResidualStep step = forward_.into[v];
      path_.push_back(step);
      v = step.along ? graph.arcs[step.arc].tail : graph.arcs[step.arc].head;
    }
    std::reverse(path_.begin(), path_.end());
    for (int32_t v = meeting_; v != to;) {
      const ResidualStep step = backward_.into[v];
      path_.push_back(step);
      v = step.along ? graph.arcs[step.arc].head : graph.arcs[step.arc].tail;
    }
    CutLoops(graph, from);
  }

  // The halves may share nodes where going around costs nothing.
  void CutLoops(const ResidualGraph<Value>& graph, int32_t from) {
    seen_.resize(graph.price.size(), {0, 0});
    std::vector<ResidualStep> straight;
    std::vector<int32_t> ends;  // Of each step that is kept.
    seen_[from] = {run_, 0};
    for (const ResidualStep& step : path_) {
      const ResidualArc<Value>& arc = graph.arcs[step.arc];
      const int32_t v = step.along ? arc.head : arc.tail;
      straight.push_back(step);
      ends.push_back(v);
      if (seen_[v].first == run_) {
        for (size_t keep = seen_[v].second; straight.size() > keep;) {
          if (ends.back() != v) seen_[ends.back()].first = 0;
          straight.pop_back();
          ends.pop_back();
        }
        continue;
      }
      seen_[v] = {run_, straight.size()};
    }
    path_ = std::move(straight);
  }

  int64_t run_ = 0;
  Side forward_;
  Side backward_;
  bool has_best_ = false;
  Value best_;
  int32_t meeting_ = -1;
  Value forward_cut_;
  Value backward_cut_;
  std::vector<ResidualStep> path_;
  std::vector<std::pair<int64_t, size_t>> seen_;  // The run, and how many steps led there.
  int64_t arcs_scanned_ = 0;
};

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_WHAT_IF_TWO_SIDED_SEARCH_H_
