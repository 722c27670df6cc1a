// Ties as a market of their own, for where whole regions of the plan tie (all scores equal, or few
// different ones): the links inside strongly connected parts (tie_links.h), each pair worth what it
// counts among ties. The auction and its repair find the plan and prices; the general way would be
// a network simplex over all of them.
//
// A part leaves some loads open and fixes others. A need whose link to the ground is in the part
// may give places up, others must keep as many as they have: leaving one open is then worse than
// any sum. A mentor whose link to the ground is in the part may have room; the places of others
// must all be taken, so their floor is as low.
//
// The draws of the next seed count only between plans that are equal even so: links that lose
// nothing by the prices found are looked at once more.
//
// Thread-compatible.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_TIE_MARKET_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_TIE_MARKET_H_

#include <algorithm>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "services/matching/engine/assignment/bipartite/market.h"
#include "services/matching/engine/assignment/bipartite/repair.h"
#include "services/matching/engine/assignment/bipartite/start.h"
#include "services/matching/engine/assignment/bipartite/tie_values.h"
#include "services/matching/engine/assignment/tie_links.h"

namespace tandem::engine::bipartite {

class TieMarket {
 public:
  using Numbers = WideNumbers;
  using M = Market<Numbers>;

  // Links lead from needs to mentors, from the ground to needs and from mentors to the ground.
  // `pair_of`: the pair of a link between a need and a mentor. `values` must fit (FirstFits).
  TieMarket(const TieValues& values, const std::vector<size_t>& inside,
            std::function<int32_t(size_t link)> pair_of, std::vector<TieLink>* links,
            std::vector<Tie>* prices)
      : values_(values),
        inside_(inside),
        pair_of_(std::move(pair_of)),
        links_(*links),
        prices_(*prices) {}

  // Sets the flow of the links and the prices of their nodes, that of the ground 0. False if
  // stopped.
  bool Run(const std::function<bool()>& stop) {
    NumberNodes();
    FillRows();
    SetNeeds();
    SetMentors();
    if (!Solve(stop)) return false;
    TakeFlows();
    return DecideBySecond(stop);
  }

 private:
  enum class Kind { kPair, kSlot, kPlace };

  // What the links say about a need's, or mentor's, load inside its part.
  struct Load {
    int32_t node = 0;
    int64_t units = 0;  // Of links to the other side.
    int64_t flow = 0;   // On the link with the ground, if that is inside.
    int64_t room = 0;
    bool is_open = false;
  };

  static Kind KindOf(const TieLink& link) {
    if (link.tail == 0) return Kind::kSlot;
    return link.head == 0 ? Kind::kPlace : Kind::kPair;
  }
  // The node, other than the ground, of a link with the ground.
  static int32_t PartyOf(const TieLink& link) { return link.tail + link.head; }

  void NumberNodes() {
    number_.assign(prices_.size(), -1);
    for (size_t k : inside_) {
      const TieLink& link = links_[k];
      if (KindOf(link) != Kind::kPair) continue;
      LoadOf(link.tail, &needs_).units += link.flow;
      LoadOf(link.head, &mentors_).units += link.flow;
    }
    for (size_t k : inside_) {
      const TieLink& link = links_[k];
      if (KindOf(link) == Kind::kPair) continue;
      Load& load = LoadOf(PartyOf(link), KindOf(link) == Kind::kSlot ? &needs_ : &mentors_);
      load.flow += link.flow;
      load.room += link.capacity - link.flow;
      load.is_open = true;
    }
  }
  Load& LoadOf(int32_t node, std::vector<Load>* side) {
    if (number_[node] < 0) {
      number_[node] = static_cast<int32_t>(side->size());
      side->emplace_back();
      side->back().node = node;
    }
    return (*side)[number_[node]];
  }

  void FillRows() {
    market_.row_begin.assign(needs_.size() + 1, 0);
    arcs_of_mentor_.assign(mentors_.size(), 0);
    for (size_t k : inside_) {
      if (KindOf(links_[k]) != Kind::kPair) continue;
      ++market_.row_begin[number_[links_[k].tail] + 1];
      ++arcs_of_mentor_[number_[links_[k].head]];
    }
    for (size_t i = 0; i < needs_.size(); ++i) market_.row_begin[i + 1] += market_.row_begin[i];
    market_.row_end.assign(market_.row_begin.begin(), market_.row_begin.end() - 1);
    const uint32_t arcs = market_.row_begin.back();
    market_.mentor_of.resize(arcs);
    market_.weight.resize(arcs);
    market_.pair_of.resize(arcs);
    for (size_t k : inside_) {
      if (KindOf(links_[k]) != Kind::kPair) continue;
      const uint32_t arc = market_.row_end[number_[links_[k].tail]]++;
      market_.mentor_of[arc] = number_[links_[k].head];
      market_.weight[arc] = values_.FirstOfPair(pair_of_(k));
      market_.pair_of[arc] = static_cast<int32_t>(k);
    }
  }

