#include "services/matching/engine/testing/population.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"

namespace tandem::engine {
namespace {

constexpr const char* kZones[] = {
    "Africa/Addis_Ababa", "Africa/Casablanca", "Africa/Dakar",     "Africa/Maseru",
    "Africa/Ndjamena",    "Africa/Cairo",      "America/Santiago", "America/New_York",
    "Asia/Kathmandu",     "Asia/Vientiane",    "Asia/Tehran",      "Australia/Lord_Howe",
    "Europe/Paris",       "Europe/Lisbon",     "Pacific/Apia",     "Pacific/Pago_Pago"};
constexpr const char* kAreas[] = {"conformity-assessment", "governance", "metrology",
                                  "standards-development", "stakeholders"};
constexpr const char* kParts[] = {"", ".planning", ".testing", ".testing.food", ".training"};
constexpr const char* kLanguages[] = {"en", "fr", "fr-CA", "pt", "pt-BR", "ar", "lo", "so", "es"};
constexpr const char* kCountries[] = {"TD", "ET", "LA", "LS", "ML", "SN", "SL", "SO",
                                      "TG", "UG", "FR", "MA", "BR", "NP", "AU", "US"};
constexpr const char* kContexts[] = {"ldc", "lldc", "sids"};

Day Today() { return DayOf(absl::CivilDay(2026, 2, 1)); }

}  // namespace

std::vector<std::string> PopulationZones() { return {std::begin(kZones), std::end(kZones)}; }
Day PopulationToday() { return Today(); }

std::string Population::Topic() {
  return absl::StrCat(kAreas[Below(std::size(kAreas))], kParts[Below(std::size(kParts))]);
}
std::string Population::Language() { return kLanguages[Below(std::size(kLanguages))]; }
std::string Population::Country() { return kCountries[Below(std::size(kCountries))]; }
std::string Population::Zone() { return kZones[Below(std::size(kZones))]; }
std::string Population::Organisation() {
  return absl::StrCat("organisations/", Below(options_.organisations));
}

std::vector<WeeklyWindow> Population::Windows() {
  std::vector<WeeklyWindow> windows;
  const int start = options_.own_windows ? 4 * 6 + Below(4 * 12) : 4 * (8 + 4 * Below(3));
  const int end = std::min(start + 8 + (options_.own_windows ? Below(24) : 8), 96);
  for (int weekday = 1; weekday <= 7; ++weekday) {
    if (Chance(weekday <= 5 ? 80 : 20)) windows.push_back({weekday, start * 15, end * 15});
  }
  return windows;
}

MentorFacts Population::NextMentor() {
  MentorFacts mentor;
  mentor.id = absl::StrCat("mentors/", ++mentors_, "-", random_() % 1'000'000);
  mentor.revision = mentors_;
  mentor.active = !Awkward();
  mentor.vetting = Awkward() ? static_cast<Vetting>(Below(5)) : Vetting::kVetted;
  mentor.consent_given_on = Awkward() ? kNoDay : Today() - Below(700);
  if (Awkward()) mentor.consent_withdrawn_on = Today() - 10 + Below(20);
  mentor.last_confirmed = Awkward() ? kNever : (int64_t{Today()} - Below(400)) * kSecondsPerDay;
  mentor.coi_declared_on = Awkward() ? kNoDay : Today() - Below(500);
  mentor.coi_expires_on = Awkward() ? kNoDay : Today() - 30 + Below(500);
  mentor.residence_country = Country();
  mentor.nationalities = {Country()};
  if (Chance(10)) mentor.nationalities.push_back(Country());
  for (int i = Below(4); i > 0; --i) {
    const Day first = Chance(30) ? kNoDay : Today() - 3'000 + Below(3'500);
    const Day last = Chance(30) ? kNoDay : Today() - 1'500 + Below(2'000);
    mentor.relations.push_back(
        {Organisation(), static_cast<RelationKind>(1 + Below(7)), first, last});
  }
  for (int i = 1 + Below(6); i > 0; --i) {
    mentor.expertise.push_back(
        {Topic(), 1 + Below(5), Chance(20) ? kNoDay : Today() - Below(5'000)});
  }
  for (int i = 1 + Below(3); i > 0; --i) {
    mentor.languages.push_back(
        {Language(), static_cast<Cefr>(1 + Below(6)), static_cast<Cefr>(Below(7))});
  }
  for (int i = Below(4); i > 0; --i) mentor.experience_countries.push_back(Country());
  if (Chance(40)) mentor.development_contexts.push_back(kContexts[Below(3)]);
  mentor.time_zone = Awkward() && Awkward() ? "Nowhere/Land" : Zone();
  mentor.weekly_windows = Windows();
  for (int i = Chance(30) ? 1 + Below(3) : 0; i > 0; --i) {
    const Day first = Today() + Below(7 * options_.weeks + 60);
    mentor.days_off.push_back({first, first + Below(15)});
  }
  mentor.hours_per_month = 5 * Below(9);
  mentor.max_engagements = Below(4);
  mentor.modalities = Awkward() ? static_cast<uint8_t>(Below(4)) : kRemote | kOnSite;
  if (Chance(20)) mentor.preferred_organisations.push_back(Organisation());
  if (Chance(10)) mentor.excluded_organisations.push_back(Organisation());
  return mentor;
}

NeedFacts Population::NextNeed() {
  NeedFacts need;
  need.id = absl::StrCat("engagementRequests/", ++needs_, "/roles/lead");
  need.service_type = static_cast<ServiceType>(1 + Below(4));
  for (int i = Chance(20) ? 3 : 1; i > 0; --i) {
    need.organisations.push_back(Organisation());
    need.countries.push_back(Country());
  }
  need.region_countries = {Country(), Country(), Country()};
  need.development_contexts = {kContexts[Below(3)]};
  for (int i = Below(3); i >= 0; --i) {
    need.topics.push_back({Topic(), Below(4), 1 + Below(10)});
  }
  for (int i = Below(3); i > 0; --i) {
    need.languages.push_back(
        {Language(), static_cast<Cefr>(Below(6)), static_cast<Cefr>(Below(5))});
  }
  need.hours_per_month = 1 + Below(15);
  need.modalities = static_cast<uint8_t>(1 + Below(3));
  const Day first = Today() - 10 + Below(60);
  need.period = {first, first + 7 * options_.weeks - 1 - Below(6)};
  need.time_zone = Zone();
  need.weekly_windows = Windows();
  need.min_weekly_overlap_minutes = Chance(30) ? 0 : 15 * Below(20);
  need.min_overlap_weeks = Chance(50) ? 0 : 1 + Below(options_.weeks);
  if (Chance(30)) {
    need.visit = VisitNeed{Country(), 1 + Below(10), kNoDay, kNoDay};
    if (Chance(50)) need.visit->earliest = first + 7;
    if (Chance(50)) need.visit->latest = first + 7 + Below(20);
    need.modalities |= kOnSite;
  }
  need.interpreter_available = Chance(30);
  const auto mentor = [this] { return absl::StrCat("mentors/", Below(100)); };
  for (int i = Below(3); i > 0; --i) need.preferred_mentors.push_back(mentor());
  return need;
}

PolicyFacts Population::NextPolicy() {
  PolicyFacts policy;
  for (int type = 1; type <= 4; ++type) {
    ServicePolicyFacts service;
    service.service_type = static_cast<ServiceType>(type);
    if (Chance(30)) service.waived_rules.Add(RuleAt(Below(kRuleCount)));
    service.stale_after_days = 200 + Below(300);
    service.fresh_for_days = Below(200);
    service.cooling_off_months = Below(36);
    service.min_weekly_overlap_minutes = 15 * Below(10);
    service.interpreter_allowed = Chance(50);
    service.interpreter_cost = 1'000 * Below(200);
    service.declined_for_months = Below(12);
    for (int& weight : service.weights) weight = Below(100);
    service.weights[0] += 1;
    policy.services.push_back(service);
  }
  policy.near_tie_margin = 20'000;
  if (Chance(50)) policy.restricted_countries = {Country()};
  return policy;
}

LoadFacts Population::NextLoad(const std::vector<MentorFacts>& mentors, int commitments) {
  LoadFacts load;
  const Month first = MonthOf(Today());
  for (int i = 0; i < commitments; ++i) {
    const Month begin = first - 2 + Below(8);
    load.commitments.push_back({mentors[Below(static_cast<int>(mentors.size()))].id,
                                absl::StrCat("engagementRequests/", Below(40), "/roles/lead"),
                                1 + Below(15), begin, begin + Below(6)});
  }
  return load;
}

}  // namespace tandem::engine
