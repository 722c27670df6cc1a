// Signed integers of Words x 64 bits, two's complement, for values packed from several components
// (value_space.h). Only what a flow algorithm needs: sums, differences and order. No overflow
// check: the packing chooses enough bits. Thread-compatible.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_WIDE_INT_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_WIDE_INT_H_

#include <cstdint>

namespace tandem::engine {

__extension__ typedef unsigned __int128 Uint128;

template <int Words>
struct WideInt {
  static constexpr int kWords = Words;
  uint64_t words[Words] = {};  // The least significant first.

  WideInt& operator+=(const WideInt& other) {
    Uint128 carry = 0;
    for (int i = 0; i < Words; ++i) {
      carry += static_cast<Uint128>(words[i]) + other.words[i];
      words[i] = static_cast<uint64_t>(carry);
      carry >>= 64;
    }
    return *this;
  }

  WideInt& operator-=(const WideInt& other) {
    uint64_t borrow = 0;
    for (int i = 0; i < Words; ++i) {
      const Uint128 difference = static_cast<Uint128>(words[i]) - other.words[i] - borrow;
      words[i] = static_cast<uint64_t>(difference);
      borrow = static_cast<uint64_t>(difference >> 64) & 1;
    }
    return *this;
  }

  WideInt operator-() const {
    WideInt result;
    result -= *this;
    return result;
  }

  friend WideInt operator+(WideInt a, const WideInt& b) { return a += b; }
  friend WideInt operator-(WideInt a, const WideInt& b) { return a -= b; }

  bool IsNegative() const { return static_cast<int64_t>(words[Words - 1]) < 0; }
  bool IsZero() const {
    uint64_t any = 0;
    for (uint64_t word : words) any |= word;
    return any == 0;
  }
  bool IsPositive() const { return !IsNegative() && !IsZero(); }

  friend bool operator<(const WideInt& a, const WideInt& b) {
    const int64_t high_a = static_cast<int64_t>(a.words[Words - 1]);
    const int64_t high_b = static_cast<int64_t>(b.words[Words - 1]);
    if (high_a != high_b) return high_a < high_b;
    for (int i = Words - 2; i >= 0; --i) {
      if (a.words[i] != b.words[i]) return a.words[i] < b.words[i];
    }
    return false;
  }

  friend bool operator==(const WideInt& a, const WideInt& b) {
    for (int i = 0; i < Words; ++i) {
      if (a.words[i] != b.words[i]) return false;
    }
    return true;
  }
};

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_WIDE_INT_H_
