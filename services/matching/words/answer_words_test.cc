#include "services/matching/words/answer_words.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::matching {
namespace {

using ::testing::ElementsAre;

TEST(AnswerWordsTest, AMatchIsExplainedByItsRankAndWhatCountedMost) {
  engine::Explanation explanation;
  explanation.rank = 2;
  explanation.score.total = 734'120;
  explanation.score.points[engine::IndexOf(engine::Criterion::kExpertise)] = 800'000;
  explanation.score.weights[engine::IndexOf(engine::Criterion::kExpertise)] = 10;
  explanation.score.points[engine::IndexOf(engine::Criterion::kScheduleOverlap)] = 900'000;
  explanation.score.weights[engine::IndexOf(engine::Criterion::kScheduleOverlap)] = 1;
  explanation.score.points[engine::IndexOf(engine::Criterion::kLanguage)] = 1'000'000;  // weight 0
  explanation.criterion_sentences[engine::IndexOf(engine::Criterion::kExpertise)] = "level 4";
  explanation.criterion_sentences[engine::IndexOf(engine::Criterion::kScheduleOverlap)] =
      "600 minutes a week";
  explanation.score.needs_interpreter = true;

  EXPECT_THAT(MatchReasons(explanation, 5),
              ElementsAre("Rank 2 of 5 eligible mentors for this need, with 73.412 of 100 points.",
                          "Expertise: level 4.", "Schedule overlap: 600 minutes a week.",
                          "An interpreter is needed; the score allows for the cost."));
}

TEST(AnswerWordsTest, ATieTurnerNamesTheWeightThatSwaps) {
  EXPECT_EQ(TieTurnerSentence({engine::Criterion::kScheduleOverlap, 10, 12}),
            "Giving schedule overlap the weight 12 instead of 10 would swap this mentor with the "
            "next.");
}

TEST(AnswerWordsTest, RulesThatExcludeNobodyAreLeftOut) {
  engine::PoolCounts pool;
  pool.rules[engine::IndexOf(engine::Rule::kLanguage)].failed = 3;
  pool.rules[engine::IndexOf(engine::Rule::kLanguage)].sole = 1;
  pool.rules[engine::IndexOf(engine::Rule::kLanguage)].sole_examples = {"mentors/1"};

  const auto counts = ToProto(pool);

  ASSERT_EQ(counts.size(), 1);
  EXPECT_EQ(counts[0].rule(), v1::RULE_LANGUAGE);
  EXPECT_EQ(counts[0].failed(), 3);
  EXPECT_THAT(counts[0].sole_examples(), ElementsAre("mentors/1"));
}

}  // namespace
}  // namespace tandem::matching
