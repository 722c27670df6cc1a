#include "services/needs/needs_tables.h"

#include <utility>

#include "services/needs/assessment_rules.h"
#include "services/needs/engagement_request_rules.h"
#include "services/needs/programme_rules.h"

namespace tandem::needs {
namespace {

common::ResourceSpec ProgrammeSpec() {
  common::ResourceSpec spec;
  spec.collection = "programmes";
  spec.field = "programme";
  spec.plural = "programmes";
  spec.active_state = v1::RECORD_STATE_ACTIVE;
  spec.inactive_state = v1::RECORD_STATE_INACTIVE;
  spec.filter_fields = {"state", "external_id"};
  return spec;
}

common::ResourceSpec AssessmentSpec() {
  common::ResourceSpec spec;
  spec.collection = "assessments";
  spec.field = "assessment";
  spec.plural = "assessments";
  spec.active_state = v1::RECORD_STATE_ACTIVE;
  spec.inactive_state = v1::RECORD_STATE_INACTIVE;
  spec.filter_fields = {"state", "external_id", "organisation", "programme"};
  spec.organisation_field = "organisation";
  return spec;
}

common::ResourceSpec EngagementRequestSpec() {
  common::ResourceSpec spec;
  spec.collection = "engagementRequests";
  spec.field = "engagement_request";
  spec.plural = "engagement_requests";
  spec.active_state = v1::ENGAGEMENT_REQUEST_STATE_OPEN;
  spec.inactive_state = v1::ENGAGEMENT_REQUEST_STATE_INACTIVE;
  spec.output_only = {"referral_code"};
  spec.filter_fields = {"state", "external_id", "programme", "service_type"};
  spec.organisation_field = "organisations";
  return spec;
}

}  // namespace

NeedsTables::NeedsTables(std::unique_ptr<common::ResourceStore> resources,
                         const std::shared_ptr<const common::ReferenceData>& reference,
                         const std::shared_ptr<HelpedOrganisations>& helped)
    : store(std::move(resources)),
      programmes(store.get(), ProgrammeSpec(), std::make_unique<ProgrammeHooks>()),
      assessments(store.get(), AssessmentSpec(),
                  std::make_unique<AssessmentHooks>(reference, &programmes, helped)),
      requests(
          store.get(), EngagementRequestSpec(),
          std::make_unique<EngagementRequestHooks>(reference, &programmes, &assessments, helped)) {}

}  // namespace tandem::needs
