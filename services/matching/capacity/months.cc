#include "services/matching/capacity/months.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace tandem::matching {

std::string FormatMonth(absl::CivilMonth month) {
  return absl::StrFormat("%04d-%02d", month.year(), month.month());
}

absl::StatusOr<absl::CivilMonth> ParseMonth(absl::string_view text) {
  int year = 0;
  int month = 0;
  const bool shaped = text.size() == 7 && text[4] == '-' && absl::ascii_isdigit(text[0]) &&
                      absl::ascii_isdigit(text[5]);
  if (!shaped || !absl::SimpleAtoi(text.substr(0, 4), &year) ||
      !absl::SimpleAtoi(text.substr(5), &month) || month < 1 || month > 12) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", text, "\" is no month: write it as YYYY-MM, for example 2027-03"));
  }
  return absl::CivilMonth(year, month);
}

MonthRange MonthsOf(absl::CivilDay first, absl::CivilDay last) {
  return MonthRange{absl::CivilMonth(first), absl::CivilMonth(last)};
}

MonthRange RestFrom(const MonthRange& range, absl::CivilMonth month) {
  return MonthRange{std::max(range.first, month), range.last};
}

bool Contains(const MonthRange& range, absl::CivilMonth month) {
  return range.first <= month && month <= range.last;
}

bool Overlap(const MonthRange& a, const MonthRange& b) {
  return a.first <= b.last && b.first <= a.last && a.first <= a.last && b.first <= b.last;
}

}  // namespace tandem::matching
