#include "services/matching/engine/rules/prepared_need.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/status_macros.h"
#include "services/matching/engine/assignment/draws.h"
#include "services/matching/engine/parallel.h"
#include "services/matching/engine/time/calendar.h"

namespace tandem::engine {
namespace {

constexpr size_t kMaxListed = 64;  // Topics, languages: they are bits of a word.
constexpr int kMaxPeriodDays = 36 * 31 + 6;

absl::Status CheckNeed(const NeedFacts& need) {
  if (need.period.last < need.period.first ||
      need.period.last - need.period.first >= kMaxPeriodDays) {
    return absl::InvalidArgumentError(
        absl::StrCat("Need ", need.id, ": the period must have 1 to ", kMaxPeriodDays, " days."));
  }
  if (need.topics.size() > kMaxListed || need.languages.size() > kMaxListed) {
    return absl::InvalidArgumentError(
        absl::StrCat("Need ", need.id, ": at most ", kMaxListed, " topics and as many languages."));
  }
  return absl::OkStatus();
}

absl::StatusOr<ServicePolicyFacts> PolicyFor(const NeedFacts& need, const PolicyFacts& policy) {
  for (const ServicePolicyFacts& service : policy.services) {
    if (service.service_type == need.service_type) return service;
  }
  return absl::FailedPreconditionError(
      absl::StrCat("The policy says nothing about the service type of need ", need.id,
                   "; publish a version that does."));
}

std::vector<uint32_t> Sorted(std::vector<uint32_t> numbers) {
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

// The numbers of the texts that the roster knows: nobody in it has any of the others.
std::vector<uint32_t> Known(const std::vector<std::string>& texts, const Dictionary& dictionary) {
  std::vector<uint32_t> numbers;
  for (const std::string& text : texts) {
    const std::optional<uint32_t> number = dictionary.Find(text);
    if (number.has_value()) numbers.push_back(*number);
  }
  return Sorted(std::move(numbers));
}

int CountDistinct(const std::vector<std::string>& texts) {
  return static_cast<int>(std::set<std::string>(texts.begin(), texts.end()).size());
}

void PrepareDates(const DecisionInputs& inputs, PreparedNeed* prepared) {
  const NeedFacts& need = prepared->facts;
  prepared->now = absl::ToUnixSeconds(inputs.decision_time);
  prepared->today = UtcDayOf(inputs.decision_time);
  prepared->first_day = std::max(need.period.first, prepared->today);
  prepared->confirmed_since =
      prepared->now - int64_t{prepared->policy.stale_after_days} * kSecondsPerDay;
  if (!need.visit.has_value()) return;
  const Day earliest = need.visit->earliest == kNoDay ? need.period.first : need.visit->earliest;
  const Day latest = need.visit->latest == kNoDay ? need.period.last : need.visit->latest;
  prepared->visit_days = {std::max(earliest, prepared->first_day),
                          std::min(latest, need.period.last)};
}

void PrepareSkills(const Dictionaries& names, PreparedNeed* prepared) {
  const NeedFacts& need = prepared->facts;
  std::vector<std::string> topics;
  for (size_t i = 0; i < need.topics.size(); ++i) {
    topics.push_back(need.topics[i].topic);
    prepared->topic_bits.push_back(names.topics.BitOf(need.topics[i].topic));
    if (need.topics[i].min_level <= 0) continue;
    prepared->required_topics |= uint64_t{1} << i;
    prepared->topics_signature |= prepared->topic_bits.back();
  }
  prepared->topics_met_by = names.topics.CoveredBy(topics);
  std::vector<std::string> languages;
  for (const LanguageNeed& language : need.languages) {
    languages.push_back(language.language);
    prepared->languages_signature |= names.languages.BitOf(language.language);
  }
  prepared->languages_met_by = names.languages.CoveredBy(languages);
  prepared->interpreter = need.interpreter_available && prepared->policy.interpreter_allowed;
}

void PrepareLists(const Dictionaries& names, const PolicyFacts& policy, PreparedNeed* prepared) {
  const NeedFacts& need = prepared->facts;
  prepared->organisations = Known(need.organisations, names.organisations);
  for (uint32_t number : prepared->organisations) {
    prepared->organisations_signature |= SignatureBit(number);
  }
  prepared->restricted_countries.assign(names.countries.size(), false);
  prepared->restricted_numbers = Known(policy.restricted_countries, names.countries);
  for (uint32_t number : prepared->restricted_numbers) {
    prepared->restricted_countries[number] = true;
    prepared->countries_signature |= SignatureBit(number);
  }
  prepared->countries = Known(need.countries, names.countries);
  prepared->region_countries = Known(need.region_countries, names.countries);
  prepared->contexts = Known(need.development_contexts, names.contexts);
  prepared->country_count = CountDistinct(need.countries);
  prepared->context_count = CountDistinct(need.development_contexts);
}

// Adds what stands about each mentor; a mentor may come several times.
void PrepareMarks(const PolicyFacts& policy, PreparedNeed* prepared) {
  const NeedFacts& need = prepared->facts;
  const auto mark = [prepared](const std::string& mentor, uint8_t bit) {
    const std::optional<int32_t> row = prepared->roster.RowOf(mentor);
    if (row.has_value()) prepared->particulars.push_back({*row, bit, {}});
  };
  for (const std::string& mentor : need.preferred_mentors) mark(mentor, kPreferredByNsb);
  for (const std::string& mentor : need.excluded_mentors) mark(mentor, kExcludedByNsb);
  for (const std::string& mentor : policy.restricted_mentors) mark(mentor, kRestrictedPerson);
  for (const EarlierRefusal& refusal : need.refusals) {
    const Day ends = RefusalEndsOn(refusal, prepared->policy);
    if (ends == kNoDay || ends > prepared->today) mark(refusal.mentor, kRefusedBefore);
  }
}

// The fullest month of a mentor's commitments, chained by `next`, within the period's months.
LoadInPeriod FullestMonth(const LoadFacts& load, const std::vector<int32_t>& next, int32_t chain,
                          Month first, Month last) {
  struct MonthLoad {
    int engagements = 0;
    int hours = 0;
  };
  absl::InlinedVector<MonthLoad, 40> months(static_cast<size_t>(last - first) + 1);
  for (; chain >= 0; chain = next[chain]) {
    const Commitment& commitment = load.commitments[chain];
    const Month end = std::min(last, commitment.last_month);
    for (Month month = std::max(first, commitment.first_month); month <= end; ++month) {
      ++months[month - first].engagements;
      months[month - first].hours += commitment.hours_per_month;
    }
  }
  LoadInPeriod fullest;
  for (const MonthLoad& month : months) {
    const auto engagements = static_cast<uint16_t>(std::min(month.engagements, 65'535));
    const auto hours = static_cast<uint16_t>(std::clamp(month.hours, 0, 65'535));
    fullest.engagements = std::max(fullest.engagements, engagements);
    fullest.hours = std::max(fullest.hours, hours);
  }
  return fullest;
}

void PrepareLoads(const LoadFacts& load, PreparedNeed* prepared) {
  const Month first = MonthOf(prepared->first_day);
  const Month last = MonthOf(prepared->facts.period.last);
  if (last < first) return;
  std::vector<absl::string_view> mentors;
  std::vector<int32_t> within;  // The commitments that touch the period.
  for (size_t i = 0; i < load.commitments.size(); ++i) {
    const Commitment& commitment = load.commitments[i];
    if (commitment.last_month < first || commitment.first_month > last) continue;
    if (commitment.need == prepared->facts.id) continue;
    mentors.push_back(commitment.mentor);
    within.push_back(static_cast<int32_t>(i));
  }
  if (within.empty()) return;
  const std::vector<int32_t> rows = prepared->roster.RowsOf(mentors);
  std::vector<int32_t> chain_of_row(prepared->roster.size(), -1);
  std::vector<int32_t> next(load.commitments.size(), -1);
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows[i] < 0) continue;
    next[within[i]] = chain_of_row[rows[i]];
    chain_of_row[rows[i]] = within[i];
  }
  for (const int32_t row : rows) {
    if (row < 0 || chain_of_row[row] < 0) continue;
    const LoadInPeriod fullest = FullestMonth(load, next, chain_of_row[row], first, last);
    prepared->particulars.push_back({row, 0, fullest});
    chain_of_row[row] = -1;  // Done.
  }
}

// Puts them in order, those of one mentor together. At most one of these has a load.
void GatherParticulars(PreparedNeed* prepared) {
  std::vector<Particular>& all = prepared->particulars;
  std::sort(all.begin(), all.end(),
            [](const Particular& a, const Particular& b) { return a.row < b.row; });
  size_t count = 0;
  for (const Particular& each : all) {
    if (count == 0 || all[count - 1].row != each.row) {
      all[count++] = each;
      continue;
    }
    Particular& same = all[count - 1];
    same.marks |= each.marks;
    same.load.engagements = std::max(same.load.engagements, each.load.engagements);
    same.load.hours = std::max(same.load.hours, each.load.hours);
  }
  all.resize(count);
  prepared->particular_rows.assign((static_cast<size_t>(prepared->roster.size()) + 63) / 64, 0);
  for (const Particular& each : all) {
    const auto row = static_cast<size_t>(each.row);
    prepared->particular_rows[row / 64] |= uint64_t{1} << row % 64;
  }
}

absl::Status CheckCovers(const ZoneTransitions& zone, const NeedFacts& need) {
  if (zone.from <= int64_t{need.period.first - 2} * kSecondsPerDay &&
      zone.until >= int64_t{need.period.last + 3} * kSecondsPerDay) {
    return absl::OkStatus();
  }
  return absl::OutOfRangeError(absl::StrCat(
      "The recorded offsets of time zone ", zone.zone, " do not cover the period of need ", need.id,
      ", ", FormatDay(need.period.first), " to ", FormatDay(need.period.last), "."));
}

// The offsets of every zone of the roster that the table knows, by number.
absl::StatusOr<std::vector<const ZoneTransitions*>> OffsetsOf(const Dictionary& zones,
                                                              const ZoneTable& table,
                                                              const NeedFacts& need) {
  std::vector<const ZoneTransitions*> offsets(zones.size());
  for (uint32_t zone = 0; zone < offsets.size(); ++zone) {
    offsets[zone] = table.Find(zones.TextOf(zone));
    if (offsets[zone] != nullptr) TANDEM_RETURN_IF_ERROR(CheckCovers(*offsets[zone], need));
  }
  return offsets;
}

absl::Status PrepareOverlap(const ZoneTable& table, PreparedNeed* prepared) {
  const NeedFacts& need = prepared->facts;
  const Dictionaries& names = prepared->roster.dictionaries();
  const ZoneTransitions* counterpart = table.Find(need.time_zone);
  if (counterpart != nullptr) TANDEM_RETURN_IF_ERROR(CheckCovers(*counterpart, need));
  prepared->weeks =
      std::make_shared<EngagementWeeks>(counterpart, NormalSpans(need.weekly_windows), need.period);
  prepared->zones_state = table.state();
  const bool remote = (need.modalities & kRemote) != 0;
  prepared->required_minutes = need.min_weekly_overlap_minutes > 0
                                   ? need.min_weekly_overlap_minutes
                                   : prepared->policy.min_weekly_overlap_minutes;
  prepared->asks_overlap = remote && prepared->required_minutes > 0;
  const int weeks = prepared->weeks->count();
  prepared->weeks_asked =
      need.min_overlap_weeks > 0 ? std::min(need.min_overlap_weeks, weeks) : weeks;
  prepared->counterpart_minutes = prepared->weeks->AssuredMinutes(prepared->weeks_asked);
  prepared->schedules = names.schedules.All();
  std::vector<const ZoneTransitions*> offsets(names.zones.size());
  if (remote) {
    TANDEM_ASSIGN_OR_RETURN(offsets, OffsetsOf(names.zones, table, need));
  }
  prepared->zones = std::make_shared<const ZoneOverlaps>(*prepared->weeks, std::move(offsets));
  return absl::OkStatus();
}

}  // namespace

Day RefusalEndsOn(const EarlierRefusal& refusal, const ServicePolicyFacts& policy) {
  if (policy.declined_for_months == 0 || refusal.day == kNoDay) return kNoDay;
  return AddMonths(refusal.day, policy.declined_for_months);
}

absl::StatusOr<PreparedNeed> Prepare(const NeedFacts& need, const DecisionInputs& inputs) {
  TANDEM_RETURN_IF_ERROR(CheckNeed(need));
  PreparedNeed prepared;
  prepared.facts = need;
  TANDEM_ASSIGN_OR_RETURN(prepared.policy, PolicyFor(need, *inputs.policy));
  prepared.roster = inputs.roster;
  prepared.seed = inputs.seed;
  prepared.id_hash = IdHash(need.id);
  const Dictionaries& names = inputs.roster.dictionaries();
  PrepareDates(inputs, &prepared);
  PrepareSkills(names, &prepared);
  PrepareLists(names, *inputs.policy, &prepared);
  PrepareMarks(*inputs.policy, &prepared);
  PrepareLoads(*inputs.load, &prepared);
  GatherParticulars(&prepared);
  TANDEM_RETURN_IF_ERROR(PrepareOverlap(*inputs.zones, &prepared));
  return prepared;
}

const Particular& FindParticular(int32_t row, const PreparedNeed& need) {
  return *std::lower_bound(
      need.particulars.begin(), need.particulars.end(), row,
      [](const Particular& each, int32_t wanted) { return each.row < wanted; });
}

int WeeksReached(const Schedule& schedule, const PreparedNeed& need) {
  const ZoneOverlap* zone = ZoneOf(schedule, need);
  return zone == nullptr ? 0 : zone->WeeksReached(schedule.spans, need.required_minutes);
}

void CountWeeksReached(PreparedNeed* need) {
  const auto count = static_cast<int64_t>(need->schedules->size());
  std::vector<int> weeks_reached(need->schedules->size());
  const int parts = ThreadsFor(count);
  RunInParts(parts, [&](int part) {
    const int64_t end = BeginOfPart(count, part + 1, parts);
    for (int64_t i = BeginOfPart(count, part, parts); i < end; ++i) {
      const auto number = static_cast<size_t>(i);
      weeks_reached[number] = WeeksReached(*(*need->schedules)[number], *need);
    }
  });
  need->weeks_reached = std::move(weeks_reached);
}

}  // namespace tandem::engine
