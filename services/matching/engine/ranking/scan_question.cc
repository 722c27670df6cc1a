#include "services/matching/engine/ranking/scan_question.h"

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

namespace tandem::engine {
namespace {

// The fields of plain facts. The structured bindings name all of them: a field that is added does
// not compile before it is compared here, too.
auto FieldsOf(const TopicNeed& fact) {
  const auto& [topic, min_level, weight] = fact;
  return std::tie(topic, min_level, weight);
}
auto FieldsOf(const LanguageNeed& fact) {
  const auto& [language, min_spoken, min_written] = fact;
  return std::tie(language, min_spoken, min_written);
}
auto FieldsOf(const WeeklyWindow& fact) {
  const auto& [weekday, start_minute, end_minute] = fact;
  return std::tie(weekday, start_minute, end_minute);
}
auto FieldsOf(const VisitNeed& fact) {
  const auto& [country, consecutive_days, earliest, latest] = fact;
  return std::tie(country, consecutive_days, earliest, latest);
}
auto FieldsOf(const EarlierRefusal& fact) {
  const auto& [mentor, day] = fact;
  return std::tie(mentor, day);
}
auto FieldsOf(const ServicePolicyFacts& fact) {
  const auto& [service_type, waived_rules, stale_after_days, fresh_for_days, cooling_off_months,
               min_weekly_overlap_minutes, interpreter_allowed, interpreter_cost,
               declined_for_months, weights] = fact;
  return std::tie(service_type, waived_rules, stale_after_days, fresh_for_days, cooling_off_months,
                  min_weekly_overlap_minutes, interpreter_allowed, interpreter_cost,
                  declined_for_months, weights);
}

auto FieldsOf(const LoadInPeriod& fact) {
  const auto& [engagements, hours] = fact;
  return std::tie(engagements, hours);
}
auto FieldsOf(const Particular& fact) {
  const auto& [row, marks, load] = fact;
  return std::tuple_cat(std::tie(row, marks), FieldsOf(load));
}

template <typename Fact>
bool Same(const Fact& a, const Fact& b) {
  return FieldsOf(a) == FieldsOf(b);
}
template <typename Fact>
bool Same(const std::vector<Fact>& a, const std::vector<Fact>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Fact& one, const Fact& other) { return Same(one, other); });
}
template <typename Fact>
bool Same(const std::optional<Fact>& a, const std::optional<Fact>& b) {
  return a.has_value() == b.has_value() && (!a.has_value() || Same(*a, *b));
}

bool SameNeed(const NeedFacts& a, const NeedFacts& b) {
  const auto& [id, service_type, organisations, countries, region_countries, development_contexts,
               topics, languages, hours_per_month, modalities, period, time_zone, weekly_windows,
               min_weekly_overlap_minutes, min_overlap_weeks, visit, interpreter_available,
               preferred_mentors, excluded_mentors, refusals] = a;
  return std::tie(id, service_type, organisations, countries, region_countries,
                  development_contexts, hours_per_month, modalities, period, time_zone,
                  min_weekly_overlap_minutes, min_overlap_weeks, interpreter_available,
                  preferred_mentors, excluded_mentors) ==
             std::tie(b.id, b.service_type, b.organisations, b.countries, b.region_countries,
                      b.development_contexts, b.hours_per_month, b.modalities, b.period,
                      b.time_zone, b.min_weekly_overlap_minutes, b.min_overlap_weeks,
                      b.interpreter_available, b.preferred_mentors, b.excluded_mentors) &&
         Same(topics, b.topics) && Same(languages, b.languages) &&
         Same(weekly_windows, b.weekly_windows) && Same(visit, b.visit) &&
         Same(refusals, b.refusals);
}

}  // namespace

ScanQuestion QuestionOf(const PreparedNeed& need) {
  ScanQuestion question;
  question.need = need.facts;
  question.policy = need.policy;
  question.restricted_countries = need.restricted_numbers;
  question.particulars = need.particulars;
  question.seed = need.seed;
  question.zones_state = need.zones_state;
  question.today = need.today;
  return question;
}

bool Asks(const PreparedNeed& need, const ScanQuestion& question) {
  return std::tie(need.seed, need.zones_state, need.today, need.restricted_numbers) ==
             std::tie(question.seed, question.zones_state, question.today,
                      question.restricted_countries) &&
         Same(need.policy, question.policy) && SameNeed(need.facts, question.need) &&
         Same(need.particulars, question.particulars);
}

size_t MemoryBytes(const ScanQuestion& question) {
  // The texts of a need are few; what may be many is counted.
  return sizeof(ScanQuestion) + question.particulars.capacity() * sizeof(Particular) +
         question.need.excluded_mentors.capacity() * sizeof(std::string) +
         question.need.region_countries.capacity() * sizeof(std::string);
}

}  // namespace tandem::engine
