// An auction in which groups of mentors have limits of their own (mentor-side quotas): finds about
// what a place in each group costs, and a plan and prices to repair from.
//
// Method: the auction of auction.h over nested limits. A place is open if neither the mentor nor a
// group around it is full. To enter where something is full, a need overbids the lowest bid of the
// smallest full set around the mentor: nested limits make a matroid, and that holder's leaving
// makes room in all larger sets too (auctions on matroids: Bikhchandani, de Vries, Schummer and
// Vohra 2011). So a mentor's price is the largest among its own and its groups', and prices only
// rise. What the groups' limits cost ("tolls") may then be taken off the weights, and the rest is a
// market without groups (quota_prices.h).

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_GROUP_AUCTION_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_GROUP_AUCTION_H_

#include <algorithm>
#include <cstdint>
#include <functional>
#include <numeric>
#include <utility>
#include <vector>

#include "services/matching/engine/assignment/bipartite/groups.h"
#include "services/matching/engine/assignment/bipartite/market.h"

namespace tandem::engine::bipartite {

template <typename Numbers>
class GroupAuction {
 public:
  using M = Market<Numbers>;
  using Price = typename M::Price;

  // `stop` is asked now and then whether to give up.
  GroupAuction(M* market, const Groups& groups, const std::function<bool()>& stop)
      : market_(*market),
        groups_(groups),
        stop_(stop),
        taken_(groups.room.size(), 0),
        level_(groups.room.size(), 0),
        bids_(groups.room.size()) {}

  // Starts from nothing, with outsides of 0. Afterwards load and capacity fit, and a need may hold
  // what is no longer its best. False if stopped.
  bool Run() {
    for (const auto weight : market_.weight) largest_ = std::max<Price>(largest_, weight);
    std::fill(market_.price.begin(), market_.price.end(), 0);
    std::fill(market_.rest.begin(), market_.rest.end(), M::kFar);
    Price increment = std::max<Price>(largest_ / kFirst, 1);
    while (true) {
      const bool last = increment <= std::max<Price>(largest_ / kLast, 1);
      LowerPrices(4 * kFactor * increment);
      Empty();
      if (!Bid(increment, last ? static_cast<size_t>(market_.needs() / 500) : 0)) return false;
      if (last) break;
      increment = std::max<Price>(increment / kFactor, 1);
    }
    return true;
  }

  // After Run. What the limit of a group, and of those around it, adds to a place's price.
  Price Toll(int32_t group) const {
    Price toll = 0;
    for (int32_t g = group; g >= 0; g = groups_.parent[g]) {
      if (Binds(g)) toll = std::max(toll, level_[g]);
    }
    return std::min<Price>(toll, largest_ + 1);
  }

  // What a place costs: the mentor's own price, or that of a group around it.
  Price PriceOf(int32_t j) const {
    Price price = market_.price[j];
    for (int32_t g = groups_.of_member[j]; g >= 0; g = groups_.parent[g]) {
      price = std::max(price, level_[g]);
    }
    return price;
  }

  // After Run. Whether a group's limit, or one around it, keeps units out.
  bool IsBound(int32_t group) const {
    bool bound = false;
    for (int32_t g = group; g >= 0; g = groups_.parent[g]) bound |= Binds(g);
    return bound;
  }

  // After Run. Whether no mentor has an open place, or would have one but for its groups.
  bool IsEverythingFull() const {
    for (int32_t j = 0; j < market_.mentors(); ++j) {
      if (market_.MentorRoom(j) > 0 && !IsBound(groups_.of_member[j])) return false;
    }
    return true;
  }

 private:
  // How increments fall, in parts of the largest weight. Prices are lowered before each round by
  // four of the round before: needs that leave give them a height of their own, not only
  // differences, and what a coarse round overshot would stay.
  static constexpr int kFirst = 20;
  static constexpr int kFactor = 7;
  static constexpr int kLast = 6000;

  struct GroupBid {
    Price bid;
    int32_t need;
    int32_t mentor;
    friend bool operator<(const GroupBid& a, const GroupBid& b) { return a.bid > b.bid; }
  };

  bool IsFull(int32_t group) const { return taken_[group] >= groups_.room[group]; }

  // Whether it is full but for what coarse increments leave open.
  bool Binds(int32_t group) const {
    return level_[group] > 0 && taken_[group] >= groups_.room[group] - groups_.room[group] / 16;
  }

  void LowerPrices(Price amount) {
    for (Price& rest : market_.rest) rest += amount;
    for (int32_t j = 0; j < market_.mentors(); ++j) {
      Price& price = market_.price[j];
      price = std::max<Price>(price - amount, 0);
      if (market_.mentor_capacity[j] == 0) price = largest_ + 1;
    }
    for (size_t g = 0; g < level_.size(); ++g) {
      level_[g] = groups_.room[g] <= 0 ? largest_ + 1 : std::max<Price>(level_[g] - amount, 0);
    }
  }

