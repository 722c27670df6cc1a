// Days without a day off within a period.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_TIME_FREE_DAYS_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_TIME_FREE_DAYS_H_

#include <vector>

#include "absl/types/span.h"
#include "services/matching/engine/time/calendar.h"

namespace tandem::engine {

// Ranges in rising order, those that overlap or touch merged, those that end before they begin left
// out. The functions below take ranges in this form.
std::vector<DayRange> NormalRanges(std::vector<DayRange> ranges);

// The number of days of `period` that are not off.
int FreeDays(DayRange period, absl::Span<const DayRange> days_off);

// The length of the longest run of consecutive days of `period` that are not off.
int LongestFreeRun(DayRange period, absl::Span<const DayRange> days_off);

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_TIME_FREE_DAYS_H_
