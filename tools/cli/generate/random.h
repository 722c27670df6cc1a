// Draws for generated data: SplitMix64, so that the same seed gives the same bytes on every machine
// and with every compiler (the standard library's distributions promise neither).
//
// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
// Not thread-safe.

#ifndef TANDEM_TOOLS_CLI_GENERATE_RANDOM_H_
#define TANDEM_TOOLS_CLI_GENERATE_RANDOM_H_

#include <cstddef>
#include <cstdint>

namespace tandem::cli {

class Random {
 public:
  // A stream of its own for each `part` of a seed (for example one mentor), so that a part looks
  // the same however many others there are.
  Random(uint64_t seed, uint64_t part) : state_(seed) {
    state_ = Next() ^ (part * 0x9E3779B97F4A7C15u);
    Next();
  }

  uint64_t Next() {
    uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }

  // From 0 to `bound` - 1; `bound` is from 1 to 2^32. The upper half of a draw times the bound: off
  // from uniform by less than one in 2^32.
  uint64_t Below(uint64_t bound) { return ((Next() >> 32) * bound) >> 32; }

  // From `min` to `max`, both included.
  int Between(int min, int max) {
    return min + static_cast<int>(Below(static_cast<uint64_t>(max - min + 1)));
  }

  // True in `percent` of 100 cases.
  bool Percent(int percent) { return Below(100) < static_cast<uint64_t>(percent); }

  // One of the elements of an array.
  template <typename T, size_t n>
  const T& Pick(const T (&values)[n]) {
    return values[Below(n)];
  }

 private:
  uint64_t state_;
};

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_CLI_GENERATE_RANDOM_H_
