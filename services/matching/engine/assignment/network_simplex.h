// The network simplex method for the flow of largest value (Dantzig 1951; strongly feasible trees
// after Cunningham 1976; block search for the entering arc after Kelly and O'Neill, 1991).
//
// Given arcs with a capacity and a value per unit, and a supply per node (sums to 0), finds the
// flow of largest total value, or that there is none. Values are of any ordered group: plain or
// wide integers. Exact and deterministic.
//
// How: a spanning tree holds the arcs whose flow is neither 0 nor full; prices are the values along
// the tree, so that tree arcs have reduced value 0. An arc outside the tree that would gain closes
// a cycle; flow is pushed around it until a tree arc is blocked, which leaves the tree for it. Node
// 0 is the root. The first tree consists of artificial arcs to and from the root; what remains on
// them at the end is what cannot flow.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_NETWORK_SIMPLEX_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_NETWORK_SIMPLEX_H_

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

namespace tandem::engine {

template <typename Value>
class NetworkSimplex {
 public:
  // `artificial` is a negative value smaller than that of any simple path without such arcs.
  NetworkSimplex(int32_t nodes, size_t arcs, Value artificial)
      : nodes_(nodes), artificial_(artificial), supply_(nodes, 0) {
    const size_t all = arcs + nodes;
    tail_.reserve(all);
    head_.reserve(all);
    capacity_.reserve(all);
    value_.reserve(all);
  }

  void AddArc(int32_t tail, int32_t head, int64_t capacity, const Value& value) {
    tail_.push_back(tail);
    head_.push_back(head);
    capacity_.push_back(capacity);
    value_.push_back(value);
  }

  // What must flow out of `node`, negative for into it; adds up.
  void AddSupply(int32_t node, int64_t amount) { supply_[node] += amount; }

  // False if `stop`, asked now and then with the number of pivots, said true.
  bool Run(const std::function<bool(int64_t pivots)>& stop) {
    MakeFirstTree();
    const int64_t block = std::max<int64_t>(10, std::sqrt(static_cast<double>(real_arcs_)));
    for (int64_t pivots = 0; FindEnteringArc(block); ++pivots) {
      if (pivots % 256 == 0 && stop(pivots)) return false;
      Pivot();
    }
    return true;
  }

  // After Run: the flow of the arc added as number `arc`.
  int64_t flow(size_t arc) const { return flow_[arc]; }
  // After Run: every arc's value + price(tail) - price(head) is at most 0 if it has room left, at
  // least 0 if it has flow.
  const Value& price(int32_t node) const { return price_[node]; }
  // After Run: whether everything that must flow does.
  bool feasible() const {
    for (size_t arc = real_arcs_; arc < flow_.size(); ++arc) {
      if (flow_[arc] != 0) return false;
    }
    return true;
  }

 private:
  enum State : int8_t { kInTree = 0, kEmpty = 1, kFull = -1 };
  static constexpr int64_t kInfinite = std::numeric_limits<int64_t>::max() / 4;

  void MakeFirstTree() {
    real_arcs_ = tail_.size();
    parent_.assign(nodes_, -1);
    tree_arc_.assign(nodes_, -1);
    depth_.assign(nodes_, 0);
    first_child_.assign(nodes_, -1);
    next_sibling_.assign(nodes_, -1);
    previous_sibling_.assign(nodes_, -1);
    price_.assign(nodes_, Value());
    flow_.assign(real_arcs_, 0);
    state_.assign(real_arcs_, kEmpty);
    for (int32_t node = 1; node < nodes_; ++node) {
      // An arc without flow points to the root: the tree is strongly feasible.
      const bool from_root = supply_[node] < 0;
      AddArc(from_root ? 0 : node, from_root ? node : 0, kInfinite, artificial_);
      flow_.push_back(from_root ? -supply_[node] : supply_[node]);
      state_.push_back(kInTree);
      price_[node] = from_root ? artificial_ : -artificial_;
      depth_[node] = 1;
      Attach(node, 0, static_cast<int64_t>(tail_.size()) - 1);
    }
  }

  void Attach(int32_t node, int32_t parent, int64_t arc) {
    parent_[node] = parent;
    tree_arc_[node] = arc;
    previous_sibling_[node] = -1;
    next_sibling_[node] = first_child_[parent];
    if (first_child_[parent] >= 0) previous_sibling_[first_child_[parent]] = node;
    first_child_[parent] = node;
  }

  void Detach(int32_t node) {
    const int32_t next = next_sibling_[node];
    const int32_t previous = previous_sibling_[node];
    if (next >= 0) previous_sibling_[next] = previous;
    if (previous >= 0) {
      next_sibling_[previous] = next;
    } else {
      first_child_[parent_[node]] = next;
    }
  }

  Value Reduced(int64_t arc) const {
    Value reduced = value_[arc];
    reduced += price_[tail_[arc]];
    reduced -= price_[head_[arc]];
    return reduced;
  }

