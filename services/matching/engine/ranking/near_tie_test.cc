#include "services/matching/engine/ranking/near_tie.h"

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

}  // namespace
}  // namespace tandem::engine
