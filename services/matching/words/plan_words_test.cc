#include "services/matching/words/plan_words.h"

#include <limits>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::matching {
namespace {

using ::testing::HasSubstr;

engine::WhyNot Costs(const std::string& component, int64_t amount) {
  engine::WhyNot why_not;
  why_not.cost = {{component, amount, false}};
  why_not.removed = {{0, 0, 100}, {1, 1, 200}};
  return why_not;
}

TEST(PlanWordsTest, NumbersOfAnySizeAreExact) {
  EXPECT_EQ(DecimalString(0), "0");
  EXPECT_EQ(DecimalString(-1234), "-1234");
  EXPECT_EQ(DecimalString(absl::MakeInt128(1, 0)), "18446744073709551616");
  EXPECT_EQ(DecimalString(std::numeric_limits<absl::int128>::min()),
            "-170141183460469231731687303715884105728");
  EXPECT_EQ(Grouped(999), "999");
  EXPECT_EQ(Grouped(1234567), "1,234,567");
  EXPECT_EQ(Grouped(-1000), "-1,000");
  EXPECT_EQ(Grouped(-100), "-100");
}

TEST(PlanWordsTest, ComponentsOfAValueAreNamedForPeople) {
  EXPECT_EQ(ComponentWords("served_2"), "needs served in tier 2");
  EXPECT_EQ(ComponentWords("slots_1"), "places filled in tier 1");
  EXPECT_EQ(ComponentWords("points"), "total score in micro-points");
  EXPECT_EQ(ComponentWords("beneficiaries"), "standards bodies served");
}

TEST(PlanWordsTest, WhyNotSaysWhatForcingThePairCosts) {
  EXPECT_EQ(WhyNotSentence(Costs("points", 12345), v1::WHY_NOT_KIND_OUTRANKED),
            "Others fill the need better. Forcing this pair would give 1.2345 points less in total "
            "score; 2 matches of the plan would give way.");
  EXPECT_EQ(
      WhyNotSentence(Costs("served_1", 1), v1::WHY_NOT_KIND_PLACED_ELSEWHERE),
      "The mentor is worth more elsewhere. Forcing this pair would give 1 less in needs served "
      "in tier 1; 2 matches of the plan would give way.");
  EXPECT_EQ(
      WhyNotSentence(Costs("draws", 99), v1::WHY_NOT_KIND_OUTRANKED),
      "It would cost nothing: an equally good plan has this pair, and the draw decided between "
      "them. 2 matches would give way.");
}

TEST(PlanWordsTest, AnImpossiblePairNamesDemandAndSupply) {
  engine::WhyNot why_not;
  why_not.feasible = false;
  why_not.conflict.demand = 2;
  why_not.conflict.supply = 1;

  EXPECT_EQ(WhyNotSentence(why_not, v1::WHY_NOT_KIND_INFEASIBLE),
            "With this pair no plan is possible: it asks for 2 places where there is 1.");
}

TEST(PlanWordsTest, AnOpenNeedWithEligibleMentorsAsksForPlaces) {
  engine::PoolCounts pool;
  pool.considered = 10;
  pool.eligible = 3;

  const UnmatchedWords words = WordsOfUnmatched(pool, {1, 0});

  EXPECT_FALSE(words.has_binding_rule);
  EXPECT_EQ(words.remedy,
            "3 mentors are eligible but are all placed elsewhere or without a place left: 1 more "
            "place of theirs would fill the need.");
}

TEST(PlanWordsTest, WhoIsPlacedHereIsNotSaidToBePlacedElsewhere) {
  engine::PoolCounts pool;
  pool.considered = 10;
  pool.eligible = 2;

  EXPECT_EQ(WordsOfUnmatched(pool, {1, 1}).remedy,
            "1 more mentor is eligible but is placed elsewhere or without a place left: 1 more "
            "place of theirs would fill the need.");
  EXPECT_EQ(WordsOfUnmatched(pool, {1, 2}).remedy,
            "All 2 eligible mentors are placed here already: recruit for this need.");
  pool.eligible = 1;
  EXPECT_EQ(WordsOfUnmatched(pool, {1, 1}).remedy,
            "The only eligible mentor is placed here already: recruit for this need.");
}

TEST(PlanWordsTest, WithoutAPlanNobodyIsSaidToBePlaced) {
  engine::PoolCounts pool;
  pool.considered = 10;
  pool.eligible = 2;

  EXPECT_EQ(WordsOfUnplanned(pool).remedy,
            "2 mentors are eligible, but nobody is placed: the hard minimums of the cohort cannot "
            "be kept. What the conflict names has to change.");
  pool.eligible = 0;
  EXPECT_EQ(WordsOfUnplanned(pool).remedy, WordsOfUnmatched(pool, {1, 0}).remedy);
}

TEST(PlanWordsTest, AnOpenNeedInAFullQuotaNamesTheQuota) {
  engine::PoolCounts pool;
  pool.considered = 10;
  pool.eligible = 1;

  EXPECT_EQ(
      WordsOfUnmatched(pool, {1, 0}, {{"mali", "ldc"}, {}}).remedy,
      "1 mentor is eligible, but the need stands in a quota that is full: \"mali\", \"ldc\". A "
      "higher maximum in the policy would make room.");
  EXPECT_EQ(
      WordsOfUnmatched(pool, {1, 0}, {{}, {"kenyans"}}).remedy,
      "1 mentor is eligible but is placed elsewhere, without a place left, or in a quota that "
      "is full: \"kenyans\".");
}

TEST(PlanWordsTest, AnOpenNeedWithoutAnybodyNamesTheBindingRule) {
  engine::PoolCounts pool;
  pool.considered = 10;
  engine::RuleCount& count = pool.rules[engine::IndexOf(engine::Rule::kLanguage)];
  count.failed = 5;
  count.sole = 2;

  const UnmatchedWords words = WordsOfUnmatched(pool, {1, 0});

  EXPECT_TRUE(words.has_binding_rule);
  EXPECT_EQ(words.binding_rule, engine::Rule::kLanguage);
  EXPECT_EQ(words.remedy, "2 mentors fail this rule only.");
}

TEST(PlanWordsTest, NobodyAtAllIsSaidPlainly) {
  engine::PoolCounts pool;
  EXPECT_EQ(WordsOfUnmatched(pool, {1, 0}).remedy, "There is nobody in the roster: add mentors.");
  pool.considered = 4;
  EXPECT_THAT(WordsOfUnmatched(pool, {1, 0}).remedy, HasSubstr("no single change would help"));
}

}  // namespace
}  // namespace tandem::matching
