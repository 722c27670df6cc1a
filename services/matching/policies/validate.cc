#include "services/matching/policies/validate.h"

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "services/common/validation.h"
#include "services/matching/policies/policy_id.h"
#include "services/matching/policies/validate_quotas.h"

namespace tandem::matching {
namespace {

using ::tandem::common::FieldViolations;
using ::tandem::common::IndexPath;
using ::tandem::common::Presence;

constexpr int kMaxDisplayName = 200;
constexpr int kMaxRationale = 2000;
constexpr int kMaxListEntries = 10'000;
constexpr int kMaxRank = 1000;
constexpr int kFullMicropoints = 1'000'000;

void CheckWaivedRules(const v1::ServicePolicy& service, FieldViolations* violations) {
  std::set<int> seen;
  for (int i = 0; i < service.waived_rules_size(); ++i) {
    const v1::Rule rule = service.waived_rules(i);
    const std::string path = IndexPath("waived_rules", i);
    if (!v1::Rule_IsValid(rule) || rule == v1::RULE_UNSPECIFIED) {
      violations->Add(path, "is no rule: name one of tandem.matching.v1.Rule");
    } else if (!seen.insert(rule).second) {
      violations->Add(path, absl::StrCat(v1::Rule_Name(rule), " is waived twice"));
    }
  }
}

void CheckWeights(const v1::ServicePolicy& service, FieldViolations* violations) {
  std::set<int> seen;
  int64_t sum = 0;
  for (int i = 0; i < service.weights_size(); ++i) {
    const v1::CriterionWeight& weight = service.weights(i);
    const std::string path = IndexPath("weights", i);
    if (!v1::Criterion_IsValid(weight.criterion()) ||
        weight.criterion() == v1::CRITERION_UNSPECIFIED) {
      violations->Add(absl::StrCat(path, ".criterion"),
                      "is no criterion: name one of tandem.matching.v1.Criterion");
    } else if (!seen.insert(weight.criterion()).second) {
      violations->Add(absl::StrCat(path, ".criterion"),
                      absl::StrCat(v1::Criterion_Name(weight.criterion()), " is weighed twice"));
    }
    common::CheckRange(weight.weight(), 0, 1000, absl::StrCat(path, ".weight"), violations);
    sum += weight.weight();
  }
  if (sum <= 0) violations->Add("weights", "at least one weight must be above 0");
}

FieldViolations CheckServicePolicy(const v1::ServicePolicy& service) {
  FieldViolations violations;
  if (!common::v1::ServiceType_IsValid(service.service_type()) ||
      service.service_type() == common::v1::SERVICE_TYPE_UNSPECIFIED) {
    violations.Add("service_type", "is required: name one of tandem.common.v1.ServiceType");
  }
  CheckWaivedRules(service, &violations);
  common::CheckRange(service.stale_after_days(), 1, 3650, "stale_after_days", &violations);
  if (service.fresh_for_days() < 0 || service.fresh_for_days() > service.stale_after_days()) {
    violations.Add("fresh_for_days",
                   absl::StrCat(service.fresh_for_days(), " is outside 0 to stale_after_days"));
  }
  common::CheckRange(service.cooling_off_months(), 0, 240, "cooling_off_months", &violations);
  common::CheckRange(service.min_weekly_overlap_minutes(), 0, 10080, "min_weekly_overlap_minutes",
                     &violations);
  common::CheckRange(service.interpreter_cost_micropoints(), 0, kFullMicropoints,
                     "interpreter_cost_micropoints", &violations);
  common::CheckRange(service.declined_for_months(), 0, 240, "declined_for_months", &violations);
  CheckWeights(service, &violations);
  return violations;
}

void CheckScreeningList(const v1::ScreeningList& list, const common::ReferenceData& reference,
                        FieldViolations* violations) {
  common::CheckDisplayName(list.source(), kMaxDisplayName, Presence::kOptional,
                           "screening_list.source", violations);
  const bool restricts = list.restricted_countries_size() > 0 || list.restricted_mentors_size() > 0;
  if (restricts && list.source().empty()) {
    violations->Add("screening_list.source",
                    "is required where the list restricts somebody: say where it comes from");
  }
  if (list.has_list_date()) {
    common::CheckDate(list.list_date(), "screening_list.list_date", violations);
  }
  common::CheckCount(list.restricted_countries_size(), kMaxListEntries,
                     "screening_list.restricted_countries", violations);
  common::CheckCount(list.restricted_mentors_size(), kMaxListEntries,
                     "screening_list.restricted_mentors", violations);
  for (int i = 0; i < list.restricted_countries_size(); ++i) {
    common::CheckCode(list.restricted_countries(i), reference.countries(), Presence::kRequired,
                      IndexPath("screening_list.restricted_countries", i), violations);
  }
  for (int i = 0; i < list.restricted_mentors_size(); ++i) {
    common::CheckResourceName(list.restricted_mentors(i), "mentors", Presence::kRequired,
                              IndexPath("screening_list.restricted_mentors", i), violations);
  }
}

void CheckServicePolicies(const v1::Policy& policy, FieldViolations* violations) {
  if (policy.service_policies().empty()) {
    violations->Add("service_policies", "at least one service type needs settings");
  }
  std::set<int> seen;
  for (int i = 0; i < policy.service_policies_size(); ++i) {
    const v1::ServicePolicy& service = policy.service_policies(i);
    const std::string path = IndexPath("service_policies", i);
    violations->AddAll(path, CheckServicePolicy(service));
    if (service.service_type() != common::v1::SERVICE_TYPE_UNSPECIFIED &&
        !seen.insert(service.service_type()).second) {
      violations->Add(absl::StrCat(path, ".service_type"),
                      "has settings already, further up in the list");
    }
  }
}

}  // namespace

FieldViolations ValidatePolicy(const v1::Policy& policy, const common::ReferenceData& reference) {
  FieldViolations violations;
  if (!IsPolicyId(policy.policy_id())) {
    violations.Add("policy_id", "is required: 1 to 63 characters of [a-z0-9-]");
  }
  common::CheckDisplayName(policy.display_name(), kMaxDisplayName, Presence::kOptional,
                           "display_name", &violations);
  common::CheckFreeText(policy.rationale(), kMaxRationale, "rationale", &violations);
  CheckServicePolicies(policy, &violations);
  if (!v1::Objective_IsValid(policy.objective())) {
    violations.Add("objective", "is no objective: name one of tandem.matching.v1.Objective");
  }
  common::CheckRange(policy.near_tie_micropoints(), 0, kFullMicropoints, "near_tie_micropoints",
                     &violations);
  CheckScreeningList(policy.screening_list(), reference, &violations);
  if (policy.has_effective_from()) {
    common::CheckDate(policy.effective_from(), "effective_from", &violations);
  }
  violations.AddAll("", ValidateQuotas(policy, reference));
  common::CheckRange(policy.approval_rules().reason_from_rank(), 0, kMaxRank,
                     "approval_rules.reason_from_rank", &violations);
  return violations;
}

}  // namespace tandem::matching
