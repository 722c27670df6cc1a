// How many needs a mentor can still take, so that nobody is ever promised more than there is.
//
// Hours are promised by whole months. Until hours are planned exactly, a mentor's places in a
// cohort follow a conservative rule:
//
//   places = min(engagements left, free hours of the least free month / largest monthly hours)
//
// over the months and the monthly hours of all needs that the mentor could take, rounded down.
// Example: 20 hours a month are offered, 6 of them promised in March; the needs run from January
// to June and ask for 5 and 7 hours. The least free month has 14 hours: 14 / 7 = 2 places.
//
// Pure functions; thread-safe.
#ifndef TANDEM_SERVICES_MATCHING_CAPACITY_PLACES_H_
#define TANDEM_SERVICES_MATCHING_CAPACITY_PLACES_H_

#include <cstdint>
#include <vector>

#include "services/matching/capacity/months.h"

namespace tandem::matching {

// Monthly hours over some months: what an approved match has reserved, or a need asks for.
struct MonthlyWork {
  int64_t hours_per_month = 0;
  MonthRange months;
};

// What a mentor offers and what is promised of it.
struct Capacity {
  int64_t hours_per_month = 0;
  int64_t max_engagements = 0;
  std::vector<MonthlyWork> promised;
};

// Hours promised in one month.
int64_t PromisedHours(const Capacity& capacity, absl::CivilMonth month);

// Free hours of the least free month of the range; negative when more is promised than offered.
int64_t LeastFreeHours(const Capacity& capacity, const MonthRange& months);

// Engagements left in the busiest month of the range; negative when overcommitted.
int64_t EngagementsLeft(const Capacity& capacity, const MonthRange& months);

// The places of the conservative rule, at least 0; 0 when `wanted` is empty.
int64_t PlacesByHours(const Capacity& capacity, const std::vector<MonthlyWork>& wanted);

// The places if hours were no limit: what an exact plan of hours can never exceed.
int64_t PlacesByEngagements(const Capacity& capacity, const std::vector<MonthlyWork>& wanted);

// True when, in some month, more hours or engagements are promised than offered.
bool Overcommitted(const Capacity& capacity);

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_CAPACITY_PLACES_H_
