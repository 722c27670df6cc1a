// The canonical prices of an optimal plan: the longest distances from the ground in the graph of
// changes (graph.h; the search is longest_distances.h's). Rows are looked through front first, as
// in repair.h.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_CANONICAL_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_CANONICAL_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "services/matching/engine/assignment/bipartite/graph.h"
#include "services/matching/engine/assignment/bipartite/market.h"
#include "services/matching/engine/assignment/bipartite/tie_values.h"
#include "services/matching/engine/assignment/longest_distances.h"

namespace tandem::engine::bipartite {

template <typename Numbers>
class CanonicalPrices
    : public LongestDistances<CanonicalPrices<Numbers>, typename Market<Numbers>::Price> {
 public:
  using M = Market<Numbers>;
  using Price = typename M::Price;
  using Base = LongestDistances<CanonicalPrices, Price>;

  CanonicalPrices(const M& market, const PinnedLoad& pinned, const TieValues& values,
                  const std::vector<Tie>& tie_prices, const std::function<bool()>& stop)
      : Base(NodeCount(market), -M::kFar, tie_prices, stop),
        market_(market),
        pinned_(pinned),
        values_(values) {}

 private:
  friend Base;

  // Steps that choose no pair; of others, twice the pair, and one more to give it up.
  static constexpr int32_t kSlotStep = -2;
  static constexpr int32_t kPlainStep = -3;

  Tie TieOfStep(int32_t via) const {
    if (via == kSlotStep) return values_.slot();
    if (via == kPlainStep) return Tie();
    const Tie value = values_.OfPair(via / 2);
    return via % 2 == 0 ? value : -value;
  }

  Price PriceOf(int32_t node) const { return PriceOfNode(market_, node); }

  void Leave(int32_t node) {
    if (node == 0) return LeaveGround();
    if (node > market_.needs()) return LeaveMentor(node - MentorNode(market_, 0));
    const int32_t i = node - NeedNode(0);
    const bool whole_row = market_.rest[i] >= market_.level[i];
    const uint32_t end = whole_row ? market_.row_end[i] : market_.FrontEnd(i);
    LookAtArcs(i, market_.row_begin[i], end);
    // The others need not be looked at before the best of them may count.
    if (market_.row_end[i] > end) {
      this->queue_.push({this->loss() + market_.level[i] - market_.rest[i], ~node});
    }
  }

  void LeaveGround() {
    for (int32_t i = 0; i < market_.needs(); ++i) {
      if (market_.NeedRoom(i) <= 0) continue;
      this->Reach(NeedNode(i), -market_.OutsideNext(i), 0, kSlotStep);
    }
    for (int32_t j = 0; j < market_.mentors(); ++j) {
      if (market_.mentor_load[j] + pinned_.OfMentor(j) == 0) continue;
      this->Reach(MentorNode(market_, j), 0, 0, kPlainStep);
    }
  }

  void LeaveMentor(int32_t j) {
    const int32_t node = MentorNode(market_, j);
    const uint32_t first = market_.place_begin[j];
    for (uint32_t p = first; p < first + market_.mentor_load[j]; ++p) {
      const int32_t i = market_.place[p].need;
      const uint32_t unit = market_.UnitOf(i, j);
      const Price money = this->value(node) - static_cast<Price>(market_.unit_weight[unit]);
      if (!this->MayReach(NeedNode(i), money)) continue;
      this->Reach(NeedNode(i), money, node, 2 * PairOf(i, j) + 1);
    }
  }

  int32_t PairOf(int32_t i, int32_t j) const {
    uint32_t arc = market_.row_begin[i];
    while (market_.mentor_of[arc] != j) ++arc;
    return market_.pair_of[arc];
  }

  void LookAtRest(int32_t node) {
    const int32_t i = node - NeedNode(0);
    LookAtArcs(i, market_.FrontEnd(i), market_.row_end[i]);
  }

  void LookAtArcs(int32_t i, uint32_t begin, uint32_t end) {
    const Price base = this->value(NeedNode(i));
    for (uint32_t arc = begin; arc < end; ++arc) {
      const int32_t j = market_.mentor_of[arc];
      const Price money = base + static_cast<Price>(market_.weight[arc]);
      const int32_t node = MentorNode(market_, j);
      if (!this->MayReach(node, money)) continue;
      if (market_.load[i] > 0 && market_.IsChosen(i, j)) continue;
      this->Reach(node, money, NeedNode(i), 2 * market_.pair_of[arc]);
    }
  }

  const M& market_;
  const PinnedLoad& pinned_;
  const TieValues& values_;
};

}  // namespace tandem::engine::bipartite

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_CANONICAL_H_
