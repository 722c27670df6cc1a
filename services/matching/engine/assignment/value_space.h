// The components of a plan's value, and how a vector of them is packed into one wide integer.
//
// Vectors are compared from left to right. Packed, each component gets so many bits that no sum
// along a simple path or cycle of the network, nor a difference of a few such sums, can reach the
// component to its left; then comparing packed integers is comparing vectors, and an algorithm for
// plain numbers finds the lexicographic optimum (a flow is optimal if and only if no simple cycle
// of its residual network gains).
//
// Components, left to right: "unreached" (used by prices and for infeasibility only), then those
// of AssignmentResult::value without "floor".

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_VALUE_SPACE_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_VALUE_SPACE_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "services/matching/engine/assignment/problem.h"
#include "services/matching/engine/assignment/wide_int.h"

namespace tandem::engine {

// A part of a vector: `amount` in component `component`.
struct ValuePart {
  int component = 0;
  int64_t amount = 0;
};

class ValueSpace {
 public:
  // The vectors by which the plans of `problem` are compared (for kFloor: below the floor).
  static ValueSpace ForPlan(const AssignmentProblem& problem);
  // Only the components of filling: needs served and slots per tier.
  static ValueSpace ForFilling(const AssignmentProblem& problem);
  // Only what decides between plans of equal filling and points (not for kCoverage or kFloor).
  static ValueSpace ForTies(const AssignmentProblem& problem);
  // Plain numbers within `max_amount`, in a network of `nodes` nodes.
  static ValueSpace ForNumbers(int64_t max_amount, int64_t nodes);

  const std::vector<std::string>& names() const { return names_; }
  int size() const { return static_cast<int>(names_.size()); }

  // Positions of components, -1 where the objective has none.
  int beneficiaries() const { return beneficiaries_; }
  int served(int tier) const { return served_[tier]; }
  int slots(int tier) const { return slots_[tier]; }
  int points() const { return points_; }
  int kept() const { return kept_; }
  int draws() const { return draws_; }
  int draws2() const { return draws2_; }

  // Whether a price may be so large in a component: a sum along a simple path is not larger.
  bool MayBePrice(int component, absl::int128 price) const {
    const absl::int128 bound = absl::int128(1) << (bits_[component] - 4);
    return -bound <= price && price <= bound;
  }

  // How many words a packed vector needs.
  int words() const;

  // How many of the components, from the left, come before kept pairs, slots of optional filling
  // and draws: they decide nearly always. All of them if there is nothing behind.
  int head_size() const { return head_size_; }
  // How far a packed vector is shifted right to leave those, and how many bits they need.
  int offset(int component) const { return offsets_[component]; }
  int head_offset() const { return offsets_[head_size_ - 1]; }
  int head_bits() const { return offsets_[0] + bits_[0] - head_offset(); }
  // The same without "unreached".
  int value_bits() const { return offsets_[0] - head_offset(); }

  // A vector packed. Each amount must be within the bound it was declared with.
  template <int Words>
  WideInt<Words> Pack(const std::vector<ValuePart>& parts) const;

  // The vector of a packed one, appended to `out`.
  template <int Words>
  void Unpack(WideInt<Words> packed, std::vector<absl::int128>* out) const;

 private:
  // Adds a component whose sums along simple paths are at most `bound` in size.
  int Add(std::string name, absl::uint128 bound);
  void AddFilling(const AssignmentProblem& problem, absl::uint128 path);
  void AddTies(const AssignmentProblem& problem);
  // Called once all components are there.
  void PlaceBits();

  std::vector<std::string> names_;
  int head_size_ = 0;
  std::vector<int> bits_;
  std::vector<int> offsets_;
  int beneficiaries_ = -1;
  std::array<int, 10> served_;
  std::array<int, 10> slots_;
  int points_ = -1;
  int kept_ = -1;
  int draws_ = -1;
  int draws2_ = -1;

  ValueSpace();
};

template <int Words>
WideInt<Words> ValueSpace::Pack(const std::vector<ValuePart>& parts) const {
  WideInt<Words> sum;
  for (const ValuePart& part : parts) {
    const bool negative = part.amount < 0;
    const uint64_t size = negative ? uint64_t{0} - static_cast<uint64_t>(part.amount)
                                   : static_cast<uint64_t>(part.amount);
    const Uint128 shifted = static_cast<Uint128>(size) << (offsets_[part.component] % 64);
    const int word = offsets_[part.component] / 64;
    WideInt<Words> term;
    term.words[word] = static_cast<uint64_t>(shifted);
    if (word + 1 < Words) term.words[word + 1] = static_cast<uint64_t>(shifted >> 64);
    sum = negative ? sum - term : sum + term;
  }
  return sum;
}

template <int Words>
void ValueSpace::Unpack(WideInt<Words> packed, std::vector<absl::int128>* out) const {
  const size_t start = out->size();
  out->resize(start + names_.size());
  for (int c = size() - 1; c >= 0; --c) {
    const int word = offsets_[c] / 64;
    const int shift = offsets_[c] % 64;
    // A component has at most 125 bits: they lie in at most three words.
    WideInt<3> window;
    for (int i = 0; i < 3 && word + i < Words; ++i) window.words[i] = packed.words[word + i];
    Uint128 low = static_cast<Uint128>(window.words[1]) << 64 | window.words[0];
    if (shift > 0) {
      low = low >> shift | static_cast<Uint128>(window.words[2]) << (128 - shift);
    }
    // The lowest `bits_` bits, read as a signed number.
    const int unused = 128 - bits_[c];
    const absl::int128 digit =
        absl::int128(absl::MakeInt128(static_cast<int64_t>((low << unused) >> 64),
                                      static_cast<uint64_t>(low << unused))) >>
        unused;
    (*out)[start + c] = digit;
    // A negative digit has borrowed from the components to its left: give it back.
    if (digit < 0) {
      WideInt<Words> one;
      const int next = offsets_[c] + bits_[c];
      if (next / 64 < Words) one.words[next / 64] = uint64_t{1} << (next % 64);
      packed += one;
    }
  }
}

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_VALUE_SPACE_H_
