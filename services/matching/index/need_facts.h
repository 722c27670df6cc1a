// A role of a request as the engine reads it, with what its organisations add: countries, zone,
// hours, exclusions. The one place that knows all three.
#ifndef TANDEM_SERVICES_MATCHING_INDEX_NEED_FACTS_H_
#define TANDEM_SERVICES_MATCHING_INDEX_NEED_FACTS_H_

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/matching/engine/facts.h"
#include "tandem/needs/v1/engagement_request.pb.h"
#include "tandem/profiles/v1/organisation.pb.h"

namespace tandem::matching {

// Which countries stand in the same region as a country, itself included. An unknown country: none.
using RegionLookup = std::function<std::vector<std::string>(absl::string_view country)>;

// The organisation of that name, or nullptr while it is not known.
using OrganisationLookup = std::function<const profiles::v1::Organisation*(absl::string_view name)>;

// "engagementRequests/ID/roles/ROLE".
std::string NeedName(absl::string_view engagement_request, absl::string_view role_id);

// "engagementRequests/ID" of a need's name or of the request's own name.
absl::string_view RequestOfNeed(absl::string_view need);

// The need that `role` of `request` is. Refusals are not filled in: they are matching's own.
engine::NeedFacts ToNeedFacts(const needs::v1::EngagementRequest& request,
                              const needs::v1::RequestRole& role,
                              const OrganisationLookup& organisation, const RegionLookup& region);

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_INDEX_NEED_FACTS_H_
