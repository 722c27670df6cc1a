// A need made ready to be held against every mentor of a roster: its ids as the roster's numbers,
// its dates worked out, its weeks laid out in every zone. Made once per question, read 100,000
// times.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_RULES_PREPARED_NEED_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_RULES_PREPARED_NEED_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/matching/engine/facts.h"
#include "services/matching/engine/roster/roster.h"
#include "services/matching/engine/time/weekly_overlap.h"
#include "services/matching/engine/time/zone_overlaps.h"
#include "services/matching/engine/time/zone_table.h"

namespace tandem::engine {

// The recorded inputs of a decision, apart from the need. The pointers are not owned and must
// outlive the call.
struct DecisionInputs {
  RosterSnapshot roster;
  const PolicyFacts* policy = nullptr;
  const LoadFacts* load = nullptr;
  const ZoneTable* zones = nullptr;
  absl::Time decision_time;
  uint64_t seed = 0;  // Of the draws that decide ties.
};

// What a mentor has promised already in the fullest month of the need's period.
struct LoadInPeriod {
  uint16_t engagements = 0;
  uint16_t hours = 0;
};

// What is known about a pair from lists of ids, as bits.
constexpr uint8_t kPreferredByNsb = 1;
constexpr uint8_t kExcludedByNsb = 2;
constexpr uint8_t kRestrictedPerson = 4;
constexpr uint8_t kRefusedBefore = 8;

// What the need or the load says about one mentor.
struct Particular {
  int32_t row = 0;
  uint8_t marks = 0;  // kPreferredByNsb and so on.
  LoadInPeriod load;
};

// Plain data; see Prepare. Numbers are those of the roster's dictionaries.
struct PreparedNeed {
  NeedFacts facts;
  ServicePolicyFacts policy;
  RosterSnapshot roster;
  uint64_t seed = 0;
  uint64_t id_hash = 0;

  int64_t now = 0;    // Seconds since 1970-01-01 UTC.
  Day today = 0;      // The day of the decision, UTC.
  Day first_day = 0;  // On which the engagement can begin: of the period, not before today.
  int64_t confirmed_since = 0;  // A profile confirmed before this second is stale.
  DayRange visit_days;          // Between which the visit must lie.

  // Topics: bit i stands for facts.topics[i].
  std::vector<uint64_t> topics_met_by;  // By number of the mentor's topic.
  uint64_t required_topics = 0;         // Those with a least level.
  uint64_t topics_signature = 0;     // A mentor without one of these bits lacks a required topic.
  std::vector<uint64_t> topic_bits;  // By topic: who lacks the bit lacks it. 0: nobody has it.

  // Languages: bit i stands for facts.languages[i].
  std::vector<uint64_t> languages_met_by;  // By number of the mentor's language.
  uint64_t languages_signature = 0;        // A mentor without any of these bits has none of them.
  bool interpreter = false;                // Can be had, and the policy allows it.

  std::vector<uint32_t> organisations;  // Sorted.
  uint64_t organisations_signature = 0;
  std::vector<uint32_t> restricted_numbers;  // Of countries, sorted.
  std::vector<bool> restricted_countries;    // The same by number of the country.
  uint64_t countries_signature = 0;          // Of the restricted countries.
  // Of what the need names, those that the roster knows; the counts are of all, without doubles.
  std::vector<uint32_t> countries;         // Of the NSBs, sorted.
  std::vector<uint32_t> region_countries;  // Sorted.
  std::vector<uint32_t> contexts;          // Sorted.
  int country_count = 0;
  int context_count = 0;

  // The mentors about whom the need or the load says anything, in rising order of rows; see
  // ParticularOf.
  std::vector<Particular> particulars;
  std::vector<uint64_t> particular_rows;  // Bit row % 64 of word row / 64: stands in `particulars`.

  bool asks_overlap = false;  // Whether sessions are remote and minutes are asked.
  int required_minutes = 0;   // Per week.
  int weeks_asked = 0;
  int counterpart_minutes = 0;  // Minutes of the counterparts' windows in as many weeks.
  uint64_t zones_state = 0;     // ZoneTable::state() of the table that was read.
  std::shared_ptr<const EngagementWeeks> weeks;
  std::shared_ptr<const ZoneOverlaps> zones;
  std::shared_ptr<const std::vector<const Schedule*>> schedules;  // By number.
  std::vector<int> weeks_reached;  // By number of the schedule; empty: not counted, see below.
};

// The first day on which a refusal no longer excludes; kNoDay: never.
Day RefusalEndsOn(const EarlierRefusal& refusal, const ServicePolicyFacts& policy);

// Errors: see ranking/rank.h.
absl::StatusOr<PreparedNeed> Prepare(const NeedFacts& need, const DecisionInputs& inputs);

// The particular of a row that has one.
const Particular& FindParticular(int32_t row, const PreparedNeed& need);

// What the need and the load say about a mentor; nothing about most.
inline Particular ParticularOf(const MentorView& mentor, const PreparedNeed& need) {
  const auto row = static_cast<size_t>(mentor.row());
  if ((need.particular_rows[row / 64] >> row % 64 & 1) == 0) return {mentor.row(), 0, {}};
  return FindParticular(mentor.row(), need);
}

inline const Schedule& ScheduleOf(const MentorView& mentor, const PreparedNeed& need) {
  return *(*need.schedules)[mentor.facts().schedule];
}

// nullptr: the zone is unknown, there is no overlap.
inline const ZoneOverlap* ZoneOf(const Schedule& schedule, const PreparedNeed& need) {
  return need.zones->Of(schedule.zone);
}

// The weeks that have the asked minutes of a schedule when no day is off.
int WeeksReached(const Schedule& schedule, const PreparedNeed& need);

// Counts them for every schedule of the roster beforehand: worth it when most mentors are asked.
void CountWeeksReached(PreparedNeed* need);

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_RULES_PREPARED_NEED_H_
