// What decides between plans of equal money: kept pairs, slots (where filling is optional), draws.
// Packed into one wide integer. All but the draws of the next seed, which hardly ever decide, also
// stand in a narrower one ("first"). Thread-safe.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_TIE_VALUES_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_TIE_VALUES_H_

#include <algorithm>
#include <cstdint>

#include "services/matching/engine/assignment/bipartite/market.h"
#include "services/matching/engine/assignment/network.h"
#include "services/matching/engine/assignment/problem.h"
#include "services/matching/engine/assignment/tie_links.h"
#include "services/matching/engine/assignment/value_space.h"

namespace tandem::engine::bipartite {

class TieValues {
 public:
  TieValues(const AssignmentProblem& problem, const ProblemIndex& index)
      : problem_(problem), index_(index), space_(ValueSpace::ForTies(problem)) {
    if (problem.fill == Fill::kOptional) slot_ = space_.Pack<4>({{space_.slots(1), 1}});
  }

  const ValueSpace& space() const { return space_; }
  // Of choosing a pair, and of filling a slot.
  Tie OfPair(int32_t pair) const {
    Tie tie = SecondOfPair(pair);
    Add(index_.DrawOf(problem_, pair, problem_.seed), space_.draws(), &tie);
    if (index_.previous[pair] && space_.kept() >= 0) Add(1, space_.kept(), &tie);
    return tie;
  }
  const Tie& slot() const { return slot_; }
  // Worse than any sum along a path.
  Tie Worst() const { return space_.Pack<4>({{0, -1}}); }

  // Whether the first part fits the numbers of a market, with a weight per pair.
  template <typename Numbers>
  bool FirstFits() const {
    const int weight_bits = 8 * static_cast<int>(sizeof(typename Numbers::Weight)) - 2;
    return FirstOffset(0) + 4 <= Numbers::kBits &&
           (space_.kept() < 0 || FirstOffset(space_.kept()) < weight_bits);
  }
  // The first part alone: the others' is `first` shifted left by the bits of the second.
  int64_t FirstOfPair(int32_t pair) const {
    const bool kept = index_.previous[pair] && space_.kept() >= 0;
    return index_.DrawOf(problem_, pair, problem_.seed) +
           (kept ? int64_t{1} << FirstOffset(space_.kept()) : 0);
  }
  Int128 FirstOfSlot() const {
    return problem_.fill == Fill::kOptional ? Int128{1} << FirstOffset(space_.slots(1)) : Int128{0};
  }
  // Larger than any sum along a path.
  Int128 FirstFar() const { return Int128{1} << FirstOffset(0); }
  // What is left: the draw with the next seed.
  Tie SecondOfPair(int32_t pair) const {
    Tie tie;
    Add(index_.DrawOf(problem_, pair, problem_.seed + 1), space_.draws2(), &tie);
    return tie;
  }
  Tie FromFirst(Int128 first) const {
    Tie tie;
    const int bits = space_.offset(space_.draws());
    for (int word = 0; word < Tie::kWords; ++word) {
      const int shift = 64 * word - bits;
      if (shift <= -64) continue;
      tie.words[word] = shift < 0 ? static_cast<uint64_t>(static_cast<Uint128>(first) << -shift)
                                  : static_cast<uint64_t>(first >> std::min(shift, 127));
    }
    return tie;
  }

 private:
  int FirstOffset(int component) const {
    return space_.offset(component) - space_.offset(space_.draws());
  }

  // Components do not overlap, and amounts are not negative here.
  void Add(int64_t amount, int component, Tie* tie) const {
    const int word = space_.offset(component) / 64;
    const Uint128 shifted = static_cast<Uint128>(amount) << (space_.offset(component) % 64);
    tie->words[word] |= static_cast<uint64_t>(shifted);
    if (word + 1 < Tie::kWords) tie->words[word + 1] |= static_cast<uint64_t>(shifted >> 64);
  }

  const AssignmentProblem& problem_;
  const ProblemIndex& index_;
  const ValueSpace space_;
  Tie slot_;
};

}  // namespace tandem::engine::bipartite

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_TIE_VALUES_H_
