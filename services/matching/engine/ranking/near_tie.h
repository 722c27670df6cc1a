// Which weight would turn a near-tie.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_RANKING_NEAR_TIE_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_RANKING_NEAR_TIE_H_

#include <cstdint>
#include <optional>

#include "services/matching/engine/criteria/criterion.h"
#include "services/matching/engine/criteria/score.h"

namespace tandem::engine {

// The change of one criterion's weight that swaps two neighbours in the ranking.
struct TieTurner {
  Criterion criterion = Criterion::kExpertise;
  int from_weight = 0;
  int to_weight = 0;  // 0 to kMaxWeight; no smaller change of any single weight swaps them.
};

// The smallest change of one weight that puts `second` before `first`, which comes before it now.
// Among equal changes the first criterion wins, and a higher weight before a lower one. Equal
// totals go to `second` if it `wins_draw`. Exact: the totals are computed as the ranking computes
// them.
std::optional<TieTurner> FindTieTurner(const Score& first, const Score& second,
                                       int64_t interpreter_cost, bool second_wins_draw);

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_RANKING_NEAR_TIE_H_
