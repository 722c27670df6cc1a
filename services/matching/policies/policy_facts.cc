#include "services/matching/policies/policy_facts.h"

#include "absl/strings/str_cat.h"
#include "services/common/errors.h"

namespace tandem::matching {
namespace {

engine::ServicePolicyFacts ToServiceFacts(const v1::ServicePolicy& service) {
  engine::ServicePolicyFacts facts;
  facts.service_type = static_cast<engine::ServiceType>(service.service_type());
  for (int rule : service.waived_rules()) {
    facts.waived_rules.Add(static_cast<engine::Rule>(rule));
  }
  facts.stale_after_days = service.stale_after_days();
  facts.fresh_for_days = service.fresh_for_days();
  facts.cooling_off_months = service.cooling_off_months();
  facts.min_weekly_overlap_minutes = service.min_weekly_overlap_minutes();
  facts.interpreter_allowed = service.interpreter_allowed();
  facts.interpreter_cost = service.interpreter_cost_micropoints();
  facts.declined_for_months = service.declined_for_months();
  for (const v1::CriterionWeight& weight : service.weights()) {
    const auto criterion = static_cast<engine::Criterion>(weight.criterion());
    facts.weights[engine::IndexOf(criterion)] = weight.weight();
  }
  return facts;
}

}  // namespace

engine::PolicyFacts ToPolicyFacts(const v1::Policy& policy) {
  engine::PolicyFacts facts;
  for (const v1::ServicePolicy& service : policy.service_policies()) {
    facts.services.push_back(ToServiceFacts(service));
  }
  facts.near_tie_margin = policy.near_tie_micropoints();
  const v1::ScreeningList& list = policy.screening_list();
  facts.restricted_countries.assign(list.restricted_countries().begin(),
                                    list.restricted_countries().end());
  facts.restricted_mentors.assign(list.restricted_mentors().begin(),
                                  list.restricted_mentors().end());
  return facts;
}

absl::Status CheckCovered(const v1::Policy& policy, const needs::v1::EngagementRequest& request) {
  for (const v1::ServicePolicy& service : policy.service_policies()) {
    if (service.service_type() == request.service_type()) return absl::OkStatus();
  }
  return common::FailedPrecondition(
      "SERVICE_TYPE_NOT_COVERED",
      absl::StrCat(policy.name(), " says nothing about ",
                   common::v1::ServiceType_Name(request.service_type()), ", which ", request.name(),
                   " asks for: publish a version that does"));
}

}  // namespace tandem::matching
