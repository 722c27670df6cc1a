#include "services/matching/words/fairness_words.h"

#include "gtest/gtest.h"

namespace tandem::matching {
namespace {

engine::AssignmentResult Plan(int64_t beneficiaries, int64_t worst) {
  engine::AssignmentResult plan;
  plan.beneficiaries_served = beneficiaries;
  plan.has_worst_pair = true;
  plan.worst_pair_score = worst;
  return plan;
}

TEST(FairnessWordsTest, CoverageSaysWhomItServesAndForHowMuch) {
  const engine::AssignmentResult total = Plan(2, 300'000);
  engine::ObjectivePrice coverage;
  coverage.result = Plan(3, 300'000);
  coverage.cost = {{"served_1", 0, false}, {"slots_1", 0, false}, {"points", 600, false}};

  EXPECT_EQ(CoveragePriceSentence(total, coverage),
            "Coverage serves 1 beneficiary more than the best total would, for 0.06 points less in "
            "total score.");

  coverage.cost[1].amount = 2;
  coverage.result.beneficiaries_served = 4;
  EXPECT_EQ(CoveragePriceSentence(total, coverage),
            "Coverage serves 2 beneficiaries more than the best total would, for 2 less in places "
            "filled in tier 1.");
}

TEST(FairnessWordsTest, AFloorSaysWhatTheWorstMatchGains) {
  engine::ObjectivePrice floor;
  floor.result = Plan(2, 500'000);
  floor.cost = {{"points", 20'000, false}};

  EXPECT_EQ(FloorPriceSentence(Plan(2, 300'000), floor),
            "With a floor the worst match scores 50.00 points instead of 30.00 points, for 2.00 "
            "points less in total score.");
}

TEST(FairnessWordsTest, WhatCostsNothingSaysSo) {
  const engine::AssignmentResult total = Plan(2, 300'000);
  engine::ObjectivePrice price;
  price.result = total;
  price.cost = {{"served_1", 0, false}, {"points", 0, false}};

  EXPECT_EQ(CoveragePriceSentence(total, price),
            "Coverage costs nothing: the best total serves as many beneficiaries.");
  EXPECT_EQ(FloorPriceSentence(total, price),
            "A floor costs nothing: the best total's worst match is as good.");
}

TEST(FairnessWordsTest, AnObjectiveWithoutAPlanSaysWhy) {
  engine::ObjectivePrice price;
  price.refusal = "the quota splits a beneficiary";

  EXPECT_EQ(CoveragePriceSentence(Plan(1, 1), price),
            "This cohort has no such plan: the quota splits a beneficiary.");
}

TEST(FairnessWordsTest, BlockingPairsAreCounted) {
  EXPECT_EQ(BlockingSentence(0),
            "No need and mentor would both rather have each other: the best total is stable.");
  EXPECT_EQ(BlockingSentence(1234),
            "1,234 eligible pairs would both rather have each other than what the best total gives "
            "them; a stable plan has none.");
}

}  // namespace
}  // namespace tandem::matching
