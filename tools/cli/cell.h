// How values stand in a cell of a spreadsheet or on the command line: dates, periods, weekly
// windows, languages, and lists separated by "|".
//
// A parser's error is the reason alone ("2027-02-30 is no day of the calendar; write YYYY-MM-DD");
// the caller adds where it stands. All errors are INVALID_ARGUMENT. Parsers and formatters are
// inverse to each other. Thread-safe: functions without state.

#ifndef TANDEM_TOOLS_CLI_CELL_H_
#define TANDEM_TOOLS_CLI_CELL_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"
#include "tandem/common/v1/language.pb.h"
#include "tandem/common/v1/schedule.pb.h"

namespace tandem::cli {

// The parts of a list separated by "|", without the spaces around them; empty parts are left out.
std::vector<std::string> SplitList(absl::string_view text);
// The same, for lists of words without spaces: "|" and spaces both separate.
std::vector<std::string> SplitWords(absl::string_view text);

// A whole number from `min` to `max`.
absl::StatusOr<int64_t> ParseInteger(absl::string_view text, int64_t min, int64_t max);

// "yes" or "no".
absl::StatusOr<bool> ParseYesNo(absl::string_view text);

// "2027-03-01".
absl::StatusOr<google::type::Date> ParseDate(absl::string_view text);
std::string FormatDate(const google::type::Date& date);

// A date, or a month "2027-03", which means its last day.
absl::StatusOr<google::type::Date> ParseMonthOrDate(absl::string_view text);

// "2027-03-01..2027-03-14"; either end may be missing where `open` allows it: "2027-03-01..".
absl::StatusOr<tandem::common::v1::DateRange> ParseDateRange(absl::string_view text, bool open);
std::string FormatDateRange(const tandem::common::v1::DateRange& range);

// A date (midnight UTC) or an instant as RFC 3339: "2026-11-22T10:00:00Z".
absl::StatusOr<google::protobuf::Timestamp> ParseInstant(absl::string_view text);
// In UTC, to the second, for example "2026-11-22T10:00:00Z"; "" for an absent one.
std::string FormatInstant(const google::protobuf::Timestamp& instant);

// "Mon-Thu 14:00-18:00|Sat 09:00-12:00": days, or spans of days, then hours from-to.
absl::StatusOr<std::vector<tandem::common::v1::WeeklyWindow>> ParseWindows(absl::string_view text);
// One entry per run of days with the same hours, in the form that ParseWindows takes.
std::string FormatWindows(const std::vector<tandem::common::v1::WeeklyWindow>& windows);

// "Sat Sun".
absl::StatusOr<std::vector<tandem::common::v1::Weekday>> ParseWeekdays(absl::string_view text);

// "fr:C1:B2": spoken, then written; "fr:C1" means both.
absl::StatusOr<tandem::common::v1::LanguageSkill> ParseLanguageSkill(absl::string_view text);

// "C1".
absl::StatusOr<tandem::common::v1::CefrLevel> ParseCefrLevel(absl::string_view text);

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_CLI_CELL_H_
