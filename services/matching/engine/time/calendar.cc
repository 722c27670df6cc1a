#include "services/matching/engine/time/calendar.h"

#include <algorithm>

#include "absl/strings/str_format.h"

namespace tandem::engine {

Month MonthOf(Day day) {
  const absl::CivilDay civil = CivilDayOf(day);
  return static_cast<Month>(civil.year() * 12 + civil.month() - 1);
}

Day AddMonths(Day day, int months) {
  const absl::CivilDay civil = CivilDayOf(day);
  const absl::CivilMonth month = absl::CivilMonth(civil) + months;
  const absl::CivilDay last_of_month = absl::CivilDay(month + 1) - 1;
  return DayOf(absl::CivilDay(month) + (std::min(civil.day(), last_of_month.day()) - 1));
}

std::string FormatDay(Day day) {
  if (day == kNoDay) return "";
  const absl::CivilDay civil = CivilDayOf(day);
  return absl::StrFormat("%04d-%02d-%02d", civil.year(), civil.month(), civil.day());
}

std::string FormatMonth(Month month) {
  return absl::StrFormat("%04d-%02d", month / 12, month % 12 + 1);
}

}  // namespace tandem::engine
