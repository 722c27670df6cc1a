#include "services/matching/engine/criteria/words.h"

#include "gtest/gtest.h"
#include "services/matching/engine/criteria/criterion.h"
#include "services/matching/engine/facts.h"
#include "services/matching/engine/testing/scene.h"

namespace tandem::engine {
namespace {

TEST(CriterionWordsTest, EachCriterionSaysWhatItSaw) {
  Scene scene;
  scene.need.preferred_mentors = {"mentors/a"};
  Roster roster;
  const auto need = Prepare(scene.need, scene.Inputs(&roster));
  ASSERT_TRUE(need.ok()) << need.status();
  const MentorView mentor = need->roster.mentor(0);
  EXPECT_EQ(CriterionSentence(Criterion::kExpertise, mentor, *need),
            "level 4 in testing, last practised 2025-12-01");
  EXPECT_EQ(CriterionSentence(Criterion::kLanguage, mentor, *need), "fr spoken C1, written C1");
  EXPECT_EQ(CriterionSentence(Criterion::kRegionalExperience, mentor, *need),
            "knows 0 of 1 countries, and 0 others of the region");
  EXPECT_EQ(CriterionSentence(Criterion::kDevelopmentContext, mentor, *need),
            "knows 0 of 1 development contexts");
  EXPECT_EQ(CriterionSentence(Criterion::kScheduleOverlap, mentor, *need),
            "900 common minutes in 13 of 13 weeks, 120 asked");
  EXPECT_EQ(CriterionSentence(Criterion::kFreshness, mentor, *need),
            "profile confirmed 18 days ago");
  EXPECT_EQ(CriterionSentence(Criterion::kLoadBalance, mentor, *need),
            "0 of 2 engagements and 0 of 20 hours per month taken in the fullest month");
  EXPECT_EQ(CriterionSentence(Criterion::kMutualPreference, mentor, *need),
            "the NSB would like this mentor");
}

}  // namespace
}  // namespace tandem::engine
