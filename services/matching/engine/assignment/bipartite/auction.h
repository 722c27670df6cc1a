// A quick, nearly optimal plan with prices: the start from which repair.h reaches the optimum.
//
// Method: Bertsekas, "The auction algorithm" (1988), with mentors of several places and scaled
// increments (Bertsekas and Castanon 1989; Goldberg and Kennedy 1995, "An efficient cost scaling
// algorithm for the assignment problem"). A need bids for its best place the price at which it
// would be indifferent to its second best, plus an increment; a mentor sells to the highest bids.
// The first round bids without increment from prices of 0 (the row reduction of Jonker and
// Volgenant 1987). Where it leaves few needs unserved they are repaired. Where most bids raised
// nothing, as a second best was as good, paths that cost nothing may serve the others
// (tight_steps.h). Else increments fall from round to round, and prices are lowered before each by
// a few of the last increments.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_AUCTION_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_AUCTION_H_

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include "absl/base/attributes.h"
#include "services/matching/engine/assignment/bipartite/market.h"

namespace tandem::engine::bipartite {

template <typename Numbers>
class Auction {
 public:
  using M = Market<Numbers>;
  using Price = typename M::Price;

  // `stop` is asked now and then whether to give up.
  Auction(M* market, const std::function<bool()>& stop) : market_(*market), stop_(stop) {}

  // Starts from an empty plan, prices of 0 and outsides of 0. Afterwards load and capacity fit, but
  // a need may hold what is no longer its best: repair.h settles that. False if stopped.
  bool RunFirst() {
    for (const auto weight : market_.weight) largest_ = std::max<Price>(largest_, weight);
    CloseFullMentors();
    WaitAll();
    return Bid(0, market_.needs(), market_.needs() / 1000);
  }
  // After RunFirst. Whether so few needs are unserved that repairing them is quicker.
  bool IsNearlyDone() const { return IsFew(static_cast<int64_t>(waiting_.size())); }
  bool IsFew(int64_t unserved) const { return unserved <= market_.needs() / 50; }
  // Whether most bids raised nothing.
  bool IsFlat() const { return 2 * flat_bids_ > bids_; }

  // After RunFirst: with increments. `anew`: from an empty plan. False if stopped.
  bool RunRounds(bool anew) {
    if (anew) StartAnew();
    const Schedule schedule = ChooseSchedule();
    Price increment = std::max<Price>(largest_ / schedule.first, 1);
    const Price last = std::max<Price>(largest_ / schedule.last, 1);
    while (true) {
      const bool final = increment <= last;
      const size_t enough = final ? static_cast<size_t>(market_.needs() / 500) : 0;
      if (!Bid(increment, std::numeric_limits<int64_t>::max(), enough)) return false;
      if (final) return true;
      LowerPrices(schedule.lower * increment);
      CloseFullMentors();
      StartAnew();
      increment = std::max<Price>(increment / schedule.factor, 1);
    }
  }

 private:
  // How increments fall, in parts of the largest weight, and by how many of them prices are lowered
  // after a round. Tuned on instances of 5 million pairs. Where places abound few prices have to
  // rise far, and coarse increments are enough. Where most pairs are allowed all needs see much the
  // same prices, which are then less far from right: lowering them more only makes more bids, of
  // which each may look through a long row.
  struct Schedule {
    int first;
    int factor;
    int last;
    int lower;
  };
  Schedule ChooseSchedule() const {
    const uint64_t places = market_.place.size();
    const bool abundant = places > market_.unit_mentor.size() / 5 * 6;
    const uint64_t all = static_cast<uint64_t>(market_.needs()) * market_.price.size();
    const int lower = market_.weight.size() > all / 2 ? 2 : 4;
    return abundant ? Schedule{100, 10, 800, lower} : Schedule{30, 7, 6000, lower};
  }

  void StartAnew() {
    market_.Empty();
    WaitAll();
  }
  void WaitAll() {
    waiting_.resize(market_.needs());
    std::iota(waiting_.begin(), waiting_.end(), 0);
  }

