#include "services/matching/engine/rules/exclusions.h"

#include <algorithm>
#include <string>
#include <vector>

namespace tandem::engine {
namespace {

// The mentor's restricted countries, each once.
std::vector<uint32_t> RestrictedCountriesOf(const MentorView& mentor, const PreparedNeed& need) {
  std::vector<uint32_t> restricted;
  if ((mentor.facts().countries_signature & need.countries_signature) == 0) return restricted;
  const auto add = [&](uint32_t country) {
    if (need.restricted_countries[country] &&
        std::find(restricted.begin(), restricted.end(), country) == restricted.end()) {
      restricted.push_back(country);
    }
  };
  add(mentor.facts().residence);
  for (uint32_t country : mentor.nationalities()) add(country);
  return restricted;
}

// The NSBs of the need that the mentor excludes.
std::vector<uint32_t> ExcludedNsbs(const MentorView& mentor, const PreparedNeed& need) {
  std::vector<uint32_t> excluded;
  if ((mentor.facts().organisations_signature & need.organisations_signature) == 0) return excluded;
  for (uint32_t organisation : mentor.excluded_organisations()) {
    if (std::binary_search(need.organisations.begin(), need.organisations.end(), organisation)) {
      excluded.push_back(organisation);
    }
  }
  return excluded;
}

}  // namespace

bool HasRestrictedCountry(const MentorView& mentor, const PreparedNeed& need) {
  const absl::Span<const uint32_t> nationalities = mentor.nationalities();
  return need.restricted_countries[mentor.facts().residence] ||
         std::any_of(nationalities.begin(), nationalities.end(),
                     [&need](uint32_t country) { return need.restricted_countries[country]; });
}

bool ExcludesAnNsb(const MentorView& mentor, const PreparedNeed& need) {
  return !ExcludedNsbs(mentor, need).empty();
}

void CompareScreening(const MentorView& mentor, const PreparedNeed& need, Verdict* verdict) {
  const bool restricted = (ParticularOf(mentor, need).marks & kRestrictedPerson) != 0;
  verdict->compared.push_back({Item::kRestrictedPerson,
                               "",
                               {ValueKind::kYesNo, restricted},
                               {ValueKind::kYesNo, 0},
                               !restricted});
  for (uint32_t country : RestrictedCountriesOf(mentor, need)) {
    verdict->compared.push_back({Item::kRestrictedCountry,
                                 std::string(need.roster.dictionaries().countries.TextOf(country)),
                                 {ValueKind::kYesNo, 1},
                                 {ValueKind::kYesNo, 0},
                                 false});
  }
}

void CompareExclusions(const MentorView& mentor, const PreparedNeed& need, Verdict* verdict) {
  const bool by_nsb = (ParticularOf(mentor, need).marks & kExcludedByNsb) != 0;
  verdict->compared.push_back(
      {Item::kExcludedByNsb, "", {ValueKind::kYesNo, by_nsb}, {ValueKind::kYesNo, 0}, !by_nsb});
  const std::vector<uint32_t> excluded = ExcludedNsbs(mentor, need);
  for (uint32_t organisation : excluded) {
    verdict->compared.push_back(
        {Item::kExcludedByMentor,
         std::string(need.roster.dictionaries().organisations.TextOf(organisation)),
         {ValueKind::kYesNo, 1},
         {ValueKind::kYesNo, 0},
         false});
  }
  if (by_nsb || !excluded.empty()) {
    verdict->relaxations.push_back({RelaxationKind::kLiftExclusion, "", 0, 0});
  }
}

void CompareRefusals(const MentorView& mentor, const PreparedNeed& need, Verdict* verdict) {
  Day wait_until = need.today;
  bool for_ever = false;
  for (const EarlierRefusal& refusal : need.facts.refusals) {
    if (need.roster.RowOf(refusal.mentor) != mentor.row()) continue;
    const Day ends = RefusalEndsOn(refusal, need.policy);
    const bool over = ends != kNoDay && ends <= need.today;
    verdict->compared.push_back({Item::kRefusedOn,
                                 "",
                                 {ValueKind::kDay, refusal.day},
                                 ends == kNoDay ? Value{} : Value{ValueKind::kDay, ends},
                                 over});
    for_ever = for_ever || ends == kNoDay;
    if (!over && ends != kNoDay) wait_until = std::max(wait_until, ends);
  }
  if (!for_ever && wait_until > need.today) {
    verdict->relaxations.push_back({RelaxationKind::kWaitUntil, "", wait_until, 0});
  }
}

}  // namespace tandem::engine
