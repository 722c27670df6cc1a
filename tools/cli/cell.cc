#include "tools/cli/cell.h"

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "tools/cli/words.h"

namespace tandem::cli {
namespace {

using ::tandem::common::v1::CefrLevel;
using ::tandem::common::v1::DateRange;
using ::tandem::common::v1::LanguageSkill;

absl::Status Reason(absl::string_view reason) { return absl::InvalidArgumentError(reason); }

// Exactly `digits` digits, or -1.
int FixedNumber(absl::string_view text, size_t digits) {
  if (text.size() != digits) return -1;
  int value = 0;
  for (char c : text) {
    if (!absl::ascii_isdigit(c)) return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

google::type::Date ToDate(absl::CivilDay day) {
  google::type::Date date;
  date.set_year(static_cast<int>(day.year()));
  date.set_month(day.month());
  date.set_day(day.day());
  return date;
}

}  // namespace

std::vector<std::string> SplitList(absl::string_view text) {
  std::vector<std::string> parts;
  for (absl::string_view part : absl::StrSplit(text, '|')) {
    part = absl::StripAsciiWhitespace(part);
    if (!part.empty()) parts.emplace_back(part);
  }
  return parts;
}

std::vector<std::string> SplitWords(absl::string_view text) {
  return absl::StrSplit(text, absl::ByAnyChar("| \t\r\n"), absl::SkipEmpty());
}

absl::StatusOr<int64_t> ParseInteger(absl::string_view text, int64_t min, int64_t max) {
  int64_t value = 0;
  if (!absl::SimpleAtoi(text, &value) || value < min || value > max) {
    return Reason(absl::StrCat("must be a whole number from ", min, " to ", max));
  }
  return value;
}

absl::StatusOr<bool> ParseYesNo(absl::string_view text) {
  if (absl::EqualsIgnoreCase(text, "yes")) return true;
  if (absl::EqualsIgnoreCase(text, "no")) return false;
  return Reason("must be yes or no");
}

absl::StatusOr<google::type::Date> ParseDate(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '-');
  if (parts.size() != 3) return Reason("is no date; write YYYY-MM-DD, for example 2027-03-01");
  const int year = FixedNumber(parts[0], 4);
  const int month = FixedNumber(parts[1], 2);
  const int day = FixedNumber(parts[2], 2);
  if (year < 0 || month < 0 || day < 0) {
    return Reason("is no date; write YYYY-MM-DD, for example 2027-03-01");
  }
  if (year < 1900) return Reason("is before 1900");
  const absl::CivilDay civil(year, month, day);
  if (civil.month() != month || civil.day() != day) return Reason("is no day of the calendar");
  return ToDate(civil);
}

std::string FormatDate(const google::type::Date& date) {
  if (date.year() == 0 && date.month() == 0 && date.day() == 0) return "";
  return absl::StrFormat("%04d-%02d-%02d", date.year(), date.month(), date.day());
}

absl::StatusOr<google::type::Date> ParseMonthOrDate(absl::string_view text) {
  if (text.size() != 7) return ParseDate(text);
  const int year = FixedNumber(text.substr(0, 4), 4);
  const int month = FixedNumber(text.substr(5), 2);
  if (year < 1900 || text[4] != '-' || month < 1 || month > 12) {
    return Reason("is no month; write YYYY-MM or YYYY-MM-DD");
  }
  return ToDate(absl::CivilDay(absl::CivilMonth(year, month) + 1) - 1);
}

absl::StatusOr<DateRange> ParseDateRange(absl::string_view text, bool open) {
  const size_t at = text.find("..");
  if (at == absl::string_view::npos) {
    return Reason("is no period; write FROM..TO, for example 2027-03-01..2027-03-14");
  }
  const absl::string_view from = absl::StripAsciiWhitespace(text.substr(0, at));
  const absl::string_view to = absl::StripAsciiWhitespace(text.substr(at + 2));
  DateRange range;
  if (!from.empty()) {
    TANDEM_ASSIGN_OR_RETURN(*range.mutable_start_date(), ParseDate(from));
  }
  if (!to.empty()) {
    TANDEM_ASSIGN_OR_RETURN(*range.mutable_end_date(), ParseDate(to));
  }
  if (!open && (from.empty() || to.empty())) return Reason("needs both dates: FROM..TO");
  if (!from.empty() && !to.empty() &&
      FormatDate(range.end_date()) < FormatDate(range.start_date())) {
    return Reason("ends before it begins");
  }
  return range;
}

std::string FormatDateRange(const DateRange& range) {
  return absl::StrCat(FormatDate(range.start_date()), "..", FormatDate(range.end_date()));
}

absl::StatusOr<google::protobuf::Timestamp> ParseInstant(absl::string_view text) {
  google::protobuf::Timestamp instant;
  absl::Time time;
  if (absl::StatusOr<google::type::Date> date = ParseDate(text); date.ok()) {
    time = absl::FromCivil(absl::CivilDay(date->year(), date->month(), date->day()),
                           absl::UTCTimeZone());
  } else if (text.size() == 10) {
    return date.status();
  } else {
    std::string error;
    if (!absl::ParseTime(absl::RFC3339_full, text, &time, &error)) {
      return Reason("is no time; write YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ");
    }
  }
  instant.set_seconds(absl::ToUnixSeconds(time));
  instant.set_nanos(
      static_cast<int>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(instant.seconds()))));
  return instant;
}

std::string FormatInstant(const google::protobuf::Timestamp& instant) {
  if (instant.seconds() == 0 && instant.nanos() == 0) return "";
  return absl::FormatTime("%Y-%m-%d%ET%H:%M:%SZ", absl::FromUnixSeconds(instant.seconds()),
                          absl::UTCTimeZone());
}

absl::StatusOr<CefrLevel> ParseCefrLevel(absl::string_view text) {
  absl::StatusOr<CefrLevel> level = FromWord<CefrLevel>(text);
  if (!level.ok()) return Reason(absl::StrCat("'", text, "' is no CEFR level (A1 to C2)"));
  return level;
}

absl::StatusOr<LanguageSkill> ParseLanguageSkill(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ':');
  if (parts.size() < 2 || parts.size() > 3 || parts[0].empty()) {
    return Reason(absl::StrCat("'", text, "' is not LANGUAGE:SPOKEN:WRITTEN, such as fr:C1:B2"));
  }
  LanguageSkill skill;
  skill.set_language(std::string(parts[0]));
  TANDEM_ASSIGN_OR_RETURN(CefrLevel spoken, ParseCefrLevel(parts[1]));
  TANDEM_ASSIGN_OR_RETURN(CefrLevel written, ParseCefrLevel(parts.back()));
  skill.set_spoken(spoken);
  skill.set_written(written);
  return skill;
}

}  // namespace tandem::cli
