#include "services/matching/engine/criteria/score.h"

#include "gtest/gtest.h"
#include "services/matching/engine/criteria/criterion.h"
#include "services/matching/engine/facts.h"
#include "services/matching/engine/testing/scene.h"

namespace tandem::engine {
namespace {

TEST(ScoreTest, TheTotalIsTheWeightedMeanRoundedHalfUp) {
  const CriterionPoints points = {1'000'000, 0, 500'001, 0, 0, 0, 0, 0};
  EXPECT_EQ(WeightedTotal(points, {1, 1, 0, 0, 0, 0, 0, 0}, 0), 500'000);
  EXPECT_EQ(WeightedTotal(points, {0, 1, 1, 0, 0, 0, 0, 0}, 0), 250'001);  // 250,000.5
  EXPECT_EQ(WeightedTotal(points, {2, 1, 0, 0, 0, 0, 0, 0}, 0), 666'667);
  EXPECT_EQ(WeightedTotal(points, {}, 0), 0);
}

TEST(ScoreTest, AnInterpreterCostsButNeverBelowNothing) {
  const CriterionPoints points = {300'000, 0, 0, 0, 0, 0, 0, 0};
  const CriterionWeights weights = {1, 0, 0, 0, 0, 0, 0, 0};
  EXPECT_EQ(WeightedTotal(points, weights, 100'000), 200'000);
  EXPECT_EQ(WeightedTotal(points, weights, 400'000), 0);
}

TEST(ScoreTest, OnlyAMentorWithoutTheLanguagePaysForTheInterpreter) {
  Scene scene;
  scene.need.interpreter_available = true;
  scene.service().interpreter_allowed = true;
  scene.service().weights = {1, 0, 0, 0, 0, 0, 0, 0};
  EXPECT_EQ(scene.ScoreNow().total, 800'000);
  EXPECT_FALSE(scene.ScoreNow().needs_interpreter);
  scene.mentor.languages = {{"en", Cefr::kC2, Cefr::kC2}};
  EXPECT_EQ(scene.ScoreNow().total, 700'000);
  EXPECT_TRUE(scene.ScoreNow().needs_interpreter);
}

TEST(ScoreTest, CodesAreThoseOfTheApi) {
  EXPECT_EQ(CodeOf(Criterion::kExpertise), "EXPERTISE");
  EXPECT_EQ(CodeOf(Criterion::kMutualPreference), "MUTUAL_PREFERENCE");
  EXPECT_EQ(CodeOf(static_cast<Criterion>(0)), "CRITERION_UNSPECIFIED");
}

}  // namespace
}  // namespace tandem::engine
