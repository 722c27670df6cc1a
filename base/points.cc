#include "base/points.h"

#include <algorithm>

namespace tandem::base {

std::string ExactPoints(absl::int128 micropoints) {
  constexpr size_t kFraction = 4;     // digits after the point: 10,000 micro-points are a point
  constexpr size_t kLeastDigits = 2;  // of them shown
  // The magnitude of the least 128-bit number fits the unsigned type only.
  absl::uint128 rest =
      micropoints < 0 ? absl::uint128(0) - absl::uint128(micropoints) : absl::uint128(micropoints);
  std::string text;  // backwards
  for (size_t i = 0; i <= kFraction || rest != 0; ++i, rest /= 10) {
    if (i == kFraction) text.push_back('.');
    const bool trailing_zero = rest % 10 == 0 && text.empty() && i < kFraction - kLeastDigits;
    if (!trailing_zero) text.push_back(static_cast<char>('0' + static_cast<int>(rest % 10)));
  }
  if (micropoints < 0) text.push_back('-');
  std::reverse(text.begin(), text.end());
  return text;
}

}  // namespace tandem::base
