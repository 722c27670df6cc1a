#include "services/matching/index/need_facts.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "services/matching/index/dates.h"

namespace tandem::matching {
namespace {

using ::tandem::engine::NeedFacts;
using ::tandem::needs::v1::EngagementRequest;
using ::tandem::needs::v1::RequestRole;
using ::tandem::profiles::v1::Organisation;

void SetRole(const RequestRole& role, NeedFacts* facts) {
  for (const needs::v1::TopicRequirement& topic : role.topics()) {
    facts->topics.push_back({topic.topic(), topic.min_level(), topic.weight()});
  }
  for (const needs::v1::LanguageRequirement& language : role.languages()) {
    facts->languages.push_back({language.language(),
                                static_cast<engine::Cefr>(language.min_spoken()),
                                static_cast<engine::Cefr>(language.min_written())});
  }
  facts->hours_per_month = role.hours_per_month();
}

void SetTimes(const EngagementRequest& request, NeedFacts* facts) {
  facts->period = {ToDay(request.period().start_date()), ToDay(request.period().end_date())};
  facts->time_zone = request.time_zone();
  facts->weekly_windows = ToWindows(request.weekly_windows());
  facts->min_weekly_overlap_minutes = request.min_weekly_overlap_minutes();
  facts->min_overlap_weeks = request.min_overlap_weeks();
  if (!request.has_visit()) return;
  facts->visit = engine::VisitNeed{request.visit().country(), request.visit().consecutive_days(),
                                   ToDay(request.visit().earliest_date()),
                                   ToDay(request.visit().latest_date())};
}

// What the request leaves open is taken from its first organisation.
void SetDefaults(const Organisation& first, NeedFacts* facts) {
  // Windows and zone belong together: the organisation's windows are stated in its own zone.
  if (facts->weekly_windows.empty()) {
    facts->weekly_windows = ToWindows(first.weekly_windows());
    facts->time_zone = first.time_zone();
  } else if (facts->time_zone.empty()) {
    facts->time_zone = first.time_zone();
  }
}

struct Places {
  std::set<std::string> countries;
  std::set<std::string> contexts;
  std::set<std::string> excluded_mentors;
};

void AddOrganisation(const Organisation& organisation, Places* places) {
  if (!organisation.country().empty()) places->countries.insert(organisation.country());
  places->contexts.insert(organisation.development_contexts().begin(),
                          organisation.development_contexts().end());
  places->excluded_mentors.insert(organisation.excluded_mentors().begin(),
                                  organisation.excluded_mentors().end());
}

void SetPlaces(const Places& places, const RegionLookup& region, NeedFacts* facts) {
  std::set<std::string> region_countries;
  for (const std::string& country : places.countries) {
    for (std::string& neighbour : region(country)) {
      if (places.countries.count(neighbour) == 0) region_countries.insert(std::move(neighbour));
    }
  }
  facts->countries.assign(places.countries.begin(), places.countries.end());
  facts->region_countries.assign(region_countries.begin(), region_countries.end());
  facts->development_contexts.assign(places.contexts.begin(), places.contexts.end());
  facts->excluded_mentors.assign(places.excluded_mentors.begin(), places.excluded_mentors.end());
}

}  // namespace

std::string NeedName(absl::string_view engagement_request, absl::string_view role_id) {
  return absl::StrCat(engagement_request, "/roles/", role_id);
}

absl::string_view RequestOfNeed(absl::string_view need) {
  return need.substr(0, need.find("/roles/"));
}

NeedFacts ToNeedFacts(const EngagementRequest& request, const RequestRole& role,
                      const OrganisationLookup& organisation, const RegionLookup& region) {
  NeedFacts facts;
  facts.id = NeedName(request.name(), role.role_id());
  facts.service_type = static_cast<engine::ServiceType>(request.service_type());
  facts.organisations.assign(request.organisations().begin(), request.organisations().end());
  SetRole(role, &facts);
  for (int modality : request.modalities()) {
    if (modality == common::v1::MODALITY_REMOTE) facts.modalities |= engine::kRemote;
    if (modality == common::v1::MODALITY_ON_SITE) facts.modalities |= engine::kOnSite;
  }
  SetTimes(request, &facts);
  Places places;
  places.excluded_mentors.insert(request.excluded_mentors().begin(),
                                 request.excluded_mentors().end());
  if (request.has_visit()) places.countries.insert(request.visit().country());
  for (int i = 0; i < request.organisations_size(); ++i) {
    const Organisation* known = organisation(request.organisations(i));
    if (known == nullptr) continue;
    if (i == 0) SetDefaults(*known, &facts);
    AddOrganisation(*known, &places);
  }
  SetPlaces(places, region, &facts);
  facts.interpreter_available = request.interpreter_available();
  facts.preferred_mentors.assign(request.preferred_mentors().begin(),
                                 request.preferred_mentors().end());
  return facts;
}

}  // namespace tandem::matching
