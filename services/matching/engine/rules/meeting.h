// Rules about how and when the two sides can meet.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_RULES_MEETING_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_RULES_MEETING_H_

#include "services/matching/engine/rules/prepared_need.h"
#include "services/matching/engine/rules/verdict.h"
#include "services/matching/engine/time/free_days.h"

namespace tandem::engine {

// MODALITY. Matches: a way to meet that both sides are willing to use; on site, if the need has a
// visit. Does not match: no common way, or a visit and a mentor who does not travel.
inline bool HasCommonModality(const MentorView& mentor, const PreparedNeed& need) {
  const uint8_t common = mentor.facts().modalities & need.facts.modalities;
  return need.facts.visit.has_value() ? (common & kOnSite) != 0 : common != 0;
}

// DATES. Matches: at least one day of the rest of the period is no day off. Does not match: all are
// days off, or the period is over.
inline bool HasFreeDay(const MentorView& mentor, const PreparedNeed& need) {
  const DayRange rest = {need.first_day, need.facts.period.last};
  if (!mentor.facts().has_days_off) return rest.first <= rest.last;
  return FreeDays(rest, mentor.days_off()) > 0;
}

// WEEKLY_OVERLAP. Matches: as many weeks as asked have the asked common minutes (see
// time/weekly_overlap.h); anybody, if no minutes are asked or all work is on site. Does not match:
// fewer weeks, or a time zone that is not known.
bool ReachesWeeklyOverlap(const MentorView& mentor, const PreparedNeed& need);
inline bool HasWeeklyOverlap(const MentorView& mentor, const PreparedNeed& need) {
  return !need.asks_overlap || ReachesWeeklyOverlap(mentor, need);
}

// CONSECUTIVE_DAYS. Matches: the visit's number of days in a row without a day off, between its
// earliest and latest day; anybody, if there is no visit. Does not match: only shorter runs.
inline bool HasDaysForVisit(const MentorView& mentor, const PreparedNeed& need) {
  return !need.facts.visit.has_value() ||
         LongestFreeRun(need.visit_days, mentor.days_off()) >= need.facts.visit->consecutive_days;
}

// The common minutes per week that as many weeks have as the need asks for.
int AssuredOverlapMinutes(const MentorView& mentor, const PreparedNeed& need);

void CompareModalities(const MentorView& mentor, const PreparedNeed& need, Verdict* verdict);
void CompareDates(const MentorView& mentor, const PreparedNeed& need, Verdict* verdict);
void CompareWeeklyOverlap(const MentorView& mentor, const PreparedNeed& need, Verdict* verdict);
void CompareVisitDays(const MentorView& mentor, const PreparedNeed& need, Verdict* verdict);

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_RULES_MEETING_H_
