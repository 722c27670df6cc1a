#include "services/matching/policies/validate_quotas.h"

#include <map>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "services/common/validation.h"
#include "services/matching/policies/policy_id.h"
#include "services/matching/policies/quota_side.h"

namespace tandem::matching {
namespace {

using ::tandem::common::FieldViolations;
using ::tandem::common::IndexPath;
using ::tandem::common::Presence;

constexpr int kMaxQuotas = 100;
constexpr int kMaxValues = 1000;
constexpr int64_t kMaxMatches = 1'000'000;

using QuotasById = std::map<std::string, const v1::Quota*>;

void CheckServiceTypeName(const std::string& name, const std::string& path,
                          FieldViolations* violations) {
  common::v1::ServiceType type = common::v1::SERVICE_TYPE_UNSPECIFIED;
  if (common::v1::ServiceType_Parse(name, &type) && type != common::v1::SERVICE_TYPE_UNSPECIFIED) {
    return;
  }
  violations->Add(path, "is no service type, such as \"SERVICE_TYPE_WORKSHOP\"");
}

void CheckValue(v1::QuotaAttribute attribute, const std::string& value, const std::string& path,
                const common::ReferenceData& reference, FieldViolations* violations) {
  switch (attribute) {
    case v1::QUOTA_ATTRIBUTE_ORGANISATION:
    case v1::QUOTA_ATTRIBUTE_EMPLOYER:
    case v1::QUOTA_ATTRIBUTE_NOMINATED_BY:
      common::CheckResourceName(value, "organisations", Presence::kRequired, path, violations);
      break;
    case v1::QUOTA_ATTRIBUTE_COUNTRY:
    case v1::QUOTA_ATTRIBUTE_RESIDENCE_COUNTRY:
      common::CheckCode(value, reference.countries(), Presence::kRequired, path, violations);
      break;
    case v1::QUOTA_ATTRIBUTE_DEVELOPMENT_CONTEXT:
      common::CheckCode(value, reference.development_contexts(), Presence::kRequired, path,
                        violations);
      break;
    case v1::QUOTA_ATTRIBUTE_SERVICE_TYPE:
      CheckServiceTypeName(value, path, violations);
      break;
    default:
      break;  // the attribute itself is refused
  }
}

void CheckValues(const v1::Quota& quota, const common::ReferenceData& reference,
                 FieldViolations* violations) {
  if (quota.values().empty()) violations->Add("values", "is required: name at least one value");
  common::CheckCount(quota.values_size(), kMaxValues, "values", violations);
  std::set<std::string> seen;
  for (int i = 0; i < quota.values_size(); ++i) {
    const std::string path = IndexPath("values", i);
    CheckValue(quota.attribute(), quota.values(i), path, reference, violations);
    common::CheckUnique(quota.values(i), path, &seen, violations);
  }
}

void CheckBounds(const v1::Quota& quota, FieldViolations* violations) {
  common::CheckRange(quota.min_matches(), 0, kMaxMatches, "min_matches", violations);
  if (!quota.has_max_matches()) return;
  common::CheckRange(quota.max_matches(), 0, kMaxMatches, "max_matches", violations);
  if (quota.max_matches() < quota.min_matches()) {
    violations->Add("max_matches", "must not be below min_matches");
  }
}

// Whether `quota` lies within itself, by way of its parents.
bool IsInCycle(const v1::Quota& quota, const QuotasById& quotas) {
  std::set<std::string> seen;
  const v1::Quota* at = &quota;
  while (!at->parent().empty() && seen.insert(at->quota_id()).second) {
    const auto parent = quotas.find(at->parent());
    if (parent == quotas.end()) return false;
    at = parent->second;
    if (at->quota_id() == quota.quota_id()) return true;
  }
  return false;
}

void CheckParent(const v1::Quota& quota, const QuotasById& quotas, FieldViolations* violations) {
  if (quota.parent().empty()) return;
  const auto parent = quotas.find(quota.parent());
  if (parent == quotas.end()) {
    violations->Add("parent", "is no quota_id of this policy");
  } else if (SideOf(parent->second->attribute()) != SideOf(quota.attribute())) {
    violations->Add("parent",
                    "counts the other side: a quota of needs lies within one of needs, a quota of "
                    "mentors within one of mentors");
  } else if (IsInCycle(quota, quotas)) {
    violations->Add("parent", "makes the quota lie within itself");
  }
}

FieldViolations CheckQuota(const v1::Quota& quota, const QuotasById& quotas,
                           const common::ReferenceData& reference) {
  FieldViolations violations;
  if (!IsPolicyId(quota.quota_id())) {
    violations.Add("quota_id", "is required: 1 to 63 characters of [a-z0-9-]");
  }
  common::CheckEnum(quota.attribute(), v1::QuotaAttribute_IsValid, Presence::kRequired, "attribute",
                    &violations);
  CheckValues(quota, reference, &violations);
  CheckBounds(quota, &violations);
  CheckParent(quota, quotas, &violations);
  return violations;
}

}  // namespace

FieldViolations ValidateQuotas(const v1::Policy& policy, const common::ReferenceData& reference) {
  FieldViolations violations;
  if (policy.quotas().empty()) return violations;
  if (policy.objective() == v1::OBJECTIVE_STABLE) {
    violations.Add("quotas", "must be empty with OBJECTIVE_STABLE, which knows no quotas");
  }
  common::CheckCount(policy.quotas_size(), kMaxQuotas, "quotas", &violations);
  QuotasById quotas;
  for (const v1::Quota& quota : policy.quotas()) quotas.emplace(quota.quota_id(), &quota);
  std::set<std::string> seen;
  for (int i = 0; i < policy.quotas_size(); ++i) {
    const std::string path = IndexPath("quotas", i);
    violations.AddAll(path, CheckQuota(policy.quotas(i), quotas, reference));
    common::CheckUnique(policy.quotas(i).quota_id(), absl::StrCat(path, ".quota_id"), &seen,
                        &violations);
  }
  return violations;
}

}  // namespace tandem::matching