  // Looks for the arc that gains most per unit in the first block that has one that gains.
  bool FindEnteringArc(int64_t block) {
    Value best = Value();
    bool found = false;
    int64_t left = block;
    for (int64_t count = 0; count < static_cast<int64_t>(real_arcs_); ++count) {
      const int64_t arc = next_arc_;
      if (++next_arc_ == static_cast<int64_t>(real_arcs_)) next_arc_ = 0;
      if (state_[arc] != kInTree) {
        Value gain = Reduced(arc);
        if (state_[arc] == kFull) gain = -gain;
        if (best < gain) {
          best = gain;
          entering_ = arc;
          found = true;
        }
      }
      if (--left == 0) {
        if (found) return true;
        left = block;
      }
    }
    return found;
  }

  // Room for flow on the tree arc of `node`, towards the parent or away from it.
  int64_t Room(int32_t node, bool towards_parent) const {
    const int64_t arc = tree_arc_[node];
    const bool forward = (tail_[arc] == node) == towards_parent;
    return forward ? capacity_[arc] - flow_[arc] : flow_[arc];
  }

  void Push(int32_t node, bool towards_parent, int64_t amount) {
    const int64_t arc = tree_arc_[node];
    flow_[arc] += (tail_[arc] == node) == towards_parent ? amount : -amount;
  }

  int32_t FindJoin(int32_t u, int32_t v) const {
    while (u != v) {
      if (depth_[u] >= depth_[v]) {
        u = parent_[u];
      } else {
        v = parent_[v];
      }
    }
    return u;
  }

  // Pushes flow around the cycle that the entering arc closes: along it from `first` to `second`,
  // up from `second` to the join, down to `first`. Of the blocking arcs the last one on that way,
  // from the join on, leaves: that keeps the tree strongly feasible, so the method ends.
  void Pivot() {
    const bool forward = state_[entering_] == kEmpty;
    const int32_t first = forward ? tail_[entering_] : head_[entering_];
    const int32_t second = forward ? head_[entering_] : tail_[entering_];
    const int32_t join = FindJoin(first, second);
    int64_t amount = capacity_[entering_];
    int32_t leaving = -1;
    bool on_first_side = false;
    for (int32_t node = first; node != join; node = parent_[node]) {
      const int64_t room = Room(node, /*towards_parent=*/false);
      if (room < amount) {
        amount = room;
        leaving = node;
        on_first_side = true;
      }
    }
    for (int32_t node = second; node != join; node = parent_[node]) {
      const int64_t room = Room(node, /*towards_parent=*/true);
      if (room <= amount) {
        amount = room;
        leaving = node;
        on_first_side = false;
      }
    }
    if (amount > 0) {
      flow_[entering_] += forward ? amount : -amount;
      for (int32_t node = first; node != join; node = parent_[node]) Push(node, false, amount);
      for (int32_t node = second; node != join; node = parent_[node]) Push(node, true, amount);
    }
    if (leaving < 0) {
      state_[entering_] = forward ? kFull : kEmpty;
      return;
    }
    const int64_t leaving_arc = tree_arc_[leaving];
    state_[leaving_arc] = flow_[leaving_arc] == 0 ? kEmpty : kFull;
    Rehang(leaving, on_first_side ? first : second, on_first_side ? second : first);
  }

  // Cuts the subtree of `top` off and hangs it by its node `from` under `to`, by the entering arc.
  void Rehang(int32_t top, int32_t from, int32_t to) {
    Value change = Reduced(entering_);
    if (from == tail_[entering_]) change = -change;
    int32_t node = from;
    int32_t parent = to;
    int64_t arc = entering_;
    while (true) {
      const int32_t old_parent = parent_[node];
      const int64_t old_arc = tree_arc_[node];
      Detach(node);
      Attach(node, parent, arc);
      if (node == top) break;
      parent = node;
      arc = old_arc;
      node = old_parent;
    }
    state_[entering_] = kInTree;
    // Preorder walk over the subtree: prices move by the same amount, depths are counted anew.
    node = from;
    while (true) {
      price_[node] += change;
      depth_[node] = depth_[parent_[node]] + 1;
      if (first_child_[node] >= 0) {
        node = first_child_[node];
        continue;
      }
      while (node != from && next_sibling_[node] < 0) node = parent_[node];
      if (node == from) break;
      node = next_sibling_[node];
    }
  }

  const int32_t nodes_;
  const Value artificial_;
  size_t real_arcs_ = 0;
  // Per arc.
  std::vector<int32_t> tail_;
  std::vector<int32_t> head_;
  std::vector<int64_t> capacity_;
  std::vector<Value> value_;
  std::vector<int64_t> flow_;
  std::vector<int8_t> state_;
  // Per node.
  std::vector<int64_t> supply_;
  std::vector<Value> price_;
  std::vector<int32_t> parent_;
  std::vector<int64_t> tree_arc_;
  std::vector<int32_t> depth_;
  std::vector<int32_t> first_child_;
  std::vector<int32_t> next_sibling_;
  std::vector<int32_t> previous_sibling_;

  int64_t next_arc_ = 0;
  int64_t entering_ = -1;
};

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_NETWORK_SIMPLEX_H_
