#include "services/matching/engine/ranking/near_tie.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <optional>
#include <random>

#include "gtest/gtest.h"
#include "services/matching/engine/criteria/criterion.h"
#include "services/matching/engine/criteria/score.h"

namespace tandem::engine {
namespace {

Score With(CriterionPoints points, CriterionWeights weights) {
  Score score;
  score.points = points;
  score.weights = weights;
  score.total = WeightedTotal(points, weights, 0);
  return score;
}

TEST(NearTieTest, TheSmallestChangeOfOneWeightTurnsIt) {
  const CriterionWeights weights = {10, 8, 0, 0, 0, 0, 0, 0};
  const Score first = With({1'000'000, 0, 0, 0, 0, 0, 0, 0}, weights);
  const Score second = With({0, 1'000'000, 0, 0, 0, 0, 0, 0}, weights);
  // 10 to 8: language at 11 or expertise at 7 turn it; expertise comes first.
  const auto turner = FindTieTurner(first, second, 0, /*second_wins_draw=*/false);
  ASSERT_TRUE(turner.has_value());
  EXPECT_EQ(turner->criterion, Criterion::kExpertise);
  EXPECT_EQ(turner->from_weight, 10);
  EXPECT_EQ(turner->to_weight, 7);
  // With the draw on its side the second needs only equality.
  EXPECT_EQ(FindTieTurner(first, second, 0, /*second_wins_draw=*/true)->to_weight, 8);
}

TEST(NearTieTest, ACriterionWithoutWeightCanTurnIt) {
  const CriterionWeights weights = {100, 0, 0, 0, 0, 0, 0, 0};
  const Score first = With({500'001, 0, 0, 0, 0, 0, 0, 0}, weights);
  const Score second = With({500'000, 0, 1'000'000, 0, 0, 0, 0, 0}, weights);
  const auto turner = FindTieTurner(first, second, 0, false);
  ASSERT_TRUE(turner.has_value());
  EXPECT_EQ(turner->criterion, Criterion::kRegionalExperience);
  EXPECT_EQ(turner->to_weight, 1);
}

TEST(NearTieTest, NoWeightTurnsOneWhoIsBetterInEverything) {
  const CriterionWeights weights = {10, 10, 10, 10, 10, 10, 10, 10};
  const Score first = With({9, 9, 9, 9, 9, 9, 9, 9}, weights);
  const Score second = With({8, 8, 8, 8, 8, 8, 8, 8}, weights);
  EXPECT_FALSE(FindTieTurner(first, second, 0, false).has_value());
}

TEST(NearTieTest, TheInterpreterIsPartOfTheTotals) {
  const CriterionWeights weights = {10, 10, 0, 0, 0, 0, 0, 0};
  const Score first = With({500'000, 500'000, 0, 0, 0, 0, 0, 0}, weights);
  Score second = With({600'000, 500'000, 0, 0, 0, 0, 0, 0}, weights);
  second.needs_interpreter = true;
  second.total = WeightedTotal(second.points, weights, 60'000);
  // 600,000 w + 5,000,000 over w + 10, less 60,000, passes 500,000 from w = 16 on.
  const auto turner = FindTieTurner(first, second, 60'000, false);
  ASSERT_TRUE(turner.has_value());
  EXPECT_EQ(turner->criterion, Criterion::kLanguage);
  EXPECT_EQ(turner->to_weight, 6);
}

// Every change of one weight tried, the smallest first.
std::optional<TieTurner> TryAll(const Score& first, const Score& second, int64_t cost,
                                bool second_wins_draw) {
  for (int size = 1; size <= kMaxWeight; ++size) {
    for (int i = 0; i < kCriterionCount; ++i) {
      for (const int change : {size, -size}) {
        CriterionWeights weights = first.weights;
        weights[i] += change;
        if (weights[i] < 0 || weights[i] > kMaxWeight) continue;
        if (std::accumulate(weights.begin(), weights.end(), 0) == 0) continue;
        const int64_t a = WeightedTotal(first.points, weights, first.needs_interpreter ? cost : 0);
        const int64_t b =
            WeightedTotal(second.points, weights, second.needs_interpreter ? cost : 0);
        if (b > a || (b == a && second_wins_draw)) {
          return TieTurner{CriterionAt(i), first.weights[i], weights[i]};
        }
      }
    }
  }
  return std::nullopt;
}

TEST(NearTieTest, FindsWhatTryingEveryChangeFinds) {
  constexpr uint64_t kSeed = 5;
  SCOPED_TRACE(kSeed);
  std::mt19937_64 random(kSeed);
  const auto below = [&random](int64_t count) {
    return static_cast<int64_t>(random() % static_cast<uint64_t>(count));
  };
  int turned = 0;
  for (int round = 0; round < 600; ++round) {
    Score first;
    for (int& weight : first.weights) weight = static_cast<int>(below(3) * below(500));
    first.needs_interpreter = below(4) == 0;
    Score second = first;
    second.needs_interpreter = below(4) == 0;
    const int64_t spread = below(2) == 0 ? 1'000'000 : 30;
    for (int i = 0; i < kCriterionCount; ++i) {
      first.points[i] = below(spread);
      second.points[i] = std::max<int64_t>(first.points[i] - below(spread / 3) + below(9), 0);
    }
    const int64_t cost = below(2) == 0 ? 0 : below(spread);
    const bool draw = below(2) == 0;
    const auto found = FindTieTurner(first, second, cost, draw);
    const auto expected = TryAll(first, second, cost, draw);
    ASSERT_EQ(found.has_value(), expected.has_value()) << "round " << round;
    if (!found.has_value()) continue;
    ++turned;
    EXPECT_EQ(found->criterion, expected->criterion) << "round " << round;
    EXPECT_EQ(found->to_weight, expected->to_weight) << "round " << round;
  }
  EXPECT_GT(turned, 100);
}

}  // namespace
}  // namespace tandem::engine
