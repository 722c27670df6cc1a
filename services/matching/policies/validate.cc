#include "services/matching/policies/validate.h"

#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "google/type/date.pb.h"

namespace tandem::matching {
namespace {

using ::tandem::common::FieldViolations;
using ::tandem::common::IndexPath;

constexpr int kMaxDisplayName = 200;
constexpr int kMaxRationale = 2000;
constexpr int kMaxListEntries = 10'000;
constexpr int kFullMicropoints = 1'000'000;

void CheckRange(absl::string_view path, int64_t value, int64_t low, int64_t high,
                FieldViolations* violations) {
  if (value >= low && value <= high) return;
  violations->Add(path, absl::StrCat(value, " is outside ", low, " to ", high));
}

void CheckLength(absl::string_view path, const std::string& text, size_t most,
                 FieldViolations* violations) {
  if (text.size() <= most) return;
  violations->Add(path,
                  absl::StrCat("has ", text.size(), " bytes; at most ", most, " are allowed"));
}

bool IsPolicyId(absl::string_view id) {
  if (id.empty() || id.size() > 63) return false;
  for (char c : id) {
    if (!absl::ascii_islower(c) && !absl::ascii_isdigit(c) && c != '-') return false;
  }
  return true;
}

bool IsCountryCode(absl::string_view code) {
  return code.size() == 2 && absl::ascii_isupper(code[0]) && absl::ascii_isupper(code[1]);
}

void CheckDate(absl::string_view path, const google::type::Date& date,
               FieldViolations* violations) {
  const absl::CivilDay day(date.year(), date.month(), date.day());
  const bool exists = date.year() >= 1900 && date.year() <= 2200 && day.year() == date.year() &&
                      day.month() == date.month() && day.day() == date.day();
  if (!exists) violations->Add(path, "is no day of the calendar between 1900 and 2200");
}

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
    CheckRange(absl::StrCat(path, ".weight"), weight.weight(), 0, 1000, violations);
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
  CheckRange("stale_after_days", service.stale_after_days(), 1, 3650, &violations);
  if (service.fresh_for_days() < 0 || service.fresh_for_days() > service.stale_after_days()) {
    violations.Add("fresh_for_days",
                   absl::StrCat(service.fresh_for_days(), " is outside 0 to stale_after_days"));
  }
  CheckRange("cooling_off_months", service.cooling_off_months(), 0, 240, &violations);
  CheckRange("min_weekly_overlap_minutes", service.min_weekly_overlap_minutes(), 0, 10080,
             &violations);
  CheckRange("interpreter_cost_micropoints", service.interpreter_cost_micropoints(), 0,
             kFullMicropoints, &violations);
  CheckRange("declined_for_months", service.declined_for_months(), 0, 240, &violations);
  CheckWeights(service, &violations);
  return violations;
}

void CheckScreeningList(const v1::ScreeningList& list, FieldViolations* violations) {
  CheckLength("screening_list.source", list.source(), kMaxDisplayName, violations);
  const bool restricts = list.restricted_countries_size() > 0 || list.restricted_mentors_size() > 0;
  if (restricts && list.source().empty()) {
    violations->Add("screening_list.source",
                    "is required where the list restricts somebody: say where it comes from");
  }
  if (list.has_list_date()) CheckDate("screening_list.list_date", list.list_date(), violations);
  CheckRange("screening_list.restricted_countries", list.restricted_countries_size(), 0,
             kMaxListEntries, violations);
  CheckRange("screening_list.restricted_mentors", list.restricted_mentors_size(), 0,
             kMaxListEntries, violations);
  for (int i = 0; i < list.restricted_countries_size(); ++i) {
    if (IsCountryCode(list.restricted_countries(i))) continue;
    violations->Add(IndexPath("screening_list.restricted_countries", i),
                    "is no ISO 3166-1 alpha-2 code such as \"ML\"");
  }
  for (int i = 0; i < list.restricted_mentors_size(); ++i) {
    if (absl::StartsWith(list.restricted_mentors(i), "mentors/")) continue;
    violations->Add(IndexPath("screening_list.restricted_mentors", i),
                    "is no resource name such as \"mentors/ID\"");
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

FieldViolations ValidatePolicy(const v1::Policy& policy) {
  FieldViolations violations;
  if (!IsPolicyId(policy.policy_id())) {
    violations.Add("policy_id", "is required: 1 to 63 characters of [a-z0-9-]");
  }
  CheckLength("display_name", policy.display_name(), kMaxDisplayName, &violations);
  CheckLength("rationale", policy.rationale(), kMaxRationale, &violations);
  CheckServicePolicies(policy, &violations);
  if (!v1::Objective_IsValid(policy.objective())) {
    violations.Add("objective", "is no objective: name one of tandem.matching.v1.Objective");
  }
  CheckRange("near_tie_micropoints", policy.near_tie_micropoints(), 0, kFullMicropoints,
             &violations);
  CheckScreeningList(policy.screening_list(), &violations);
  if (policy.has_effective_from()) {
    CheckDate("effective_from", policy.effective_from(), &violations);
  }
  return violations;
}

}  // namespace tandem::matching