  void Empty() {
    market_.Empty();
    std::fill(taken_.begin(), taken_.end(), 0);
    for (auto& bids : bids_) bids.clear();
    waiting_.resize(market_.needs());
    std::iota(waiting_.begin(), waiting_.end(), 0);
  }

  // Lets the waiting needs bid until `enough` or fewer wait. False if stopped.
  bool Bid(Price increment, size_t enough) {
    int64_t bids = 0;
    for (size_t head = 0; waiting_.size() - head > enough;) {
      const int32_t need = waiting_[head++];
      if ((++bids & 4095) == 0 && stop_()) return false;
      if (head > 65536 && 2 * head > waiting_.size()) {
        waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<int64_t>(head));
        head = 0;
      }
      while (market_.NeedRoom(need) > 0 && BidOnce(need, increment)) ++bids;
    }
    return true;
  }

  // False if the need would rather leave its place unbought.
  bool BidOnce(int32_t need, Price increment) {
    const auto value = [this](uint32_t arc) {
      return static_cast<Price>(market_.weight[arc]) - PriceOf(market_.mentor_of[arc]);
    };
    const typename M::Best best = market_.FindBestBy(need, 0, value);
    if (best.mentor < 0 || best.value < 0) return false;
    const Price lead = best.value - std::max<Price>(best.second, 0);
    Sell(need, best, PriceOf(best.mentor) + lead + increment);
    return true;
  }

  void Sell(int32_t need, const typename M::Best& best, Price bid) {
    const int32_t j = best.mentor;
    MakeRoom(j);
    auto* const first = &market_.place[market_.place_begin[j]];
    int32_t& held = market_.mentor_load[j];
    first[held++] = {bid, need};
    std::push_heap(first, first + held, Higher);
    if (held == market_.mentor_capacity[j]) market_.price[j] = first->bid;
    market_.AddUnit(need, j, best.weight);
    for (int32_t g = groups_.of_member[j]; g >= 0; g = groups_.parent[g]) {
      ++taken_[g];
      bids_[g].push_back({bid, need, j});
      std::push_heap(bids_[g].begin(), bids_[g].end());
      if (IsFull(g)) level_[g] = std::max(level_[g], LowestBid(g).bid);
    }
  }

  // Of the smallest full set around the mentor, the holder with the lowest bid goes.
  void MakeRoom(int32_t j) {
    if (market_.MentorRoom(j) == 0) {
      Evict(market_.place[market_.place_begin[j]].need, j);
      return;
    }
    for (int32_t g = groups_.of_member[j]; g >= 0; g = groups_.parent[g]) {
      if (!IsFull(g)) continue;
      const GroupBid lowest = LowestBid(g);
      Evict(lowest.need, lowest.mentor);
      return;
    }
  }

  void Evict(int32_t need, int32_t j) {
    const bool was_full = market_.MentorRoom(j) == 0;
    market_.Release(need, j);
    auto* const first = &market_.place[market_.place_begin[j]];
    std::make_heap(first, first + market_.mentor_load[j], Higher);
    // Its groups' price stands for what its own was.
    if (was_full) market_.price[j] = 0;
    for (int32_t g = groups_.of_member[j]; g >= 0; g = groups_.parent[g]) --taken_[g];
    waiting_.push_back(need);
  }

  // Of a group that is not empty.
  const GroupBid& LowestBid(int32_t group) {
    std::vector<GroupBid>& bids = bids_[group];
    while (!Holds(bids.front())) {
      std::pop_heap(bids.begin(), bids.end());
      bids.pop_back();
    }
    return bids.front();
  }
  bool Holds(const GroupBid& bid) const {
    const auto first = market_.place.begin() + market_.place_begin[bid.mentor];
    return std::any_of(first, first + market_.mentor_load[bid.mentor], [&](const auto& place) {
      return place.need == bid.need && place.bid == bid.bid;
    });
  }

  static bool Higher(const typename M::Place& a, const typename M::Place& b) {
    return a.bid > b.bid;
  }

  M& market_;
  const Groups& groups_;
  const std::function<bool()>& stop_;
  Price largest_ = 0;  // Of all weights.
  std::vector<int32_t> waiting_;
  // By group.
  std::vector<int64_t> taken_;
  std::vector<Price> level_;
  std::vector<std::vector<GroupBid>> bids_;  // Heaps, with bids that no longer hold among them.
};

}  // namespace tandem::engine::bipartite

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_GROUP_AUCTION_H_
