// The longest distances from the ground, node 0, in a residual network, compared as (value, tie):
// canonical prices. A node that no step reaches is counted from itself, or from another such node,
// and is "unreached".
//
// By Dijkstra's method relative to known valid prices (Johnson 1977): then no step gains, and the
// node that loses least is final. The value decides alone nearly always, so ties are worked out
// only for nodes that are final, and where values are equal.
//
// The network is told by the class that derives from this one (CRTP):
//
//   Price PriceOf(int32_t node) const;   // Known prices, by value; with the tie prices given, no
//                                        // step gains.
//   void Leave(int32_t node);            // Calls Reach for the steps out of a final node.
//   void LookAtRest(int32_t node);       // If Leave put ~node into queue_: the steps left out.
//   Tie TieOfStep(int32_t via) const;    // Of the step that Reach was given as `via`, not
//   negative.
//
// Thread-compatible.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_LONGEST_DISTANCES_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_LONGEST_DISTANCES_H_

#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

#include "services/matching/engine/assignment/tie_links.h"

namespace tandem::engine {

template <typename Network, typename Price>
class LongestDistances {
 public:
  // False if stopped.
  bool Run() {
    Reach(0, Price(), -1, -1);
    if (!Search()) return false;
    if (left_ == 0) return true;
    for (int32_t v = 0; v < static_cast<int32_t>(final_.size()); ++v) {
      if (final_[v]) continue;
      unreached_[v] = 1;
      Reach(v, Price(), -1, -1);
    }
    return Search();
  }

  bool unreached(int32_t node) const { return unreached_[node] != 0; }
  const Price& value(int32_t node) const { return value_[node]; }
  const Tie& tie(int32_t node) const { return tie_[node]; }

 protected:
  struct Label {
    Price loss;
    int32_t node;  // A node, or ~node for LookAtRest.
    friend bool operator<(const Label& a, const Label& b) { return b.loss < a.loss; }
  };

  // `least`: less than any distance.
  LongestDistances(int32_t nodes, const Price& least, const std::vector<Tie>& tie_prices,
                   const std::function<bool()>& stop)
      : tie_prices_(tie_prices),
        stop_(stop),
        value_(nodes, least),
        tie_(nodes),
        tie_known_(nodes, 0),
        via_(nodes, -1),
        from_(nodes, -1),
        final_(nodes, 0),
        unreached_(nodes, 0),
        left_(nodes),
        loss_(least) {}

  // A step from `from` (-1: none, a start) leads to `node` with the value so far.
  void Reach(int32_t node, const Price& value, int32_t from, int32_t via) {
    if (value < value_[node] || final_[node]) return;
    const bool equal = !(value_[node] < value);
    if (equal) {
      const Tie tie = TieBy(from, via);
      if (!(TieOf(node) < tie)) return;
      tie_[node] = tie;
    }
    tie_known_[node] = equal ? 1 : 0;
    value_[node] = value;
    from_[node] = from;
    via_[node] = via;
    const Price loss = Loss(node);
    if (from >= 0 && IsSame(loss, loss_)) {
      PushTie(node);
    } else {
      queue_.push({loss, node});
    }
  }

  // Whether a step with this value may be of use.
  bool MayReach(int32_t node, const Price& value) const {
    return !final_[node] && !(value < value_[node]);
  }

  std::priority_queue<Label> queue_;
  const Price& loss() const { return loss_; }

 private:
  struct TieLabel {
    Tie loss;
    int32_t node;
    friend bool operator<(const TieLabel& a, const TieLabel& b) { return b.loss < a.loss; }
  };

  Network& self() { return static_cast<Network&>(*this); }
  static bool IsSame(const Price& a, const Price& b) { return !(a < b) && !(b < a); }
  Price Loss(int32_t node) { return self().PriceOf(node) - value_[node]; }

  // Makes all nodes final that steps from the labelled ones reach.
  bool Search() {
    int64_t steps = 0;
    while (!queue_.empty() && left_ > 0) {
      loss_ = queue_.top().loss;
      while (!queue_.empty() && IsSame(queue_.top().loss, loss_)) {
        const int32_t node = queue_.top().node;
        queue_.pop();
        if (node < 0) {
          self().LookAtRest(~node);
        } else if (!final_[node] && IsSame(Loss(node), loss_)) {
          PushTie(node);
        }
        if (queue_.empty() || !IsSame(queue_.top().loss, loss_)) FinishTies();
      }
      if (++steps % 256 == 0 && stop_()) return false;
    }
    queue_ = {};
    return true;
  }

  // Nodes of equal loss of value, in the order of their loss of tie.
  void FinishTies() {
    while (!ties_.empty()) {
      const int32_t node = ties_.top().node;
      ties_.pop();
      if (final_[node]) continue;
      final_[node] = 1;
      --left_;
      self().Leave(node);
    }
  }

  void PushTie(int32_t node) { ties_.push({tie_prices_[node] - TieOf(node), node}); }

  const Tie& TieOf(int32_t node) {
    if (!tie_known_[node]) {
      tie_[node] = TieBy(from_[node], via_[node]);
      tie_known_[node] = 1;
    }
    return tie_[node];
  }

  Tie TieBy(int32_t from, int32_t via) {
    return from < 0 ? Tie() : tie_[from] + self().TieOfStep(via);
  }

  const std::vector<Tie>& tie_prices_;
  const std::function<bool()>& stop_;
  // By node.
  std::vector<Price> value_;
  std::vector<Tie> tie_;
  std::vector<char> tie_known_;
  std::vector<int32_t> via_;
  std::vector<int32_t> from_;
  std::vector<char> final_;
  std::vector<char> unreached_;
  int32_t left_ = 0;  // Nodes that are not final.
  Price loss_;
  std::priority_queue<TieLabel> ties_;
};

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_LONGEST_DISTANCES_H_
