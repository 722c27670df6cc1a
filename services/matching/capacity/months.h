// Calendar months, in which capacity is promised.
#ifndef TANDEM_SERVICES_MATCHING_CAPACITY_MONTHS_H_
#define TANDEM_SERVICES_MATCHING_CAPACITY_MONTHS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

namespace tandem::matching {

// The months that `first` and `last` and every month between them make up; empty when last < first.
struct MonthRange {
  absl::CivilMonth first;
  absl::CivilMonth last;
};

// "2027-03".
std::string FormatMonth(absl::CivilMonth month);

// Reads what FormatMonth writes. INVALID_ARGUMENT for anything else.
absl::StatusOr<absl::CivilMonth> ParseMonth(absl::string_view text);

// The months that the days from `first` to `last` touch.
MonthRange MonthsOf(absl::CivilDay first, absl::CivilDay last);

// The part of `range` from `month` on; empty when the range ends before.
MonthRange RestFrom(const MonthRange& range, absl::CivilMonth month);

bool Contains(const MonthRange& range, absl::CivilMonth month);

bool Overlap(const MonthRange& a, const MonthRange& b);

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_CAPACITY_MONTHS_H_
