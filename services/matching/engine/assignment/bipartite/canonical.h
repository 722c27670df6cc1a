// The canonical prices of an optimal plan: the longest distances from the ground in the graph of
// changes (graph.h), compared as (money, tie). A node that no step reaches is counted from itself,
// or from another such node, with "unreached" -1.
//
// By Dijkstra's method relative to known valid prices (Johnson 1977): then no step gains, and the
// node that loses least is final. Money decides alone nearly always, so ties are worked out only
// for nodes that are final, and where money is equal. Rows are looked through front first, as in
// repair.h.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_CANONICAL_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_CANONICAL_H_

#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

#include "services/matching/engine/assignment/bipartite/graph.h"
#include "services/matching/engine/assignment/bipartite/market.h"
#include "services/matching/engine/assignment/bipartite/tie_values.h"

namespace tandem::engine::bipartite {

template <typename Numbers>
class CanonicalPrices {
 public:
  using M = Market<Numbers>;
  using Price = typename M::Price;

  CanonicalPrices(const M& market, const PinnedLoad& pinned, const TieValues& values,
                  const std::vector<Tie>& tie_prices, const std::function<bool()>& stop)
      : market_(market),
        pinned_(pinned),
        values_(values),
        tie_prices_(tie_prices),
        stop_(stop),
        money_(NodeCount(market), -M::kFar),
        tie_(NodeCount(market)),
        tie_known_(NodeCount(market), 0),
        from_pair_(NodeCount(market), -1),
        from_(NodeCount(market), -1),
        final_(NodeCount(market), 0),
        unreached_(NodeCount(market), 0) {}

  // False if stopped.
  bool Run() {
    left_ = NodeCount(market_);
    Reach(0, 0, -1, -1);
    if (!Search()) return false;
    if (left_ == 0) return true;
    for (int32_t v = 0; v < NodeCount(market_); ++v) {
      if (final_[v]) continue;
      unreached_[v] = 1;
      Reach(v, 0, -1, -1);
    }
    return Search();
  }

  bool unreached(int32_t node) const { return unreached_[node] != 0; }
  Price money(int32_t node) const { return money_[node]; }
  const Tie& tie(int32_t node) const { return tie_[node]; }

 private:
  struct Label {
    Price loss;
    int32_t node;  // A node, or ~i: the rest of need i's row.
    friend bool operator<(const Label& a, const Label& b) { return b.loss < a.loss; }
  };
  struct TieLabel {
    Tie loss;
    int32_t node;
    friend bool operator<(const TieLabel& a, const TieLabel& b) { return b.loss < a.loss; }
  };

  Price Loss(int32_t node) const { return PriceOfNode(market_, node) - money_[node]; }

  // Makes all nodes final that steps from the labelled ones reach.
  bool Search() {
    int64_t steps = 0;
    while (!queue_.empty() && left_ > 0) {
      loss_ = queue_.top().loss;
      while (!queue_.empty() && queue_.top().loss == loss_) {
        const int32_t node = queue_.top().node;
        queue_.pop();
        if (node < 0) {
          LookAtRest(~node);
        } else if (!final_[node] && Loss(node) == loss_) {
          PushTie(node);
        }
        if (queue_.empty() || queue_.top().loss != loss_) FinishTies();
      }
      if (++steps % 256 == 0 && stop_()) return false;
    }
    queue_ = {};
    return true;
  }

  // Nodes of equal loss of money, in the order of their loss of tie.
  void FinishTies() {
    while (!ties_.empty()) {
      const int32_t node = ties_.top().node;
      ties_.pop();
      if (final_[node]) continue;
      final_[node] = 1;
      --left_;
      Leave(node);
    }
  }

  void PushTie(int32_t node) { ties_.push({tie_prices_[node] - TieOf(node), node}); }

  const Tie& TieOf(int32_t node) {
    if (!tie_known_[node]) {
      tie_[node] = TieFrom(node, from_[node], from_pair_[node]);
      tie_known_[node] = 1;
    }
    return tie_[node];
  }

