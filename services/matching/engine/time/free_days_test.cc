#include "services/matching/engine/time/free_days.h"

#include "gtest/gtest.h"

namespace tandem::engine {
namespace {

TEST(FreeDaysTest, RangesThatOverlapOrTouchAreMerged) {
  const std::vector<DayRange> merged = NormalRanges({{10, 12}, {1, 3}, {4, 5}, {9, 10}, {20, 19}});
  EXPECT_EQ(merged, (std::vector<DayRange>{{1, 5}, {9, 12}}));
}

TEST(FreeDaysTest, OnlyDaysOffWithinThePeriodCount) {
  EXPECT_EQ(FreeDays({10, 19}, {}), 10);
  EXPECT_EQ(FreeDays({10, 19}, std::vector<DayRange>{{1, 9}, {15, 30}}), 5);
  EXPECT_EQ(FreeDays({10, 19}, std::vector<DayRange>{{1, 30}}), 0);
  EXPECT_EQ(FreeDays({10, 9}, {}), 0);
}

TEST(FreeDaysTest, TheLongestRunLiesBeforeBetweenOrAfterDaysOff) {
  EXPECT_EQ(LongestFreeRun({10, 19}, {}), 10);
  EXPECT_EQ(LongestFreeRun({10, 19}, std::vector<DayRange>{{16, 17}}), 6);
  EXPECT_EQ(LongestFreeRun({10, 19}, std::vector<DayRange>{{5, 11}, {18, 40}}), 6);
  EXPECT_EQ(LongestFreeRun({10, 19}, std::vector<DayRange>{{11, 11}, {13, 13}}), 6);
  EXPECT_EQ(LongestFreeRun({10, 19}, std::vector<DayRange>{{1, 40}}), 0);
  EXPECT_EQ(LongestFreeRun({10, 19}, std::vector<DayRange>{{25, 40}}), 10);
}

}  // namespace
}  // namespace tandem::engine
