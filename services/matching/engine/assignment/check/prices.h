// The conditions that prices must meet to be a proof. Each returns the first failure, with
// its place, or an empty string.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_CHECK_PRICES_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_CHECK_PRICES_H_

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "services/matching/engine/assignment/check/picture.h"
#include "services/matching/engine/assignment/problem.h"

namespace tandem::engine::check {

constexpr int64_t kEveryScore = std::numeric_limits<int64_t>::min();

// The components of a plan's value, as names; without "floor", and "unreached" first.
std::vector<std::string> PlanComponents(const Picture& picture);
std::vector<std::string> FillingComponents(const Picture& picture);

// The plan's worth in each of `components` but the first ("unreached").
std::vector<absl::int128> ValueOf(const Picture& picture,
                                  const std::vector<std::string>& components);

// What one price set shows of the plan in a picture. The picture and the set must outlive it. It is
// made before the picture's pass over the pairs, which its screen should take part in, and asked
// after it.
class PriceProof {
 public:
  // Concerns plans that choose only pinned pairs and pairs of at least `min_score`. Prices beyond
  // `largest` in size are refused.
  PriceProof(const Picture& picture, const PriceSet& set,
             const std::vector<std::string>& components, const absl::int128& largest,
             int64_t min_score);
  ~PriceProof();

  // Rules out pairs on which neither check below could fail. Only if the set can be read.
  bool readable() const { return failure_.empty(); }
  Screen screen() const;

  // That the plan has the largest value: on each arc with room the reduced value is at most 0, on
  // each arc above its minimum at least 0.
  std::string CheckPrices() const;

  // That every plan is worth less than `value` (which has no "unreached"): by the prices none can
  // be worth more than the sum over arcs of the reduced value times the maximum, or the minimum
  // where it is negative.
  std::string CheckBound(const std::vector<absl::int128>& value) const;

 private:
  class Table;

  const Picture& picture_;
  const int64_t min_score_;
  std::unique_ptr<Table> table_;
  std::string failure_;
};

// Prices beyond these are refused, so that no sum overflows 128 bits. True ones are smaller: at
// most 2 x 10^7 pairs of at most 2 x 10^15 micro-points along a path are less than 2^76; counts
// along a path are less than 2^40.
constexpr absl::int128 kLargestPrice = absl::int128(1) << 76;
constexpr absl::int128 kLargestCountPrice = absl::int128(1) << 40;

}  // namespace tandem::engine::check

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_CHECK_PRICES_H_
