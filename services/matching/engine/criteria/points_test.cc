#include "services/matching/engine/criteria/points.h"

#include "gtest/gtest.h"
#include "services/matching/engine/facts.h"
#include "services/matching/engine/testing/scene.h"

namespace tandem::engine {
namespace {

constexpr int64_t kNow = int64_t{20'485} * kSecondsPerDay + 43'200;  // 2026-02-01 12:00 UTC.

TEST(PointsTest, ExpertiseIsLevelTimesRecencyByWeights) {
  ExpectPoints(
      Criterion::kExpertise,
      {
          {"level 4, practised lately", [](Scene&) {}, 800'000},
          {"level 5", [](Scene& s) { s.mentor.expertise[0].level = 5; }, 1'000'000},
          {"two years ago, to the day",
           [](Scene& s) { s.mentor.expertise[0].last_practised = D("2024-02-02"); }, 800'000},
          {"ten years ago",
           [](Scene& s) { s.mentor.expertise[0].last_practised = D("2016-02-02"); }, 400'000},
          {"forty years ago",
           [](Scene& s) { s.mentor.expertise[0].last_practised = D("1986-02-02"); }, 400'000},
          {"half way between",
           [](Scene& s) { s.mentor.expertise[0].last_practised = D("2020-02-02"); }, 600'000},
          {"not stated", [](Scene& s) { s.mentor.expertise[0].last_practised = kNoDay; }, 400'000},
          {"the best of two, not the highest level",
           [](Scene& s) {
             s.mentor.expertise = {{"testing.toys", 5, kNoDay}, {"testing", 3, D("2026-01-01")}};
           },
           600'000},
          {"a wish that is not met, one to three",
           [](Scene& s) {
             s.need.topics = {{"testing", 3, 1}, {"governance", 0, 3}};
           },
           200'000},
          {"rounded half up",
           [](Scene& s) {
             s.need.topics = {{"testing", 3, 2}, {"governance", 0, 1}};
           },
           533'333},
          {"no topic asked", [](Scene& s) { s.need.topics = {}; }, 1'000'000},
      });
}

TEST(PointsTest, LanguageCountsBeyondTheAskedLevels) {
  ExpectPoints(
      Criterion::kLanguage,
      {
          {"C1 where B2 and B1 are asked", [](Scene&) {}, 583'334},  // 1/2 and 2/3, rounded.
          {"just what is asked",
           [](Scene& s) {
             s.mentor.languages = {{"fr", Cefr::kB2, Cefr::kB1}};
           },
           0},
          {"C2",
           [](Scene& s) {
             s.mentor.languages = {{"fr", Cefr::kC2, Cefr::kC2}};
           },
           1'000'000},
          {"C2 asked and met",
           [](Scene& s) {
             s.need.languages = {{"fr", Cefr::kC2, Cefr::kC2}};
             s.mentor.languages = {{"fr", Cefr::kC2, Cefr::kC2}};
           },
           1'000'000},
          {"below what is asked",
           [](Scene& s) {
             s.mentor.languages = {{"fr", Cefr::kB1, Cefr::kC2}};
           },
           0},
          {"the better of two",
           [](Scene& s) {
             s.need.languages.push_back({"en", Cefr::kB2, Cefr::kB2});
             s.mentor.languages.push_back({"en", Cefr::kC2, Cefr::kC2});
           },
           1'000'000},
          {"none asked", [](Scene& s) { s.need.languages = {}; }, 1'000'000},
      });
}

TEST(PointsTest, RegionalExperienceCountsPerCountry) {
  ExpectPoints(
      Criterion::kRegionalExperience,
      {
          {"none", [](Scene&) {}, 0},
          {"in the country", [](Scene& s) { s.mentor.experience_countries = {"TD"}; }, 1'000'000},
          {"lives there", [](Scene& s) { s.mentor.residence_country = "TD"; }, 1'000'000},
          {"in the region", [](Scene& s) { s.mentor.experience_countries = {"CM"}; }, 500'000},
          {"in one of two countries and in the region",
           [](Scene& s) {
             s.need.countries = {"TD", "SN"};
             s.mentor.experience_countries = {"TD", "CM"};
           },
           750'000},
          {"in one of two countries",
           [](Scene& s) {
             s.need.countries = {"TD", "SN"};
             s.mentor.experience_countries = {"TD"};
           },
           500'000},
          {"no country asked", [](Scene& s) { s.need.countries = {}; }, 1'000'000},
      });
}

TEST(PointsTest, DevelopmentContextIsTheShareKnown) {
  ExpectPoints(Criterion::kDevelopmentContext,
               {
                   {"none", [](Scene&) {}, 0},
                   {"all",
                    [](Scene& s) {
                      s.mentor.development_contexts = {"sids", "ldc"};
                    },
                    1'000'000},
                   {"one of three",
                    [](Scene& s) {
                      s.need.development_contexts = {"ldc", "lldc", "fragile"};
                      s.mentor.development_contexts = {"lldc"};
                    },
                    333'333},
                   {"none asked", [](Scene& s) { s.need.development_contexts = {}; }, 1'000'000},
               });
}

TEST(PointsTest, OverlapCountsUpToFourTimesWhatIsAsked) {
  ExpectPoints(
      Criterion::kScheduleOverlap,
      {
          {"900 of 480", [](Scene&) {}, 1'000'000},
          {"just what is asked", [](Scene& s) { s.need.min_weekly_overlap_minutes = 900; }, 0},
          {"900 where 300 is asked and 1200 plenty",
           [](Scene& s) { s.need.min_weekly_overlap_minutes = 300; }, 666'667},
          {"all that the counterparts have",
           [](Scene& s) {
             s.need.min_weekly_overlap_minutes = 300;
             s.need.weekly_windows = {{1, 540, 720}, {2, 540, 720}};
           },
           1'000'000},
          {"240 is plenty where nothing is asked",
           [](Scene& s) {
             s.need.min_weekly_overlap_minutes = 0;
             s.mentor.weekly_windows = {{1, 540, 660}};
           },
           500'000},
          {"all work on site",
           [](Scene& s) {
             s.need.modalities = kOnSite;
             s.mentor.weekly_windows = {};
           },
           1'000'000},
          {"days off lower it",
           [](Scene& s) {
             s.need.min_weekly_overlap_minutes = 300;
             s.mentor.days_off = {{D("2026-03-03"), D("2026-03-03")}};
           },
           466'667},
      });
}

TEST(PointsTest, FreshnessFallsFromFreshToStale) {
  ExpectPoints(
      Criterion::kFreshness,
      {
          {"now", [](Scene& s) { s.mentor.last_confirmed = kNow; }, 1'000'000},
          {"90 days ago", [](Scene& s) { s.mentor.last_confirmed = kNow - 90 * kSecondsPerDay; },
           1'000'000},
          {"145 days ago, a fifth of the way",
           [](Scene& s) { s.mentor.last_confirmed = kNow - 145 * kSecondsPerDay; }, 800'000},
          {"stale", [](Scene& s) { s.mentor.last_confirmed = kNow - 365 * kSecondsPerDay; }, 0},
          {"never", [](Scene& s) { s.mentor.last_confirmed = kNever; }, 0},
      });
}

TEST(PointsTest, LoadBalanceIsTheSmallerFreeShare) {
  const Month march = MonthOf(D("2026-03-01"));
  ExpectPoints(Criterion::kLoadBalance,
               {
                   {"nothing taken", [](Scene&) {}, 1'000'000},
                   {"half the places, a quarter of the hours",
                    [march](Scene& s) {
                      s.load.commitments = {{"mentors/a", "x", 5, march, march}};
                    },
                    500'000},
                   {"a quarter of the places, half the hours",
                    [march](Scene& s) {
                      s.mentor.max_engagements = 4;
                      s.load.commitments = {{"mentors/a", "x", 10, march, march}};
                    },
                    500'000},
                   {"more promised than offered",
                    [march](Scene& s) {
                      s.load.commitments = {{"mentors/a", "x", 50, march, march}};
                    },
                    0},
                   {"nothing offered", [](Scene& s) { s.mentor.hours_per_month = 0; }, 0},
               });
}

TEST(PointsTest, PreferenceIsHalfFromEachSide) {
  ExpectPoints(
      Criterion::kMutualPreference,
      {
          {"none", [](Scene&) {}, 0},
          {"the NSB's", [](Scene& s) { s.need.preferred_mentors = {"mentors/a"}; }, 500'000},
          {"the mentor's",
           [](Scene& s) { s.mentor.preferred_organisations = {"organisations/nsb"}; }, 500'000},
          {"both",
           [](Scene& s) {
             s.need.preferred_mentors = {"mentors/a"};
             s.mentor.preferred_organisations = {"organisations/z", "organisations/nsb"};
           },
           1'000'000},
          {"another organisation",
           [](Scene& s) { s.mentor.preferred_organisations = {"organisations/z"}; }, 0},
      });
}

TEST(PointsTest, SharesAreRoundedHalfUpAndKeptInRange) {
  EXPECT_EQ(ShareInPoints(1, 3), 333'333);
  EXPECT_EQ(ShareInPoints(2, 3), 666'667);
  EXPECT_EQ(ShareInPoints(1, 2'000'000), 1);
  EXPECT_EQ(ShareInPoints(-1, 3), 0);
  EXPECT_EQ(ShareInPoints(4, 3), kFullPoints);
  EXPECT_EQ(ShareInPoints(0, 0), kFullPoints);
}

}  // namespace
}  // namespace tandem::engine
