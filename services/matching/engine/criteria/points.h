// The criteria, each a small function from a pair to 0 to 1,000,000 micro-points. All divisions
// round half up. A criterion that the need does not ask about gives everybody full points.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_CRITERIA_POINTS_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_CRITERIA_POINTS_H_

#include <cstdint>

#include "services/matching/engine/criteria/criterion.h"
#include "services/matching/engine/rules/prepared_need.h"

namespace tandem::engine {

// EXPERTISE: the mean over the need's topics by their weights. A topic gives a fifth of full points
// per level, times recency: full up to 2 years since it was last practised, then falling in a line
// to half at 10 years; half if not stated. Of several matching topics of the mentor the best
// counts.
int64_t ExpertisePoints(const MentorView& mentor, const PreparedNeed& need);

// LANGUAGE: how far the levels go beyond those asked: none at the asked levels, full at C2 spoken
// and written, the mean of the two. Of several asked languages the best counts; one below the asked
// levels (an interpreter is needed) gives none.
int64_t LanguagePoints(const MentorView& mentor, const PreparedNeed& need);

// REGIONAL_EXPERIENCE: the mean over the countries of the need: full with experience or residence
// in the country; for the others half, with experience or residence elsewhere in the need's
// regions.
int64_t RegionalPoints(const MentorView& mentor, const PreparedNeed& need);

// DEVELOPMENT_CONTEXT: the share of the need's contexts that the mentor knows.
int64_t ContextPoints(const MentorView& mentor, const PreparedNeed& need);

// SCHEDULE_OVERLAP: none at the asked weekly minutes, full at four times as many (at least 240), or
// at all that the counterparts' windows hold if that is less. Full if all work is on site.
int64_t OverlapPoints(const MentorView& mentor, const PreparedNeed& need);

// FRESHNESS: full up to `fresh_for_days` since the profile was confirmed, falling in a line to none
// at `stale_after_days`.
int64_t FreshnessPoints(int64_t last_confirmed, const PreparedNeed& need);
inline int64_t FreshnessPoints(const MentorView& mentor, const PreparedNeed& need) {
  return FreshnessPoints(mentor.last_confirmed(), need);
}

// LOAD_BALANCE: the free share of hours or of engagements in the fullest month of the period before
// this match, whichever is less.
int64_t LoadBalancePoints(const MentorView& mentor, const PreparedNeed& need);

// MUTUAL_PREFERENCE: half if the NSB would like this mentor, half if the mentor would like one of
// the NSBs.
int64_t PreferencePoints(const MentorView& mentor, const PreparedNeed& need);

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_CRITERIA_POINTS_H_
