// What quotas that bind cost: found by auctions (group_auction.h) where the plan without them
// breaks them far, and taken off the weights, so that what is left is a market without quotas whose
// best plan breaks them little.
//
// The limits of mentors' groups take part in an auction where needs bid, those of needs' groups in
// one of the transposed market, where mentors bid. Nothing rests on the prices being right:
// relaxation.h only starts from there.
//
// Thread-compatible.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_QUOTA_PRICES_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_QUOTA_PRICES_H_

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

#include "services/matching/engine/assignment/bipartite/build_market.h"
#include "services/matching/engine/assignment/bipartite/group_auction.h"
#include "services/matching/engine/assignment/bipartite/groups.h"
#include "services/matching/engine/assignment/bipartite/market.h"
#include "services/matching/engine/assignment/bipartite/transposed.h"

namespace tandem::engine::bipartite {

template <typename Numbers>
class QuotaPrices {
 public:
  using M = Market<Numbers>;
  using Price = typename M::Price;

  QuotaPrices(Groups of_needs, Groups of_mentors)
      : of_needs_(std::move(of_needs)), of_mentors_(std::move(of_mentors)) {}

  // From a plan found without quotas. Where it breaks them far, the weights become those less the
  // tolls, and plan and prices about right for them. `slot_worth`: what filling a slot is worth
  // before points count, 0 if slots differ in that. False if stopped.
  bool Run(Price slot_worth, M* market, const std::function<bool()>& stop) {
    if (IsFarBeyond(of_mentors_, market->mentor_load, *market) &&
        !PriceMentors(slot_worth, market, stop)) {
      return false;
    }
    return !IsFarBeyond(of_needs_, market->load, *market) || PriceNeeds(slot_worth, market, stop);
  }

  // What every slot costs because all places are full.
  Price slot_price() const { return slot_price_; }
  // Whether a slot costs what filling it is worth where a limit of needs binds.
  bool is_filling_paid() const { return filling_price_ != 0; }

  // What a unit of a need, or mentor, or one in a quota, costs besides what the market knows.
  Price OfNeed(int32_t i) const {
    return need_tolls_.empty() ? Price{0} : OfGroup(need_tolls_, of_needs_.of_member[i]);
  }
  Price OfMentor(int32_t j) const {
    return mentor_tolls_.empty() ? Price{0} : OfGroup(mentor_tolls_, of_mentors_.of_member[j]);
  }
  // Of a quota of needs; 0 for the others.
  Price OfNeedQuota(size_t quota) const {
    if (need_tolls_.empty()) return 0;
    return need_tolls_[quota] + (is_bound_[quota] ? filling_price_ : Price{0});
  }
  // Likewise.
  Price OfMentorQuota(size_t quota) const {
    return mentor_tolls_.empty() ? Price{0} : mentor_tolls_[quota];
  }

 private:
  // Whether so many units are beyond the limits that pricing them is quicker than a path for each.
  // Counted before needs give back what is not quite their best: they will hold something in the
  // end.
  static bool IsFarBeyond(const Groups& groups, const std::vector<int32_t>& load, const M& market) {
    return !groups.empty() && groups.Excess(load) > market.needs() / 200;
  }

  bool PriceMentors(Price slot_worth, M* market, const std::function<bool()>& stop) {
    GroupAuction<Numbers> auction(market, of_mentors_, stop);
    if (!auction.Run()) return false;
    mentor_tolls_ = TollsOf(auction, of_mentors_);
    // Where all groups are full no plan fills more slots: instead of being filled against the
    // limits, every slot costs what filling it is worth.
    if (auction.IsEverythingFull()) slot_price_ = slot_worth;
    for (int32_t j = 0; j < market->mentors(); ++j) {
      market->price[j] = std::max<Price>(market->price[j] - OfMentor(j), 0);
    }
    TakeOff(market, [this](int32_t, int32_t j) { return OfMentor(j); });
    return true;
  }

