// The rule about what the mentor has left to give.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_RULES_CAPACITY_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_RULES_CAPACITY_H_

#include "services/matching/engine/rules/prepared_need.h"
#include "services/matching/engine/rules/verdict.h"

namespace tandem::engine {

// NO_CAPACITY. Matches: in the month of the period with most engagements there is room for one
// more, and in the month with fewest free hours there are as many as the need asks per month. Does
// not match: fewer of either. Commitments to this very need do not count.
inline bool HasCapacity(const MentorView& mentor, const PreparedNeed& need) {
  const LoadInPeriod load = ParticularOf(mentor, need).load;
  return load.engagements < mentor.facts().max_engagements &&
         load.hours + need.facts.hours_per_month <= mentor.facts().hours_per_month;
}

// Whether a mentor without commitments would have: whether the offer suffices.
inline bool OffersCapacity(const MentorView& mentor, const PreparedNeed& need) {
  return mentor.facts().max_engagements > 0 &&
         need.facts.hours_per_month <= mentor.facts().hours_per_month;
}

void CompareCapacity(const MentorView& mentor, const PreparedNeed& need, Verdict* verdict);

// How many places the mentor has for needs that ask for up to `hours_per_month` in this need's
// period: the engagements left, or the free hours of the least free month divided by the hours,
// rounded down, whichever is less; at least 0.
int PlacesLeft(const MentorView& mentor, const PreparedNeed& need, int hours_per_month);

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_RULES_CAPACITY_H_
