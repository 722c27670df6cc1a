#include "services/matching/capacity/months.h"

#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::matching {
namespace {

using ::tandem::base::IsOkAndHolds;
using ::tandem::base::StatusIs;

TEST(MonthsTest, AMonthSurvivesBeingWrittenAndRead) {
  EXPECT_EQ(FormatMonth(absl::CivilMonth(2027, 3)), "2027-03");
  EXPECT_THAT(ParseMonth("2027-03"), IsOkAndHolds(absl::CivilMonth(2027, 3)));
}

TEST(MonthsTest, WhatIsNoMonthIsRefused) {
  for (const char* text : {"", "2027-3", "2027-13", "2027-00", "2027/03", "2027-03-01", "+027-03",
                           "2027-+3", "abcd-ef"}) {
    EXPECT_THAT(ParseMonth(text), StatusIs(absl::StatusCode::kInvalidArgument)) << text;
  }
}

TEST(MonthsTest, APeriodTouchesTheMonthsOfItsFirstAndLastDay) {
  const MonthRange range = MonthsOf(absl::CivilDay(2026, 11, 30), absl::CivilDay(2027, 1, 1));

  EXPECT_FALSE(Contains(range, absl::CivilMonth(2026, 10)));
  EXPECT_TRUE(Contains(range, absl::CivilMonth(2026, 11)));
  EXPECT_TRUE(Contains(range, absl::CivilMonth(2027, 1)));
  EXPECT_FALSE(Contains(range, absl::CivilMonth(2027, 2)));
}

TEST(MonthsTest, RangesOverlapInASharedMonthOnly) {
  const absl::CivilMonth march(2027, 3);
  EXPECT_TRUE(Overlap({march, march + 2}, {march + 2, march + 4}));
  EXPECT_FALSE(Overlap({march, march + 1}, {march + 2, march + 4}));
  EXPECT_FALSE(Overlap({march + 1, march}, {march, march + 1}));
}

}  // namespace
}  // namespace tandem::matching
