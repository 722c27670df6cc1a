// The components of a plan's value that come before its ties, packed into one number: needs served
// and slots filled per tier (where filling comes first), then points. Comparing the numbers is
// comparing the vectors: see the bounds below. Immutable.
//
// Bounds. A plan is optimal if and only if no simple cycle of changes gains. Such a cycle, and the
// simple path that makes up a price, visits each need at most once, so it holds at most two arcs
// per need, and the ground once: its points are at most 2 x needs x the largest weight in size, and
// its counts at most 2 in each component. With 10^7 needs and scores and penalties of 10^15 that is
// less than 2^76 points and 4 bits for each of at most 18 counts: more than 121 bits in the worst
// case, which Fits() then says, and the general method takes over. 100,000 needs with scores up to
// 10^6 and one tier fit into 57 bits.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_MONEY_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_MONEY_H_

#include <algorithm>
#include <cstdint>
#include <vector>

#include "absl/numeric/int128.h"
#include "services/matching/engine/assignment/bipartite/market.h"
#include "services/matching/engine/assignment/problem.h"

namespace tandem::engine::bipartite {

class Money {
 public:
  // `with_points`: else only filling counts.
  Money(const AssignmentProblem& problem, bool with_points) : with_points_(with_points) {
    if (with_points) {
      for (const AssignmentPair& pair : problem.pairs) largest_ = std::max(largest_, pair.score);
      if (problem.has_previous) largest_ += problem.change_penalty;
    }
    Int128 most = static_cast<Int128>(problem.needs.size() + 1) * 2 * (largest_ + 1);
    for (point_bits_ = 3; most > 0; most >>= 1) ++point_bits_;
    counts_.assign(10, -1);
    if (problem.fill == Fill::kOptional) return;
    for (const AssignmentNeed& need : problem.needs) counts_[need.tier] = 0;
    for (int tier = 9; tier >= 1; --tier) {
      if (counts_[tier] < 0) continue;
      // Later tiers count less; slots less than needs served.
      counts_[tier] = count_of_components_;
      count_of_components_ += 2;
    }
  }

  bool with_points() const { return with_points_; }
  int bits() const { return point_bits_ + kCountBits * count_of_components_; }
  template <typename Numbers>
  bool Fits() const {
    return bits() <= Numbers::kBits &&
           largest_ <= static_cast<Int128>(typename Numbers::Weight(
                           (uint64_t{1} << (8 * sizeof(typename Numbers::Weight) - 1)) - 1));
  }

  // What serving a need of the tier, or filling one of its slots, is worth.
  Int128 Served(int tier) const { return Count(counts_[tier] + 1, tier); }
  Int128 Slot(int tier) const { return Count(counts_[tier], tier); }

  // How many components there are.
  size_t size() const { return static_cast<size_t>(count_of_components_) + 1; }

  // A price from its vector, size() components from the left; 0 if it is negative or larger than
  // any price of this problem.
  Int128 PackPrice(const absl::int128* components) const {
    Int128 price = 0;
    for (size_t c = 0; c < size(); ++c) {
      const int bits = c + 1 == size() ? point_bits_ : kCountBits;
      const absl::int128 most = absl::int128(1) << (bits - 2);
      if (components[c] < -most || components[c] > most) return 0;
      price = price * (Int128{1} << bits) + static_cast<Int128>(components[c]);
    }
    return price < 0 ? 0 : price;
  }

  // The vector of a price or value, from the left, appended.
  void Unpack(Int128 packed, std::vector<absl::int128>* out) const {
    const size_t first = out->size();
    out->resize(first + count_of_components_ + 1);
    for (int c = count_of_components_; c >= 0; --c) {
      const int bits = c == count_of_components_ ? point_bits_ : kCountBits;
      const Int128 half = Int128{1} << (bits - 1);
      Int128 digit = packed & ((Int128{1} << bits) - 1);
      if (digit >= half) digit -= 2 * half;
      packed = (packed - digit) >> bits;
      (*out)[first + c] =
          absl::MakeInt128(static_cast<int64_t>(digit >> 64), static_cast<uint64_t>(digit));
    }
  }

 private:
  static constexpr int kCountBits = 4;

  Int128 Count(int component, int tier) const {
    return counts_[tier] < 0 ? Int128{0} : Int128{1} << (point_bits_ + kCountBits * component);
  }

  bool with_points_;
  int64_t largest_ = 0;
  int point_bits_ = 0;
  int count_of_components_ = 0;
  std::vector<int> counts_;  // By tier: the place of its slots, from the right.
};

}  // namespace tandem::engine::bipartite

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_MONEY_H_
