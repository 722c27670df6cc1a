#include "services/matching/engine/rules/meeting.h"

#include <algorithm>
#include <functional>
#include <vector>

namespace tandem::engine {
namespace {

std::vector<int> WeeklyMinutes(const MentorView& mentor, const PreparedNeed& need) {
  const Schedule& schedule = ScheduleOf(mentor, need);
  const ZoneOverlap* zone = ZoneOf(schedule, need);
  if (zone == nullptr) return std::vector<int>(need.weeks->count(), 0);
  return zone->WeeklyMinutes(schedule.spans, mentor.days_off());
}

int AssuredMinutes(std::vector<int> minutes, int weeks) {
  std::sort(minutes.begin(), minutes.end(), std::greater<int>());
  return minutes[std::clamp(weeks, 1, static_cast<int>(minutes.size())) - 1];
}

}  // namespace

bool ReachesWeeklyOverlap(const MentorView& mentor, const PreparedNeed& need) {
  const Schedule& schedule = ScheduleOf(mentor, need);
  const int weeks_reached = need.weeks_reached.empty()
                                ? WeeksReached(schedule, need)
                                : need.weeks_reached[mentor.facts().schedule];
  if (weeks_reached < need.weeks_asked) return false;
  return !mentor.facts().has_days_off ||
         ZoneOf(schedule, need)
             ->Reaches(schedule.spans, mentor.days_off(), need.required_minutes, need.weeks_asked,
                       weeks_reached);
}

int AssuredOverlapMinutes(const MentorView& mentor, const PreparedNeed& need) {
  const Schedule& schedule = ScheduleOf(mentor, need);
  const ZoneOverlap* zone = ZoneOf(schedule, need);
  if (zone == nullptr) return 0;
  if (mentor.facts().has_days_off)
    return AssuredMinutes(WeeklyMinutes(mentor, need), need.weeks_asked);
  return zone->AssuredMinutes(schedule.spans, need.weeks_asked);
}

void CompareModalities(const MentorView& mentor, const PreparedNeed& need, Verdict* verdict) {
  const bool met = HasCommonModality(mentor, need);
  const uint8_t asked = need.facts.visit.has_value() ? kOnSite : need.facts.modalities;
  verdict->compared.push_back({Item::kModality,
                               "",
                               {ValueKind::kModalities, mentor.facts().modalities},
                               {ValueKind::kModalities, asked},
                               met});
  // A visit cannot be made from afar; otherwise the need could allow what the mentor offers.
  if (!met && !need.facts.visit.has_value() && mentor.facts().modalities != 0) {
    verdict->relaxations.push_back(
        {RelaxationKind::kAllowModality, "", mentor.facts().modalities, 0});
  }
}

void CompareDates(const MentorView& mentor, const PreparedNeed& need, Verdict* verdict) {
  const DayRange rest = {need.first_day, need.facts.period.last};
  const int free = FreeDays(rest, mentor.days_off());
  const bool met = HasFreeDay(mentor, need);
  verdict->compared.push_back(
      {Item::kFreeDays, "", {ValueKind::kNumber, free}, {ValueKind::kNumber, 1}, met});
  if (!met) verdict->relaxations.push_back({RelaxationKind::kMovePeriod, "", 0, 0});
}

void CompareWeeklyOverlap(const MentorView& mentor, const PreparedNeed& need, Verdict* verdict) {
  if (!need.asks_overlap) return;
  const Schedule& schedule = ScheduleOf(mentor, need);
  if (ZoneOf(schedule, need) == nullptr) {
    verdict->compared.push_back(
        {Item::kTimeZone,
         std::string(need.roster.dictionaries().zones.TextOf(schedule.zone)),
         {ValueKind::kYesNo, 0},
         {ValueKind::kYesNo, 1},
         false});
  }
  const std::vector<int> minutes = WeeklyMinutes(mentor, need);
  const int reached =
      static_cast<int>(std::count_if(minutes.begin(), minutes.end(), [&need](int of_week) {
        return of_week >= need.required_minutes;
      }));
  const int assured = AssuredMinutes(minutes, need.weeks_asked);
  const bool met = reached >= need.weeks_asked;
  verdict->compared.push_back({Item::kWeeklyOverlap,
                               "",
                               {ValueKind::kNumber, assured},
                               {ValueKind::kNumber, need.required_minutes},
                               met});
  verdict->compared.push_back({Item::kOverlapWeeks,
                               "",
                               {ValueKind::kNumber, reached},
                               {ValueKind::kNumber, need.weeks_asked},
                               met});
  if (met) return;
  // Some weeks too few (days off, daylight saving) is better helped by asking for fewer weeks.
  if (2 * reached >= need.weeks_asked) {
    verdict->relaxations.push_back({RelaxationKind::kAcceptOverlapWeeks, "", reached, 0});
  } else if (assured > 0) {
    verdict->relaxations.push_back({RelaxationKind::kAcceptOverlap, "", assured, 0});
  } else if (reached > 0) {
    verdict->relaxations.push_back({RelaxationKind::kAcceptOverlapWeeks, "", reached, 0});
  }
}

void CompareVisitDays(const MentorView& mentor, const PreparedNeed& need, Verdict* verdict) {
  if (!need.facts.visit.has_value()) return;
  const int longest = std::max(LongestFreeRun(need.visit_days, mentor.days_off()), 0);
  const int asked = need.facts.visit->consecutive_days;
  const bool met = HasDaysForVisit(mentor, need);
  verdict->compared.push_back({Item::kConsecutiveDays,
                               need.facts.visit->country,
                               {ValueKind::kNumber, longest},
                               {ValueKind::kNumber, asked},
                               met});
  if (!met && longest > 0) {
    verdict->relaxations.push_back({RelaxationKind::kShortenVisit, "", longest, 0});
  }
}

}  // namespace tandem::engine
