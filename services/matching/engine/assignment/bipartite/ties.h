// Lets draws decide: of the plans of largest money, makes the market's plan the one with the
// largest tie value (tie_links.h), and finds tie prices.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_TIES_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_TIES_H_

#include <algorithm>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "services/matching/engine/assignment/bipartite/graph.h"
#include "services/matching/engine/assignment/bipartite/market.h"
#include "services/matching/engine/assignment/bipartite/tie_market.h"
#include "services/matching/engine/assignment/bipartite/tie_values.h"
#include "services/matching/engine/assignment/tie_links.h"

namespace tandem::engine::bipartite {

template <typename Numbers>
class TieBreaker {
 public:
  using M = Market<Numbers>;
  using Price = typename M::Price;

  TieBreaker(M* market, const PinnedLoad& pinned, const TieValues& values,
             const std::function<bool()>& stop)
      : market_(*market), pinned_(pinned), values_(values), stop_(stop) {}

  // False if stopped. The market's plan must be optimal and its levels valid.
  bool Run() {
    ListLinks();
    TieSolver solver(
        NodeCount(market_), std::move(links_), [this](size_t k) { return ValueOf(owners_[k]); },
        values_.Worst());
    if (values_.FirstFits<TieMarket::Numbers>()) {
      solver.DecideInsideBy([this](const auto& inside, auto* links, auto* prices) {
        const auto pair_of = [this](size_t k) { return market_.pair_of[owners_[k].arc]; };
        return TieMarket(values_, inside, pair_of, links, prices).Run(stop_);
      });
    }
    if (!solver.Run([this](int64_t) { return stop_(); })) return false;
    prices_ = solver.prices();
    Apply(solver);
    return true;
  }

  // By node.
  const std::vector<Tie>& prices() const { return prices_; }

 private:
  // What a link stands for: an arc of the market, a need's slots, or neither (-1).
  struct Owner {
    uint32_t arc = 0;
    bool is_arc = false;
    bool is_slot = false;
  };

  Tie ValueOf(const Owner& owner) const {
    if (owner.is_arc) return values_.OfPair(market_.pair_of[owner.arc]);
    return owner.is_slot ? values_.slot() : Tie();
  }

  void Add(int32_t tail, int32_t head, int64_t capacity, int64_t flow, const Owner& owner) {
    if (capacity == 0) return;
    links_.push_back({tail, head, capacity, flow});
    owners_.push_back(owner);
  }

  void ListLinks() {
    for (int32_t i = 0; i < market_.needs(); ++i) {
      ListArcs(i);
      ListSlots(i);
    }
    for (int32_t j = 0; j < market_.mentors(); ++j) {
      if (market_.price[j] != 0) continue;
      const int64_t pinned = pinned_.OfMentor(j);
      Add(MentorNode(market_, j), 0, market_.mentor_capacity[j] + pinned,
          market_.mentor_load[j] + pinned, Owner());
    }
  }

  void ListArcs(int32_t i) {
    const bool whole_row = market_.load[i] > 0 || market_.rest[i] >= market_.level[i];
    const uint32_t end = whole_row ? market_.row_end[i] : market_.FrontEnd(i);
    for (uint32_t arc = market_.row_begin[i]; arc < end; ++arc) {
      if (market_.Value(arc) != market_.level[i]) continue;
      const int32_t j = market_.mentor_of[arc];
      Add(NeedNode(i), MentorNode(market_, j), 1, market_.IsChosen(i, j) ? 1 : 0,
          {arc, true, false});
    }
  }

  // The links between the ground and a need: one for the first unit and one for the rest, or one
  // for all if they are worth the same.
  void ListSlots(int32_t i) {
    const uint8_t kind = market_.need_class[i];
    const int64_t flow = market_.load[i] + int64_t{pinned_.OfNeed(i)};
    const int64_t capacity = market_.capacity[i] + int64_t{pinned_.OfNeed(i)};
    const Price first = market_.first_outside[kind];
    const Price rest = market_.rest_outside[kind];
    if (first == rest) return ListSlot(i, rest, flow, capacity);
    ListSlot(i, first, std::min<int64_t>(flow, 1), std::min<int64_t>(capacity, 1));
    ListSlot(i, rest, std::max<int64_t>(flow - 1, 0), std::max<int64_t>(capacity - 1, 0));
  }

  void ListSlot(int32_t i, Price outside, int64_t flow, int64_t capacity) {
    if (market_.level[i] == outside) Add(0, NeedNode(i), capacity, flow, {0, false, true});
  }

  // Changes the plan to the flows found: first what is given up, then what is chosen.
  void Apply(const TieSolver& solver) {
    for (const bool choose : {false, true}) {
      for (size_t k = 0; k < owners_.size(); ++k) {
        if (!owners_[k].is_arc || (solver.flow(k) > 0) != choose) continue;
        const int32_t i = solver.link(k).tail - NeedNode(0);
        const int32_t j = market_.mentor_of[owners_[k].arc];
        if (market_.IsChosen(i, j) == choose) continue;
        if (choose) {
          market_.Choose(i, j, market_.weight[owners_[k].arc]);
        } else {
          market_.Release(i, j);
        }
      }
    }
  }

  M& market_;
  const PinnedLoad& pinned_;
  const TieValues& values_;
  const std::function<bool()>& stop_;
  std::vector<TieLink> links_;
  std::vector<Owner> owners_;  // By link.
  std::vector<Tie> prices_;
};

}  // namespace tandem::engine::bipartite

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_TIES_H_
