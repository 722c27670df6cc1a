#include "services/matching/capacity/places.h"

#include <algorithm>

namespace tandem::matching {
namespace {

int64_t Engagements(const Capacity& capacity, absl::CivilMonth month) {
  int64_t count = 0;
  for (const MonthlyWork& promise : capacity.promised) count += Contains(promise.months, month);
  return count;
}

// The months in which the number of promises can be largest within `range`: a sum of ranges peaks
// where one of them begins, or where the range itself begins.
std::vector<absl::CivilMonth> PossiblePeaks(const Capacity& capacity, const MonthRange& range) {
  std::vector<absl::CivilMonth> peaks;
  if (range.last < range.first) return peaks;
  peaks.push_back(range.first);
  for (const MonthlyWork& promise : capacity.promised) {
    if (Contains(range, promise.months.first)) peaks.push_back(promise.months.first);
  }
  return peaks;
}

// From the first month of any to the last month of any.
MonthRange Span(const std::vector<MonthlyWork>& wanted) {
  MonthRange span = wanted.front().months;
  for (const MonthlyWork& work : wanted) {
    span.first = std::min(span.first, work.months.first);
    span.last = std::max(span.last, work.months.last);
  }
  return span;
}

}  // namespace

int64_t PromisedHours(const Capacity& capacity, absl::CivilMonth month) {
  int64_t hours = 0;
  for (const MonthlyWork& promise : capacity.promised) {
    if (Contains(promise.months, month)) hours += promise.hours_per_month;
  }
  return hours;
}

int64_t LeastFreeHours(const Capacity& capacity, const MonthRange& months) {
  int64_t most = 0;
  for (absl::CivilMonth month : PossiblePeaks(capacity, months)) {
    most = std::max(most, PromisedHours(capacity, month));
  }
  return capacity.hours_per_month - most;
}

int64_t EngagementsLeft(const Capacity& capacity, const MonthRange& months) {
  int64_t most = 0;
  for (absl::CivilMonth month : PossiblePeaks(capacity, months)) {
    most = std::max(most, Engagements(capacity, month));
  }
  return capacity.max_engagements - most;
}

int64_t PlacesByHours(const Capacity& capacity, const std::vector<MonthlyWork>& wanted) {
  if (wanted.empty()) return 0;
  int64_t largest = 1;
  for (const MonthlyWork& work : wanted) largest = std::max(largest, work.hours_per_month);
  const int64_t free_hours = std::max<int64_t>(0, LeastFreeHours(capacity, Span(wanted)));
  return std::min(PlacesByEngagements(capacity, wanted), free_hours / largest);
}

int64_t PlacesByEngagements(const Capacity& capacity, const std::vector<MonthlyWork>& wanted) {
  if (wanted.empty()) return 0;
  return std::max<int64_t>(0, EngagementsLeft(capacity, Span(wanted)));
}

bool Overcommitted(const Capacity& capacity) {
  for (const MonthlyWork& promise : capacity.promised) {
    const MonthRange at_start{promise.months.first, promise.months.first};
    if (LeastFreeHours(capacity, at_start) < 0 || EngagementsLeft(capacity, at_start) < 0) {
      return true;
    }
  }
  return false;
}

}  // namespace tandem::matching
