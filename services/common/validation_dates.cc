// Dates and times of validation.h.
#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/common/validation.h"

namespace tandem::common {
namespace {

constexpr int kFirstYear = 1900;
constexpr int kLastYear = 2199;
constexpr int kMinutesPerDay = 24 * 60;
constexpr int kQuarter = 15;
constexpr int kMaxWindows = 168;

// Checks one window alone; true when it is fine.
bool CheckWindow(const v1::WeeklyWindow& window, absl::string_view path,
                 FieldViolations* violations) {
  const size_t before = violations->violations().size();
  CheckEnum(window.weekday(), v1::Weekday_IsValid, Presence::kRequired, JoinPath(path, "weekday"),
            violations);
  const int start = window.start_minute();
  const int end = window.end_minute();
  if (start < 0 || start >= kMinutesPerDay || start % kQuarter != 0) {
    violations->Add(JoinPath(path, "start_minute"), "must be 0 to 1425 and a multiple of 15");
  }
  if (end <= 0 || end > kMinutesPerDay || end % kQuarter != 0) {
    violations->Add(JoinPath(path, "end_minute"), "must be 15 to 1440 and a multiple of 15");
  } else if (end <= start) {
    violations->Add(JoinPath(path, "end_minute"),
                    "must be after start_minute; state a span over midnight as two windows");
  }
  return violations->violations().size() == before;
}

void CheckEnd(const v1::DateRange& range, Presence presence, bool is_start, absl::string_view path,
              FieldViolations* violations) {
  const std::string field = JoinPath(path, is_start ? "start_date" : "end_date");
  if (is_start ? range.has_start_date() : range.has_end_date()) {
    CheckDate(is_start ? range.start_date() : range.end_date(), field, violations);
  } else if (presence == Presence::kRequired) {
    violations->Add(field, "is required");
  }
}

}  // namespace

absl::CivilDay ToCivilDay(const google::type::Date& date) {
  return absl::CivilDay(date.year(), date.month(), date.day());
}

google::type::Date FromCivilDay(absl::CivilDay day) {
  google::type::Date date;
  date.set_year(static_cast<int32_t>(day.year()));
  date.set_month(day.month());
  date.set_day(day.day());
  return date;
}

bool IsDate(const google::type::Date& date) {
  if (date.year() < kFirstYear || date.year() > kLastYear) return false;
  // CivilDay moves 30 February on to March; a real day stays where it is.
  const absl::CivilDay day = ToCivilDay(date);
  return day.month() == date.month() && day.day() == date.day();
}

void CheckDate(const google::type::Date& date, absl::string_view path,
               FieldViolations* violations) {
  if (!IsDate(date)) {
    violations->Add(path, "must be a day of the calendar from 1900-01-01 to 2199-12-31");
  }
}

void CheckDateRange(const v1::DateRange& range, Presence start, Presence end,
                    absl::string_view path, FieldViolations* violations) {
  const size_t before = violations->violations().size();
  CheckEnd(range, start, true, path, violations);
  CheckEnd(range, end, false, path, violations);
  if (violations->violations().size() != before || !range.has_start_date() ||
      !range.has_end_date()) {
    return;
  }
  if (ToCivilDay(range.end_date()) < ToCivilDay(range.start_date())) {
    violations->Add(JoinPath(path, "end_date"), "must not be before start_date");
  }
}

void CheckWeeklyWindows(const google::protobuf::RepeatedPtrField<v1::WeeklyWindow>& windows,
                        absl::string_view path, FieldViolations* violations) {
  CheckCount(windows.size(), kMaxWindows, path, violations);
  if (windows.size() > kMaxWindows) return;
  // Sound windows as (start within the week, index), to find overlaps between neighbours.
  std::vector<std::pair<int, int>> sorted;
  for (int i = 0; i < windows.size(); ++i) {
    if (CheckWindow(windows[i], IndexPath(path, i), violations)) {
      sorted.emplace_back(windows[i].weekday() * kMinutesPerDay + windows[i].start_minute(), i);
    }
  }
  std::sort(sorted.begin(), sorted.end());
  int end = 0;
  int longest = 0;  // the window that reaches to `end`
  for (const auto& [start, i] : sorted) {
    if (start < end) {
      violations->Add(IndexPath(path, i), absl::StrCat("overlaps with ", IndexPath(path, longest)));
    }
    const int own_end = windows[i].weekday() * kMinutesPerDay + windows[i].end_minute();
    if (own_end > end) {
      end = own_end;
      longest = i;
    }
  }
}

}  // namespace tandem::common