  // Classes of needs: those that may give all places up, all but the first, or none.
  void SetNeeds() {
    const Int128 open = -values_.FirstOfSlot();
    const Int128 never = -values_.FirstFar();
    market_.first_outside = {open, never, never};
    market_.rest_outside = {open, open, never};
    market_.unit_begin.assign(1, 0);
    for (size_t i = 0; i < needs_.size(); ++i) {
      const Load& load = needs_[i];
      const uint32_t arcs = market_.row_end[i] - market_.row_begin[i];
      const auto capacity = static_cast<uint32_t>(std::min<int64_t>(load.units + load.room, arcs));
      uint8_t need_class = load.is_open ? 0 : 2;
      // Only the link of the units after the first may be inside.
      if (load.is_open && load.units > load.flow) need_class = 1;
      market_.need_class.push_back(need_class);
      market_.capacity.push_back(static_cast<int32_t>(capacity));
      market_.unit_begin.push_back(market_.unit_begin.back() + capacity);
    }
    market_.load.assign(needs_.size(), 0);
    market_.level.assign(needs_.size(), 0);
    market_.rest.assign(needs_.size(), M::kFar);
    market_.unit_mentor.assign(market_.unit_begin.back(), -1);
    market_.unit_weight.assign(market_.unit_begin.back(), 0);
  }

  void SetMentors() {
    market_.place_begin.assign(1, 0);
    for (size_t j = 0; j < mentors_.size(); ++j) {
      const Load& load = mentors_[j];
      const auto capacity =
          static_cast<uint32_t>(std::min<int64_t>(load.units + load.room, arcs_of_mentor_[j]));
      market_.mentor_capacity.push_back(static_cast<int32_t>(capacity));
      market_.place_begin.push_back(market_.place_begin.back() + capacity);
      market_.floor.push_back(load.is_open ? Int128{0} : -values_.FirstFar());
    }
    market_.mentor_load.assign(mentors_.size(), 0);
    market_.price.assign(mentors_.size(), 0);
    market_.place.assign(market_.place_begin.back(), M::Place());
  }

  bool Solve(const std::function<bool()>& stop) {
    Repair<Numbers> repair(&market_, &stop);
    if (stop() || !FindStart(&market_, &repair, stop)) return false;
    repair.SettleAll();
    return repair.Run();
  }

  void TakeFlows() {
    for (int32_t i = 0; i < market_.needs(); ++i) {
      for (uint32_t arc = market_.row_begin[i]; arc < market_.row_end[i]; ++arc) {
        links_[market_.pair_of[arc]].flow = market_.IsChosen(i, market_.mentor_of[arc]) ? 1 : 0;
      }
    }
    for (size_t k : inside_) {
      TieLink& link = links_[k];
      if (KindOf(link) == Kind::kPair) continue;
      const int32_t party = number_[PartyOf(link)];
      const bool is_need = KindOf(link) == Kind::kSlot;
      const int64_t now = is_need ? market_.load[party] : market_.mentor_load[party];
      link.flow += now - (is_need ? needs_[party] : mentors_[party]).units;
    }
  }

  // Whether flow may change on a link with the ground without loss.
  bool LosesNothing(const TieLink& link) const {
    const int32_t party = number_[PartyOf(link)];
    if (KindOf(link) == Kind::kPlace) return market_.price[party] == 0;
    return market_.level[party] == -values_.FirstOfSlot();
  }

  bool DecideBySecond(const std::function<bool()>& stop) {
    std::vector<size_t> owner;
    for (int32_t i = 0; i < market_.needs(); ++i) {
      for (uint32_t arc = market_.row_begin[i]; arc < market_.row_end[i]; ++arc) {
        if (market_.Value(arc) != market_.level[i]) continue;
        owner.push_back(static_cast<size_t>(market_.pair_of[arc]));
      }
    }
    for (size_t k : inside_) {
      if (KindOf(links_[k]) != Kind::kPair && LosesNothing(links_[k])) owner.push_back(k);
    }
    std::vector<TieLink> still;
    still.reserve(owner.size());
    for (size_t k : owner) still.push_back(links_[k]);
    TieSolver solver(
        static_cast<int32_t>(prices_.size()), std::move(still),
        [&](size_t s) {
          return KindOf(links_[owner[s]]) == Kind::kPair ? values_.SecondOfPair(pair_of_(owner[s]))
                                                         : Tie();
        },
        values_.Worst());
    if (!solver.Run([&stop](int64_t) { return stop(); })) return false;
    for (size_t s = 0; s < owner.size(); ++s) links_[owner[s]].flow = solver.flow(s);
    prices_[0] = solver.prices()[0];
    for (int32_t i = 0; i < market_.needs(); ++i) {
      const int32_t node = needs_[i].node;
      prices_[node] = values_.FromFirst(-market_.level[i]) + solver.prices()[node];
    }
    for (int32_t j = 0; j < market_.mentors(); ++j) {
      const int32_t node = mentors_[j].node;
      prices_[node] = values_.FromFirst(market_.price[j]) + solver.prices()[node];
    }
    return true;
  }

  const TieValues& values_;
  const std::vector<size_t>& inside_;
  const std::function<int32_t(size_t link)> pair_of_;
  std::vector<TieLink>& links_;
  std::vector<Tie>& prices_;
  std::vector<int32_t> number_;  // By node: its place among needs, or mentors, of the market.
  std::vector<Load> needs_;
  std::vector<Load> mentors_;
  std::vector<uint32_t> arcs_of_mentor_;
  M market_;  // Of whose arcs `pair_of` is the link.
};

}  // namespace tandem::engine::bipartite

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_TIE_MARKET_H_