  // The tie of `node` if reached from `from` (-1: it is a start).
  Tie TieFrom(int32_t node, int32_t from, int32_t pair) const {
    if (from < 0) return Tie();
    if (pair < 0) return tie_[from] + (node <= market_.needs() ? values_.slot() : Tie());
    const Tie value = values_.OfPair(pair);
    return node <= market_.needs() ? tie_[from] - value : tie_[from] + value;
  }

  void Reach(int32_t node, Price money, int32_t from, int32_t pair) {
    if (money < money_[node] || final_[node]) return;
    if (money == money_[node]) {
      const Tie tie = TieFrom(node, from, pair);
      if (!(TieOf(node) < tie)) return;
      tie_[node] = tie;
    }
    tie_known_[node] = money == money_[node] ? 1 : 0;
    money_[node] = money;
    from_[node] = from;
    from_pair_[node] = pair;
    const Price loss = Loss(node);
    if (from >= 0 && loss == loss_) {
      PushTie(node);
    } else {
      queue_.push({loss, node});
    }
  }

  void Leave(int32_t node) {
    if (node == 0) return LeaveGround();
    if (node > market_.needs()) return LeaveMentor(node - MentorNode(market_, 0));
    const int32_t i = node - NeedNode(0);
    const bool whole_row = market_.rest[i] >= market_.level[i];
    const uint32_t end = whole_row ? market_.row_end[i] : market_.FrontEnd(i);
    LookAtArcs(i, market_.row_begin[i], end);
    // The others need not be looked at before the best of them may count.
    if (market_.row_end[i] > end) queue_.push({loss_ + market_.level[i] - market_.rest[i], ~i});
  }

  void LeaveGround() {
    for (int32_t i = 0; i < market_.needs(); ++i) {
      if (market_.NeedRoom(i) <= 0) continue;
      Reach(NeedNode(i), -market_.OutsideNext(i), 0, -1);
    }
    for (int32_t j = 0; j < market_.mentors(); ++j) {
      if (market_.mentor_load[j] + pinned_.OfMentor(j) == 0) continue;
      Reach(MentorNode(market_, j), 0, 0, -1);
    }
  }

  void LeaveMentor(int32_t j) {
    const int32_t node = MentorNode(market_, j);
    const uint32_t first = market_.place_begin[j];
    for (uint32_t p = first; p < first + market_.mentor_load[j]; ++p) {
      const int32_t i = market_.place[p].need;
      if (final_[NeedNode(i)]) continue;
      const uint32_t unit = market_.UnitOf(i, j);
      const Price money = money_[node] - static_cast<Price>(market_.unit_weight[unit]);
      if (money < money_[NeedNode(i)]) continue;
      Reach(NeedNode(i), money, node, PairOf(i, j));
    }
  }

  int32_t PairOf(int32_t i, int32_t j) const {
    uint32_t arc = market_.row_begin[i];
    while (market_.mentor_of[arc] != j) ++arc;
    return market_.pair_of[arc];
  }

  void LookAtRest(int32_t i) { LookAtArcs(i, market_.FrontEnd(i), market_.row_end[i]); }

  void LookAtArcs(int32_t i, uint32_t begin, uint32_t end) {
    const Price base = money_[NeedNode(i)];
    for (uint32_t arc = begin; arc < end; ++arc) {
      const int32_t j = market_.mentor_of[arc];
      const Price money = base + static_cast<Price>(market_.weight[arc]);
      const int32_t node = MentorNode(market_, j);
      if (money < money_[node] || final_[node]) continue;
      if (market_.load[i] > 0 && market_.IsChosen(i, j)) continue;
      Reach(node, money, NeedNode(i), market_.pair_of[arc]);
    }
  }

  const M& market_;
  const PinnedLoad& pinned_;
  const TieValues& values_;
  const std::vector<Tie>& tie_prices_;
  const std::function<bool()>& stop_;
  // By node.
  std::vector<Price> money_;
  std::vector<Tie> tie_;
  std::vector<char> tie_known_;
  std::vector<int32_t> from_pair_;
  std::vector<int32_t> from_;
  std::vector<char> final_;
  std::vector<char> unreached_;
  int32_t left_ = 0;  // Nodes that are not final.
  Price loss_ = -M::kFar;
  std::priority_queue<Label> queue_;
  std::priority_queue<TieLabel> ties_;
};

}  // namespace tandem::engine::bipartite

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_CANONICAL_H_
