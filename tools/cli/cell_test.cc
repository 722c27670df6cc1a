#include "tools/cli/cell.h"

#include <string>
#include <vector>

#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::cli {
namespace {

using ::tandem::base::IsOk;
using ::tandem::base::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(DateTest, OnlyDaysOfTheCalendarAreDates) {
  for (const char* good : {"2027-03-01", "2028-02-29", "1900-01-01", "2027-12-31"}) {
    const auto date = ParseDate(good);
    ASSERT_THAT(date, IsOk()) << good;
    EXPECT_EQ(FormatDate(*date), good);
  }
  for (const char* bad : {"2027-02-29", "2027-13-01", "2027-00-10", "2027-04-31", "2027-3-1",
                          "01/03/2027", "01.03.2027", "2027-03", "", "2027-03-01x", "1899-12-31",
                          "20270301", "-027-01-01", "2027-03-0a"}) {
    EXPECT_THAT(ParseDate(bad), StatusIs(absl::StatusCode::kInvalidArgument)) << bad;
  }
}

TEST(DateTest, MonthMeansItsLastDay) {
  EXPECT_EQ(FormatDate(*ParseMonthOrDate("2024-02")), "2024-02-29");
  EXPECT_EQ(FormatDate(*ParseMonthOrDate("2024-12")), "2024-12-31");
  EXPECT_EQ(FormatDate(*ParseMonthOrDate("2024-02-10")), "2024-02-10");
  EXPECT_THAT(ParseMonthOrDate("2024-13"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseMonthOrDate("2024/02"), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(DateRangeTest, EndsMayBeOpenOnlyWhereAllowed) {
  EXPECT_EQ(FormatDateRange(*ParseDateRange("2027-01-01..2027-01-31", false)),
            "2027-01-01..2027-01-31");
  EXPECT_EQ(FormatDateRange(*ParseDateRange("2027-01-01..", true)), "2027-01-01..");
  EXPECT_EQ(FormatDateRange(*ParseDateRange("..2027-01-01", true)), "..2027-01-01");
  EXPECT_THAT(ParseDateRange("2027-01-01..", false),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("both dates")));
  EXPECT_THAT(ParseDateRange("2027-02-01..2027-01-31", true),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("ends before")));
  EXPECT_THAT(ParseDateRange("2027-02-01", true), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(InstantTest, DateIsMidnightInUtc) {
  EXPECT_EQ(FormatInstant(*ParseInstant("2026-11-22")), "2026-11-22T00:00:00Z");
  EXPECT_EQ(FormatInstant(*ParseInstant("2026-11-22T10:00:00+02:00")), "2026-11-22T08:00:00Z");
  EXPECT_THAT(ParseInstant("2026-02-30"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseInstant("yesterday"), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(WindowsTest, DaysAndHoursAreReadAndWrittenAlike) {
  for (const char* text :
       {"Mon-Thu 14:00-18:00", "Sat 09:00-12:00", "Mon 08:00-09:00|Wed 08:00-09:00",
        "Mon-Fri 00:00-24:00", "Mon-Thu 14:00-18:00|Sat 09:00-12:00"}) {
    const auto windows = ParseWindows(text);
    ASSERT_THAT(windows, IsOk()) << text;
    EXPECT_EQ(FormatWindows(*windows), text);
  }
}

TEST(WindowsTest, SpanMayGoOverTheEndOfTheWeek) {
  const auto windows = ParseWindows("Sat-Mon 08:00-12:30");
  ASSERT_THAT(windows, IsOk());
  ASSERT_EQ(windows->size(), 3u);
  EXPECT_EQ((*windows)[0].weekday(), tandem::common::v1::WEEKDAY_SATURDAY);
  EXPECT_EQ((*windows)[1].weekday(), tandem::common::v1::WEEKDAY_SUNDAY);
  EXPECT_EQ((*windows)[2].weekday(), tandem::common::v1::WEEKDAY_MONDAY);
  EXPECT_EQ((*windows)[2].end_minute(), 750);
}

TEST(WindowsTest, SeveralDaysShareTheirHours) {
  const auto windows = ParseWindows("Mon Wed Fri 09:00-10:00");
  ASSERT_THAT(windows, IsOk());
  EXPECT_EQ(windows->size(), 3u);
}

TEST(WindowsTest, MistakesAreNamed) {
  const struct {
    const char* text;
    const char* reason;
  } kCases[] = {
      {"Mon", "is not DAYS FROM-TO"},
      {"09:00-10:00", "is not DAYS FROM-TO"},
      {"Lundi 09:00-10:00", "is no day"},
      {"Mon 9-10", "is no time of day"},
      {"Mon 25:00-26:00", "is no time of day"},
      {"Mon 09:10-10:00", "quarter of an hour"},
      {"Mon 22:00-02:00", "over midnight, write two windows"},
      {"Mon 09:00-09:00", "ends before it begins"},
      {"Mon-Tue-Wed 09:00-10:00", "is no span of days"},
      {"Mon 09:00", "is not FROM-TO"},
  };
  for (const auto& c : kCases) {
    EXPECT_THAT(ParseWindows(c.text),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(c.reason)))
        << c.text;
  }
}

TEST(LanguageTest, OneLevelMeansSpokenAndWritten) {
  const auto skill = ParseLanguageSkill("fr:C1");
  ASSERT_THAT(skill, IsOk());
  EXPECT_EQ(skill->spoken(), tandem::common::v1::CEFR_LEVEL_C1);
  EXPECT_EQ(skill->written(), tandem::common::v1::CEFR_LEVEL_C1);
  const auto two = ParseLanguageSkill("pt-BR:c2:B1");
  ASSERT_THAT(two, IsOk());
  EXPECT_EQ(two->language(), "pt-BR");
  EXPECT_EQ(two->written(), tandem::common::v1::CEFR_LEVEL_B1);
  for (const char* bad : {"fr", "fr:D1", ":C1", "fr:C1:C1:C1", "fr:"}) {
    EXPECT_THAT(ParseLanguageSkill(bad), StatusIs(absl::StatusCode::kInvalidArgument)) << bad;
  }
}

TEST(NumberTest, OnlyWholeNumbersInTheRange) {
  EXPECT_EQ(*ParseInteger("744", 0, 744), 744);
  for (const char* bad : {"745", "-1", "1.5", "1e2", "", "ten", "99999999999999999999"}) {
    EXPECT_THAT(ParseInteger(bad, 0, 744), StatusIs(absl::StatusCode::kInvalidArgument)) << bad;
  }
}

TEST(ListTest, EmptyPartsAreLeftOut) {
  EXPECT_THAT(SplitList(" a b | |c|"), ElementsAre("a b", "c"));
  EXPECT_THAT(SplitWords(" KE UG|TZ  "), ElementsAre("KE", "UG", "TZ"));
}

}  // namespace
}  // namespace tandem::cli
