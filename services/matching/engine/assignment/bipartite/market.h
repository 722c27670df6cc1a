// Needs and mentors as a market: the compact instance of the fast path, its plan and its prices.
//
// A need buys up to `max` places, at most one of each mentor; each mentor sells up to `max` places
// at one price per mentor. An arc is a pair that may be matched; its value is its weight (points)
// minus the mentor's price. A need leaves a place unbought if all values are below what that is
// worth ("outside": 0 if filling is optional, very little if it comes first). The plan is optimal
// if and only if, with some level per need:
//
//   1. an arc that is not chosen has a value of at most the need's level, a chosen one at least it;
//   2. a need's level is at most its next outside if it has room, at least its last if it has load;
//   3. a price is never below the mentor's floor, and at the floor if the mentor has room.
//
// The floor is 0; only where a mentor's places must all be taken, as far as that can be, it is as
// low as leaving one open is bad.
//
// A row (the arcs of a need) keeps its kFront arcs of largest value in front, as they were when the
// row was last looked through; `rest` bounds the values of the others from above. So most steps
// look at one cache line instead of the row. 8 bytes per arc with 32-bit weights, 4 more for the
// number of its pair.
//
// Thread-compatible. Plain data: auction.h and repair.h work on it.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_MARKET_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_MARKET_H_

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace tandem::engine::bipartite {

__extension__ typedef __int128 Int128;

// The numbers of a market. `Weight` holds any score plus penalty; `Price` any price: with kBits
// bits to spare for the largest sum of weights along a path (see money.h).
struct NarrowNumbers {
  using Weight = int32_t;
  using Price = int64_t;
  static constexpr int kBits = 57;
};
struct WideNumbers {
  using Weight = int64_t;
  using Price = Int128;
  static constexpr int kBits = 121;
};

template <typename Numbers>
struct Market {
  using Weight = typename Numbers::Weight;
  using Price = typename Numbers::Price;

  static constexpr uint32_t kFront = 8;
  // Above, or below, every price and value.
  static constexpr Price kFar = Price{1} << (Numbers::kBits + 3);

  struct Place {
    Price bid;  // Used by the auction only.
    int32_t need;
  };
  // The best arc that is not chosen, its value, and a bound of the values of the others.
  struct Best {
    int32_t mentor = -1;
    Weight weight = 0;
    Price value = -kFar;
    Price second = -kFar;
  };

  int32_t needs() const { return static_cast<int32_t>(load.size()); }
  int32_t mentors() const { return static_cast<int32_t>(price.size()); }

  int32_t NeedRoom(int32_t i) const { return capacity[i] - load[i]; }
  int32_t MentorRoom(int32_t j) const { return mentor_capacity[j] - mentor_load[j]; }
  // What leaving the next place unbought is worth, and what giving the last one back is.
  Price OutsideNext(int32_t i) const { return Outside(i, load[i]); }
  Price OutsideLast(int32_t i) const { return Outside(i, load[i] - 1); }
  Price Outside(int32_t i, int32_t loaded) const {
    return loaded == 0 ? first_outside[need_class[i]] : rest_outside[need_class[i]];
  }

  Price Floor(int32_t j) const { return floor.empty() ? Price{0} : floor[j]; }

  Price Value(uint32_t arc) const {
    return static_cast<Price>(weight[arc]) - price[mentor_of[arc]];
  }
  uint32_t FrontEnd(int32_t i) const { return std::min(row_end[i], row_begin[i] + kFront); }

  bool IsChosen(int32_t i, int32_t j) const {
    const uint32_t first = unit_begin[i];
    for (int32_t k = 0; k < load[i]; ++k) {
      if (unit_mentor[first + k] == j) return true;
    }
    return false;
  }
  // The place in `unit_mentor` of a chosen arc.
  uint32_t UnitOf(int32_t i, int32_t j) const {
    uint32_t unit = unit_begin[i];
    while (unit_mentor[unit] != j) ++unit;
    return unit;
  }

  Price ChosenValue(int32_t i, int32_t j) const {
    return static_cast<Price>(unit_weight[UnitOf(i, j)]) - price[j];
  }

  void Choose(int32_t i, int32_t j, Weight w) {
    AddUnit(i, j, w);
    place[place_begin[j] + mentor_load[j]++] = {0, i};
  }
  void Release(int32_t i, int32_t j) {
    DropUnit(i, j);
    uint32_t at = place_begin[j];
    while (place[at].need != i) ++at;
    place[at] = place[place_begin[j] + --mentor_load[j]];
  }
  // The need's half of a choice.
  void AddUnit(int32_t i, int32_t j, Weight w) {
    const uint32_t unit = unit_begin[i] + load[i]++;
    unit_mentor[unit] = j;
    unit_weight[unit] = w;
  }
  void DropUnit(int32_t i, int32_t j) {
    const uint32_t last = unit_begin[i] + --load[i];
    const uint32_t unit = UnitOf(i, j);
    unit_mentor[unit] = unit_mentor[last];
    unit_weight[unit] = unit_weight[last];
  }

  // After the capacity, or the row, of a need or mentor has changed: makes room for as many choices
  // as there can be. `arcs`: how many name the mentor.
  void GrowUnits(int32_t i) {
    const uint32_t most = std::min<uint32_t>(capacity[i], row_end[i] - row_begin[i]);
    const uint32_t now = unit_begin[i + 1] - unit_begin[i];
    if (most <= now) return;
    unit_mentor.insert(unit_mentor.begin() + unit_begin[i + 1], most - now, -1);
    unit_weight.insert(unit_weight.begin() + unit_begin[i + 1], most - now, 0);
    for (size_t k = i + 1; k < unit_begin.size(); ++k) unit_begin[k] += most - now;
  }
  void GrowPlaces(int32_t j, uint32_t arcs) {
    const uint32_t most = std::min<uint32_t>(mentor_capacity[j], arcs);
    const uint32_t now = place_begin[j + 1] - place_begin[j];
    if (most <= now) return;
    place.insert(place.begin() + place_begin[j + 1], most - now, Place());
    for (size_t k = j + 1; k < place_begin.size(); ++k) place_begin[k] += most - now;
  }

  void Empty() {
    std::fill(load.begin(), load.end(), 0);
    std::fill(mentor_load.begin(), mentor_load.end(), 0);
  }

  // The best arc of need `i` that is not chosen. If that is worth less than `least`, any such
  // answer will do.
  Best FindBest(int32_t i, Price least) {
    return FindBestBy(i, least, [this](uint32_t arc) { return Value(arc); });
  }
  // The same where an arc is worth `value` of it; `rest` bounds that, then.
  template <typename ValueFn>
  Best FindBestBy(int32_t i, Price least, const ValueFn& value) {
    Best best = BestOf(i, FrontEnd(i), value);
    if (best.value < rest[i] && rest[i] >= least) {
      Rescan(i, value);
      best = BestOf(i, FrontEnd(i), value);
      // Chosen arcs may fill the front.
      if (best.value < rest[i]) return BestOf(i, row_end[i], value);
    }
    best.second = std::max(best.second, std::min(best.value, rest[i]));
    return best;
  }

  void SwapArcs(uint32_t a, uint32_t b) {
    std::swap(mentor_of[a], mentor_of[b]);
    std::swap(weight[a], weight[b]);
    std::swap(pair_of[a], pair_of[b]);
  }

  // Arcs, by need: those of need i are row_begin[i] to row_end[i].
  std::vector<uint32_t> row_begin;
  std::vector<uint32_t> row_end;
  std::vector<int32_t> mentor_of;
  std::vector<Weight> weight;
  std::vector<int32_t> pair_of;  // An index into the problem's pairs.
  // By need.
  std::vector<uint8_t> need_class;  // Which `outside`.
  std::vector<int32_t> capacity;    // Without the places of pinned pairs, which have no arc.
  std::vector<int32_t> load;
  std::vector<Price> level;
  std::vector<Price> rest;
  // Chosen arcs: unit_begin[i] to unit_begin[i] + load[i]; room for as many as can be chosen.
  std::vector<uint32_t> unit_begin;
  std::vector<int32_t> unit_mentor;
  std::vector<Weight> unit_weight;
  // By mentor.
  std::vector<int32_t> mentor_capacity;  // Likewise.
  std::vector<int32_t> mentor_load;
  std::vector<Price> price;
  std::vector<Price> floor;  // Empty: all 0.
  // Holders: place_begin[j] to place_begin[j] + mentor_load[j]; room likewise.
  std::vector<uint32_t> place_begin;
  std::vector<Place> place;
  // What leaving a first, or a further, place unbought is worth, by class of need.
  std::vector<Price> first_outside;
  std::vector<Price> rest_outside;

 private:
  // Brings the arcs of largest value to the front. Nothing moves before all are known: most of what
  // looks good at first is beaten later, and `pair_of` is far away in memory.
  template <typename ValueFn>
  void Rescan(int32_t i, const ValueFn& value_of) {
    const uint32_t begin = row_begin[i];
    const uint32_t end = row_end[i];
    rest[i] = -kFar;
    if (end - begin <= kFront) return;
    // The best so far, one more than the front holds: the lowest bounds the others.
    Price best[kFront + 1];
    uint32_t at[kFront + 1];
    for (uint32_t k = 0; k <= kFront; ++k) {
      at[k] = begin + k;
      best[k] = value_of(at[k]);
    }
    Price* lowest = std::min_element(best, best + kFront + 1);
    Price low = *lowest;
    for (uint32_t arc = begin + kFront + 1; arc < end; ++arc) {
      const Price value = value_of(arc);
      if (value <= low) continue;
      __builtin_prefetch(&pair_of[arc]);
      *lowest = value;
      at[lowest - best] = arc;
      lowest = std::min_element(best, best + kFront + 1);
      low = *lowest;
    }
    rest[i] = low;
    at[lowest - best] = at[kFront];
    MoveToFront(begin, at);
  }
  void MoveToFront(uint32_t begin, const uint32_t* arcs) {
    uint32_t stay = 0;  // Bit k: of what stands at begin + k.
    for (uint32_t k = 0; k < kFront; ++k) {
      if (arcs[k] < begin + kFront) stay |= 1u << (arcs[k] - begin);
    }
    uint32_t to = 0;
    for (uint32_t k = 0; k < kFront; ++k) {
      if (arcs[k] < begin + kFront) continue;
      while ((stay >> to & 1) != 0) ++to;
      SwapArcs(arcs[k], begin + to++);
    }
  }

  template <typename ValueFn>
  Best BestOf(int32_t i, uint32_t end, const ValueFn& value_of) const {
    if (load[i] == 0) return BestOfAll(row_begin[i], end, value_of);
    Best best;
    for (uint32_t arc = row_begin[i]; arc < end; ++arc) {
      const Price value = value_of(arc);
      if (value <= best.second) continue;
      if (IsChosen(i, mentor_of[arc])) continue;
      if (value <= best.value) {
        best.second = value;
        continue;
      }
      best.second = best.value;
      best.value = value;
      best.mentor = mentor_of[arc];
      best.weight = weight[arc];
    }
    return best;
  }
  // Without chosen arcs, and without branches that no processor could foretell.
  template <typename ValueFn>
  Best BestOfAll(uint32_t begin, uint32_t end, const ValueFn& value_of) const {
    Best best;
    uint32_t at = end;
    for (uint32_t arc = begin; arc < end; ++arc) {
      const Price value = value_of(arc);
      best.second = std::max(best.second, std::min(value, best.value));
      at = value > best.value ? arc : at;
      best.value = std::max(best.value, value);
    }
    if (at == end) return best;
    best.mentor = mentor_of[at];
    best.weight = weight[at];
    return best;
  }
};

}  // namespace tandem::engine::bipartite

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_MARKET_H_
