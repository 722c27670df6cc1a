// Calendar days and months as numbers, so that decisions compute with integers only.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_TIME_CALENDAR_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_TIME_CALENDAR_H_

#include <cstdint>
#include <limits>
#include <string>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace tandem::engine {

// A calendar day as the number of days since 1970-01-01. It has no zone.
using Day = int32_t;

// "Not stated"; what it means stands with each field.
constexpr Day kNoDay = std::numeric_limits<Day>::min();

// A month as year x 12 + month - 1.
using Month = int32_t;

constexpr int kSecondsPerDay = 86'400;
constexpr int kQuartersPerWeek = 672;  // Quarter hours.

// Whole days, both ends included.
struct DayRange {
  Day first = 0;
  Day last = 0;

  friend bool operator==(const DayRange& a, const DayRange& b) {
    return a.first == b.first && a.last == b.last;
  }
};

// A span of local time that recurs every week; it does not cross midnight.
struct WeeklyWindow {
  int weekday = 1;       // 1 (Monday) to 7 (Sunday).
  int start_minute = 0;  // After local midnight, a multiple of 15, 0 to 1425.
  int end_minute = 0;    // A multiple of 15, after start_minute, at most 1440.
};

inline Day DayOf(absl::CivilDay day) { return static_cast<Day>(day - absl::CivilDay(1970, 1, 1)); }
inline absl::CivilDay CivilDayOf(Day day) { return absl::CivilDay(1970, 1, 1) + day; }

// The UTC day of an instant: the day on which a decision is made.
inline Day UtcDayOf(absl::Time time) { return DayOf(absl::ToCivilDay(time, absl::UTCTimeZone())); }

// 0 (Monday) to 6 (Sunday). 1970-01-01 was a Thursday.
constexpr int WeekdayIndex(Day day) { return static_cast<int>(((int64_t{day} + 3) % 7 + 7) % 7); }

Month MonthOf(Day day);

// The same day of the month `months` later, or the last of that month if it is shorter.
Day AddMonths(Day day, int months);

// "2026-03-01"; "" for kNoDay.
std::string FormatDay(Day day);
// "2026-03".
std::string FormatMonth(Month month);

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_TIME_CALENDAR_H_