  // Mentors without any place to sell: nobody shall bid for one.
  void CloseFullMentors() {
    for (int32_t j = 0; j < market_.mentors(); ++j) {
      if (market_.mentor_capacity[j] == 0) market_.price[j] = largest_ + 1;
    }
  }

  void LowerPrices(Price amount) {
    for (Price& price : market_.price) price = std::max<Price>(price - amount, 0);
    for (Price& rest : market_.rest) rest += amount;
  }

  // Lets the waiting needs bid until `enough` or fewer wait, or so many bids were made. False if
  // stopped.
  bool Bid(Price increment, int64_t bids, size_t enough) {
    size_t head = 0;
    while (waiting_.size() - head > enough && bids > 0) {
      const int32_t need = waiting_[head++];
      Prefetch(head);
      if ((bids & 4095) == 0 && stop_()) return false;
      if (head > 65536 && 2 * head > waiting_.size()) {
        waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<int64_t>(head));
        head = 0;
      }
      while (market_.NeedRoom(need) > 0 && BidOnce(need, increment)) --bids;
      --bids;
    }
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<int64_t>(head));
    return true;
  }

  // Needs bid in an order that is all over memory, but known ahead. (Inline always: GCC 12 takes a
  // function that only prefetches for one without effect, and drops calls of it.)
  ABSL_ATTRIBUTE_ALWAYS_INLINE void Prefetch(size_t head) const {
    if (head + 8 >= waiting_.size()) return;
    const int32_t later = waiting_[head + 8];
    const uint32_t row = market_.row_begin[later];
    __builtin_prefetch(market_.mentor_of.data() + row);
    __builtin_prefetch(market_.weight.data() + row);
    __builtin_prefetch(&market_.rest[later]);
    __builtin_prefetch(&market_.load[later]);
    const int32_t soon = waiting_[head + 3];
    for (uint32_t arc = market_.row_begin[soon]; arc < market_.FrontEnd(soon); ++arc) {
      __builtin_prefetch(&market_.price[market_.mentor_of[arc]]);
    }
  }

  // False if the need would rather leave its place unbought.
  bool BidOnce(int32_t need, Price increment) {
    const typename M::Best best = market_.FindBest(need, 0);
    if (best.mentor < 0 || best.value < 0) return false;
    const int32_t j = best.mentor;
    const int32_t places = market_.mentor_capacity[j];
    const Price lead = best.value - std::max<Price>(best.second, 0);
    const Price bid = market_.price[j] + lead + increment;
    ++bids_;
    if (lead == 0) ++flat_bids_;
    auto* const first = &market_.place[market_.place_begin[j]];
    int32_t& held = market_.mentor_load[j];
    if (held == places) {
      const int32_t loser = first->need;
      market_.DropUnit(loser, j);
      waiting_.push_back(loser);
      ReplaceLowest(first, held, {bid, need});
    } else {
      first[held++] = {bid, need};
      std::push_heap(first, first + held, Higher);
    }
    if (held == places) market_.price[j] = first->bid;
    market_.AddUnit(need, j, best.weight);
    return true;
  }

  // In a heap with the lowest bid on top.
  static void ReplaceLowest(typename M::Place* heap, int32_t size, const typename M::Place& place) {
    int32_t hole = 0;
    for (int32_t child = 1; child < size; child = 2 * hole + 1) {
      if (child + 1 < size && heap[child + 1].bid < heap[child].bid) ++child;
      if (place.bid <= heap[child].bid) break;
      heap[hole] = heap[child];
      hole = child;
    }
    heap[hole] = place;
  }
  static bool Higher(const typename M::Place& a, const typename M::Place& b) {
    return a.bid > b.bid;
  }

  M& market_;
  const std::function<bool()>& stop_;
  Price largest_ = 0;  // Of all weights.
  int64_t bids_ = 0;
  int64_t flat_bids_ = 0;
  std::vector<int32_t> waiting_;
};

}  // namespace tandem::engine::bipartite

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_AUCTION_H_
