// What a decision reads: plain facts about mentors, needs, policy and load.
//
// A decision is a pure function of these facts, of the transitions of time zones
// (time/zone_table.h) and of a decision time and a seed. Nothing here identifies a person: no
// names, no contact data, no gender or other protected attribute, so none of them can enter a
// score.
//
// Ids are resource names as other services write them ("mentors/ID", "organisations/ID"); topics,
// languages, countries and contexts are codes of the reference data. The engine only compares them.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_FACTS_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_FACTS_H_

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "services/matching/engine/criteria/criterion.h"
#include "services/matching/engine/rules/rule.h"
#include "services/matching/engine/time/calendar.h"

namespace tandem::engine {

// Numbers as in tandem.common.v1.ServiceType.
enum class ServiceType : uint8_t {
  kUnspecified = 0,
  kCoaching = 1,
  kMentoring = 2,
  kInCountryAdvice = 3,
  kWorkshop = 4,
};

// Ways to meet, as bits of a set.
constexpr uint8_t kRemote = 1;
constexpr uint8_t kOnSite = 2;

// Levels of the Common European Framework of Reference; numbers as in tandem.common.v1.CefrLevel.
enum class Cefr : uint8_t { kNone = 0, kA1 = 1, kA2 = 2, kB1 = 3, kB2 = 4, kC1 = 5, kC2 = 6 };

// Numbers as in tandem.profiles.v1.VettingState. Only kVetted is eligible.
enum class Vetting : uint8_t {
  kUnspecified = 0,
  kPending = 1,
  kVetted = 2,
  kRejected = 3,
  kSuspended = 4,
};

// How a mentor is tied to an organisation. The numbers up to kOther are those of
// tandem.profiles.v1.RelationKind.
enum class RelationKind : uint8_t {
  kUnspecified = 0,
  kContract = 1,
  kGovernance = 2,
  kFamily = 3,
  kFinancial = 4,
  kOther = 5,
  kEmployment = 6,  // Present or past.
  kNomination = 7,  // The organisation put the mentor's name forward; without dates.
};

// A tie with its dates. kNoDay as `first`: since ever; as `last`: it lasts.
struct RelationFact {
  std::string organisation;
  RelationKind kind = RelationKind::kUnspecified;
  Day first = kNoDay;
  Day last = kNoDay;
};

struct ExpertiseFact {
  std::string topic;            // Hierarchical with dots: "testing.food" lies below "testing".
  int level = 0;                // 1 (aware) to 5 (leading expert).
  Day last_practised = kNoDay;  // kNoDay: not stated.
};

struct LanguageFact {
  std::string language;  // BCP 47.
  Cefr spoken = Cefr::kNone;
  Cefr written = Cefr::kNone;
};

// "Never", as a time of confirmation.
constexpr int64_t kNever = std::numeric_limits<int64_t>::min();

// A mentor, pseudonymous.
struct MentorFacts {
  std::string id;
  int64_t revision = 0;  // Of the store that holds the profile.
  bool active = true;    // False once deactivated or erased.
  Vetting vetting = Vetting::kUnspecified;
  Day consent_given_on = kNoDay;      // Consent to be considered in matching.
  Day consent_withdrawn_on = kNoDay;  // It no longer holds from this day on.
  int64_t last_confirmed = kNever;    // Seconds since 1970-01-01 UTC.
  Day coi_declared_on = kNoDay;       // Declaration on conflicts of interest.
  Day coi_expires_on = kNoDay;        // The last day on which it holds; kNoDay: no end.

  std::string residence_country;
  std::vector<std::string> nationalities;
  std::vector<RelationFact> relations;  // Employments, the nomination, and declared relations.
  std::vector<ExpertiseFact> expertise;
  std::vector<LanguageFact> languages;
  std::vector<std::string> experience_countries;
  std::vector<std::string> development_contexts;

  std::string time_zone;
  std::vector<WeeklyWindow> weekly_windows;
  std::vector<DayRange> days_off;
  int hours_per_month = 0;
  int max_engagements = 0;
  uint8_t modalities = 0;

  std::vector<std::string> preferred_organisations;
  std::vector<std::string> excluded_organisations;
};

struct TopicNeed {
  std::string topic;  // Expertise in it or below it counts.
  int min_level = 0;  // 1 to 5: a hard rule. 0: a wish, which only counts in the score.
  int weight = 1;     // Among the topics of the need, 1 to 100.
};

// One of the languages of which one suffices. "pt" is met by "pt-BR" too, not the other way round.
struct LanguageNeed {
  std::string language;
  Cefr min_spoken = Cefr::kNone;
  Cefr min_written = Cefr::kNone;  // kNone asks for none.
};

// Work in the country: `consecutive_days` calendar days without a day off, between the two days.
struct VisitNeed {
  std::string country;
  int consecutive_days = 1;
  Day earliest = kNoDay;  // kNoDay: the period's first day.
  Day latest = kNoDay;    // kNoDay: the period's last day.
};

// A mentor said no to this need, or the NSB or staff rejected the pair, on a day.
struct EarlierRefusal {
  std::string mentor;
  Day day = kNoDay;
};

// A need: one role of a request for an engagement.
struct NeedFacts {
  std::string id;  // "engagementRequests/ID/roles/ROLE": draws depend on it.
  ServiceType service_type = ServiceType::kUnspecified;
  std::vector<std::string> organisations;     // The NSBs that are helped together.
  std::vector<std::string> countries;         // Their countries, and the visit's.
  std::vector<std::string> region_countries;  // Other countries of the same regions.
  std::vector<std::string> development_contexts;
  std::vector<TopicNeed> topics;        // At most 64.
  std::vector<LanguageNeed> languages;  // At most 64; empty asks for none.
  int hours_per_month = 0;
  uint8_t modalities = 0;
  DayRange period;  // At most 36 months and 6 days.

  std::string time_zone;                     // Of the counterparts.
  std::vector<WeeklyWindow> weekly_windows;  // When the counterparts can meet.
  int min_weekly_overlap_minutes = 0;        // 0 takes the policy's.
  int min_overlap_weeks = 0;                 // 0: in every week.
  std::optional<VisitNeed> visit;

  bool interpreter_available = false;
  std::vector<std::string> preferred_mentors;
  std::vector<std::string> excluded_mentors;  // By the request or by one of its organisations.
  std::vector<EarlierRefusal> refusals;
};

// Thresholds and weights for one service type; units as in tandem.matching.v1.ServicePolicy.
struct ServicePolicyFacts {
  ServiceType service_type = ServiceType::kUnspecified;
  RuleSet waived_rules;
  int stale_after_days = 365;
  int fresh_for_days = 90;
  int cooling_off_months = 24;
  int min_weekly_overlap_minutes = 0;
  bool interpreter_allowed = false;
  int64_t interpreter_cost = 0;                   // Micro-points.
  int declined_for_months = 0;                    // 0: for ever.
  std::array<int, kCriterionCount> weights = {};  // Each 0 to 1000; see IndexOf(Criterion).
};

struct PolicyFacts {
  std::vector<ServicePolicyFacts> services;  // Each service type at most once.
  int64_t near_tie_margin = 0;               // Micro-points.
  std::vector<std::string> restricted_countries;
  std::vector<std::string> restricted_mentors;
};

// A mentor's hours that are promised already: by an approved match or a reservation.
struct Commitment {
  std::string mentor;
  std::string need;
  int hours_per_month = 0;
  Month first_month = 0;
  Month last_month = 0;
};

// All commitments that a decision takes into account, in any order.
struct LoadFacts {
  std::vector<Commitment> commitments;
};

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_FACTS_H_
