#include "services/matching/engine/time/calendar.h"

#include "gtest/gtest.h"

namespace tandem::engine {
namespace {

TEST(CalendarTest, DaysCountFrom1970) {
  EXPECT_EQ(DayOf(absl::CivilDay(1970, 1, 1)), 0);
  EXPECT_EQ(DayOf(absl::CivilDay(1969, 12, 31)), -1);
  EXPECT_EQ(CivilDayOf(20'485), absl::CivilDay(2026, 2, 1));
}

TEST(CalendarTest, TheDayOfADecisionIsUtc) {
  EXPECT_EQ(UtcDayOf(absl::FromUnixSeconds(86'399)), 0);
  EXPECT_EQ(UtcDayOf(absl::FromUnixSeconds(86'400)), 1);
}

TEST(CalendarTest, WeekdaysBeginOnMonday) {
  EXPECT_EQ(WeekdayIndex(0), 3);   // Thursday.
  EXPECT_EQ(WeekdayIndex(4), 0);   // Monday, 1970-01-05.
  EXPECT_EQ(WeekdayIndex(-4), 6);  // Sunday, 1969-12-28.
}

TEST(CalendarTest, MonthsAreAddedWithinShorterMonths) {
  const Day last_of_january = DayOf(absl::CivilDay(2024, 1, 31));
  EXPECT_EQ(CivilDayOf(AddMonths(last_of_january, 1)), absl::CivilDay(2024, 2, 29));
  EXPECT_EQ(CivilDayOf(AddMonths(last_of_january, 13)), absl::CivilDay(2025, 2, 28));
  EXPECT_EQ(CivilDayOf(AddMonths(last_of_january, -2)), absl::CivilDay(2023, 11, 30));
  EXPECT_EQ(AddMonths(last_of_january, 0), last_of_january);
}

TEST(CalendarTest, MonthsAreNumbered) {
  EXPECT_EQ(MonthOf(DayOf(absl::CivilDay(2026, 1, 1))), 2026 * 12);
  EXPECT_EQ(FormatMonth(MonthOf(DayOf(absl::CivilDay(2026, 12, 31)))), "2026-12");
}

TEST(CalendarTest, DaysAreShownAsIsoDates) {
  EXPECT_EQ(FormatDay(DayOf(absl::CivilDay(2026, 3, 1))), "2026-03-01");
  EXPECT_EQ(FormatDay(kNoDay), "");
}

}  // namespace
}  // namespace tandem::engine
