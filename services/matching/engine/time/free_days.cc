#include "services/matching/engine/time/free_days.h"

#include <algorithm>

namespace tandem::engine {

std::vector<DayRange> NormalRanges(std::vector<DayRange> ranges) {
  ranges.erase(std::remove_if(ranges.begin(), ranges.end(),
                              [](const DayRange& range) { return range.last < range.first; }),
               ranges.end());
  std::sort(ranges.begin(), ranges.end(),
            [](const DayRange& a, const DayRange& b) { return a.first < b.first; });
  std::vector<DayRange> merged;
  for (const DayRange& range : ranges) {
    if (!merged.empty() && int64_t{range.first} <= int64_t{merged.back().last} + 1) {
      merged.back().last = std::max(merged.back().last, range.last);
    } else {
      merged.push_back(range);
    }
  }
  return merged;
}

int FreeDays(DayRange period, absl::Span<const DayRange> days_off) {
  int free = std::max(period.last - period.first + 1, 0);
  for (const DayRange& range : days_off) {
    const Day first = std::max(range.first, period.first);
    const Day last = std::min(range.last, period.last);
    if (first <= last) free -= last - first + 1;
  }
  return free;
}

int LongestFreeRun(DayRange period, absl::Span<const DayRange> days_off) {
  int longest = 0;
  Day free_from = period.first;
  for (const DayRange& range : days_off) {
    if (range.last < free_from) continue;
    if (range.first > period.last) break;
    longest = std::max(longest, range.first - free_from);
    free_from = range.last + 1;
  }
  return std::max(longest, period.last - free_from + 1);  // Never below the 0 of `longest`.
}

}  // namespace tandem::engine
