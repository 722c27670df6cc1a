// The part of cell.h about days of the week and weekly windows.

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "tools/cli/cell.h"

namespace tandem::cli {
namespace {

using ::tandem::common::v1::Weekday;
using ::tandem::common::v1::WeeklyWindow;

constexpr absl::string_view kDays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

absl::Status Reason(absl::string_view reason) { return absl::InvalidArgumentError(reason); }

// Monday is 0.
absl::StatusOr<int> ParseDay(absl::string_view text) {
  for (int i = 0; i < 7; ++i) {
    if (absl::EqualsIgnoreCase(text, kDays[i])) return i;
  }
  return Reason(absl::StrCat("'", text, "' is no day; write Mon, Tue, Wed, Thu, Fri, Sat or Sun"));
}

// "Mon" or "Mon-Thu"; "Sat-Mon" goes over the end of the week.
absl::Status AppendDays(absl::string_view text, std::vector<int>* days) {
  const std::vector<absl::string_view> ends = absl::StrSplit(text, '-');
  if (ends.size() > 2) return Reason(absl::StrCat("'", text, "' is no span of days"));
  TANDEM_ASSIGN_OR_RETURN(int first, ParseDay(ends.front()));
  TANDEM_ASSIGN_OR_RETURN(int last, ParseDay(ends.back()));
  for (int day = first;; day = (day + 1) % 7) {
    days->push_back(day);
    if (day == last) return absl::OkStatus();
  }
}

// "14:30" in minutes after midnight; "24:00" is the end of the day.
absl::StatusOr<int> ParseMinute(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ':');
  int hour = 0;
  int minute = 0;
  if (parts.size() != 2 || parts[1].size() != 2 || !absl::SimpleAtoi(parts[0], &hour) ||
      !absl::SimpleAtoi(parts[1], &minute) || hour < 0 || minute < 0 || minute > 59 ||
      hour * 60 + minute > 24 * 60) {
    return Reason(absl::StrCat("'", text, "' is no time of day; write HH:MM"));
  }
  if (minute % 15 != 0) return Reason(absl::StrCat("'", text, "' is not on a quarter of an hour"));
  return hour * 60 + minute;
}

absl::Status AppendWindows(absl::string_view entry, std::vector<WeeklyWindow>* windows) {
  const std::vector<std::string> words = SplitWords(entry);
  if (words.size() < 2) {
    return Reason(absl::StrCat("'", entry, "' is not DAYS FROM-TO, such as Mon-Thu 14:00-18:00"));
  }
  const std::vector<absl::string_view> hours = absl::StrSplit(words.back(), '-');
  if (hours.size() != 2) {
    return Reason(absl::StrCat("'", words.back(), "' is not FROM-TO, such as 14:00-18:00"));
  }
  TANDEM_ASSIGN_OR_RETURN(int start, ParseMinute(hours[0]));
  TANDEM_ASSIGN_OR_RETURN(int end, ParseMinute(hours[1]));
  if (end <= start) {
    return Reason(absl::StrCat("'", words.back(),
                               "' ends before it begins; over midnight, write two windows"));
  }
  std::vector<int> days;
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    TANDEM_RETURN_IF_ERROR(AppendDays(words[i], &days));
  }
  for (int day : days) {
    WeeklyWindow window;
    window.set_weekday(static_cast<Weekday>(day + 1));
    window.set_start_minute(start);
    window.set_end_minute(end);
    windows->push_back(window);
  }
  return absl::OkStatus();
}

std::string FormatHours(const WeeklyWindow& window) {
  return absl::StrFormat("%02d:%02d-%02d:%02d", window.start_minute() / 60,
                         window.start_minute() % 60, window.end_minute() / 60,
                         window.end_minute() % 60);
}

std::string DayName(int weekday) {
  return weekday >= 1 && weekday <= 7 ? std::string(kDays[weekday - 1]) : "?";
}

}  // namespace

absl::StatusOr<std::vector<WeeklyWindow>> ParseWindows(absl::string_view text) {
  std::vector<WeeklyWindow> windows;
  for (const std::string& entry : SplitList(text)) {
    TANDEM_RETURN_IF_ERROR(AppendWindows(entry, &windows));
  }
  return windows;
}

std::string FormatWindows(const std::vector<WeeklyWindow>& windows) {
  std::string out;
  for (size_t i = 0; i < windows.size();) {
    size_t last = i;
    const std::string hours = FormatHours(windows[i]);
    while (last + 1 < windows.size() && FormatHours(windows[last + 1]) == hours &&
           windows[last + 1].weekday() == windows[last].weekday() + 1) {
      ++last;
    }
    absl::StrAppend(&out, out.empty() ? "" : "|", DayName(windows[i].weekday()));
    if (last > i) absl::StrAppend(&out, "-", DayName(windows[last].weekday()));
    absl::StrAppend(&out, " ", hours);
    i = last + 1;
  }
  return out;
}

absl::StatusOr<std::vector<Weekday>> ParseWeekdays(absl::string_view text) {
  std::vector<int> days;
  for (const std::string& word : SplitWords(text)) {
    TANDEM_RETURN_IF_ERROR(AppendDays(word, &days));
  }
  std::vector<Weekday> weekdays;
  for (int day : days) weekdays.push_back(static_cast<Weekday>(day + 1));
  return weekdays;
}

}  // namespace tandem::cli