  bool PriceNeeds(Price slot_worth, M* market, const std::function<bool()>& stop) {
    M turned = Transposed(*market);
    GroupAuction<Numbers> auction(&turned, of_needs_, stop);
    if (!auction.Run()) return false;
    need_tolls_ = TollsOf(auction, of_needs_);
    const int32_t groups = static_cast<int32_t>(need_tolls_.size());
    for (int32_t g = 0; g < groups; ++g) is_bound_.push_back(auction.IsBound(g));
    if (slot_price_ == 0 && AreLimitsTighterThanPlaces(*market)) filling_price_ = slot_worth;
    TakeOff(market, [this](int32_t i, int32_t) { return OfNeed(i); });
    TakePlan(turned, auction, market);
    if (filling_price_ != 0) PaySlots(market);
    return true;
  }

  static std::vector<Price> TollsOf(const GroupAuction<Numbers>& auction, const Groups& groups) {
    std::vector<Price> tolls;
    for (size_t g = 0; g < groups.room.size(); ++g) {
      tolls.push_back(auction.Toll(static_cast<int32_t>(g)));
    }
    return tolls;
  }
  static Price OfGroup(const std::vector<Price>& tolls, int32_t group) {
    return group < 0 ? Price{0} : tolls[group];
  }

  // Whether another slot in a group that is full would find a place: then it fills more.
  bool AreLimitsTighterThanPlaces(const M& market) const {
    std::vector<int32_t> slots(market.load.size());
    for (size_t i = 0; i < slots.size(); ++i) {
      slots[i] = static_cast<int32_t>(market.unit_begin[i + 1] - market.unit_begin[i]);
    }
    return of_needs_.Allowed(slots) <= static_cast<int64_t>(market.place.size());
  }

  void PaySlots(M* market) const {
    for (int32_t i = 0; i < market->needs(); ++i) {
      const int32_t group = of_needs_.of_member[i];
      if (group >= 0 && is_bound_[group]) market->need_class[i] = kPaidSlots;
    }
  }

  // `toll` by need and mentor. The plan's weights, too.
  template <typename TollFn>
  static void TakeOff(M* market, const TollFn& toll) {
    for (int32_t i = 0; i < market->needs(); ++i) {
      for (uint32_t arc = market->row_begin[i]; arc < market->row_end[i]; ++arc) {
        Lower(toll(i, market->mentor_of[arc]), &market->weight[arc]);
      }
      for (int32_t k = 0; k < market->load[i]; ++k) {
        const uint32_t unit = market->unit_begin[i] + k;
        Lower(toll(i, market->unit_mentor[unit]), &market->unit_weight[unit]);
      }
    }
    std::fill(market->rest.begin(), market->rest.end(), M::kFar);
  }
  // As far as a weight can hold less: nobody takes what is worth so little.
  static void Lower(Price toll, typename M::Weight* weight) {
    const Price least = std::numeric_limits<typename M::Weight>::min();
    *weight = static_cast<typename M::Weight>(std::max<Price>(*weight - toll, least));
  }

  // The plan of the transposed market, and what mentors would bid at most as their prices. The
  // weights are those less the tolls already.
  static void TakePlan(const M& turned, const GroupAuction<Numbers>& auction, M* market) {
    market->Empty();
    for (int32_t j = 0; j < market->mentors(); ++j) {
      Price best_left = 0;
      for (uint32_t arc = turned.row_begin[j]; arc < turned.row_end[j]; ++arc) {
        const int32_t i = turned.mentor_of[arc];
        if (turned.IsChosen(j, i)) continue;
        best_left = std::max<Price>(best_left, turned.weight[arc] - auction.PriceOf(i));
      }
      market->price[j] = turned.NeedRoom(j) > 0 ? Price{0} : best_left;
    }
    for (int32_t i = 0; i < market->needs(); ++i) {
      for (int32_t k = 0; k < turned.mentor_load[i]; ++k) {
        const int32_t j = turned.place[turned.place_begin[i] + k].need;
        uint32_t arc = market->row_begin[i];
        while (market->mentor_of[arc] != j) ++arc;
        market->Choose(i, j, market->weight[arc]);
      }
    }
  }

  // With the problem's quotas' indices; empty if they do not count.
  const Groups of_needs_;
  const Groups of_mentors_;
  // By quota; empty if not priced.
  std::vector<Price> need_tolls_;
  std::vector<Price> mentor_tolls_;
  std::vector<bool> is_bound_;  // Whether the limit of needs binds.
  Price slot_price_ = 0;
  Price filling_price_ = 0;
};

}  // namespace tandem::engine::bipartite

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_QUOTA_PRICES_H_
