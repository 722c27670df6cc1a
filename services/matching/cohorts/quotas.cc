#include "services/matching/cohorts/quotas.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/status_macros.h"
#include "services/common/errors.h"
#include "services/matching/policies/quota_side.h"
#include "tandem/common/v1/service_type.pb.h"

namespace tandem::matching {
namespace {

// What one need or mentor has of each attribute that quotas pick by.
using QuotaValues = std::map<v1::QuotaAttribute, std::vector<std::string>>;

QuotaValues ValuesOf(const engine::NeedFacts& need) {
  return {
      {v1::QUOTA_ATTRIBUTE_ORGANISATION, need.organisations},
      {v1::QUOTA_ATTRIBUTE_COUNTRY, need.countries},
      {v1::QUOTA_ATTRIBUTE_DEVELOPMENT_CONTEXT, need.development_contexts},
      {v1::QUOTA_ATTRIBUTE_SERVICE_TYPE,
       {common::v1::ServiceType_Name(static_cast<common::v1::ServiceType>(need.service_type))}},
  };
}

bool LastsOn(const engine::RelationEntry& relation, engine::Day day) {
  return (relation.first == engine::kNoDay || relation.first <= day) &&
         (relation.last == engine::kNoDay || relation.last >= day);
}

QuotaValues ValuesOf(const engine::MentorView& mentor, const engine::Dictionaries& dictionaries,
                     engine::Day day) {
  QuotaValues values;
  values[v1::QUOTA_ATTRIBUTE_RESIDENCE_COUNTRY] = {
      std::string(dictionaries.countries.TextOf(mentor.facts().residence))};
  for (const engine::RelationEntry& relation : mentor.relations()) {
    const std::string organisation(dictionaries.organisations.TextOf(relation.organisation));
    if (relation.kind == engine::RelationKind::kNomination) {
      values[v1::QUOTA_ATTRIBUTE_NOMINATED_BY].push_back(organisation);
    } else if (relation.kind == engine::RelationKind::kEmployment && LastsOn(relation, day)) {
      values[v1::QUOTA_ATTRIBUTE_EMPLOYER].push_back(organisation);
    }
  }
  return values;
}

// The quotas of a policy in the order of their ids.
class QuotaBook {
 public:
  explicit QuotaBook(const v1::Policy& policy)
      : quotas_(policy.quotas().begin(), policy.quotas().end()) {
    std::sort(quotas_.begin(), quotas_.end(),
              [](const auto& a, const auto& b) { return a.quota_id() < b.quota_id(); });
    for (const v1::Quota& quota : quotas_) {
      values_.emplace_back(quota.values().begin(), quota.values().end());
    }
    for (const v1::Quota& quota : quotas_) {
      engine::AssignmentQuota bound;
      bound.id = quota.quota_id();
      bound.side = SideOf(quota.attribute());
      bound.min = quota.min_matches();
      bound.max = quota.has_max_matches() ? quota.max_matches() : engine::kUnlimited;
      bound.parent = IndexOf(quota.parent());
      bounds_.push_back(std::move(bound));
    }
  }

  const std::vector<engine::AssignmentQuota>& bounds() const { return bounds_; }

  // The innermost quota of a member with these values; -1 for none.
  absl::StatusOr<int32_t> InnermostOf(absl::string_view member, const QuotaValues& values) const {
    int32_t innermost = -1;
    for (int32_t i = 0; i < static_cast<int32_t>(quotas_.size()); ++i) {
      if (!Picks(i, values) || LiesWithin(innermost, i)) continue;
      if (innermost >= 0 && !LiesWithin(i, innermost)) return Crossing(member, innermost, i);
      innermost = i;
    }
    return innermost;
  }

 private:
  int32_t IndexOf(absl::string_view quota_id) const {
    for (size_t i = 0; i < quotas_.size(); ++i) {
      if (quotas_[i].quota_id() == quota_id) return static_cast<int32_t>(i);
    }
    return -1;
  }

  bool Picks(int32_t quota, const QuotaValues& values) const {
    const auto found = values.find(quotas_[quota].attribute());
    if (found == values.end()) return false;
    return std::any_of(found->second.begin(), found->second.end(),
                       [&](const std::string& value) { return values_[quota].count(value) > 0; });
  }

  // Whether `quota` is `outer` or lies within it.
  bool LiesWithin(int32_t quota, int32_t outer) const {
    for (; quota >= 0; quota = bounds_[quota].parent) {
      if (quota == outer) return true;
    }
    return false;
  }

  absl::Status Crossing(absl::string_view member, int32_t a, int32_t b) const {
    return common::FailedPrecondition(
        "QUOTAS_CROSS",
        absl::StrCat(member, " stands in the quotas \"", bounds_[a].id, "\" and \"", bounds_[b].id,
                     "\", and neither lies within the other: write a version of the policy in "
                     "which one is the parent of the other, or which picks fewer values"),
        {{"member", std::string(member)},
         {"quotas", absl::StrCat(bounds_[a].id, ",", bounds_[b].id)}});
  }

  std::vector<v1::Quota> quotas_;
  std::vector<std::set<std::string>> values_;  // of each quota
  std::vector<engine::AssignmentQuota> bounds_;
};

// Under coverage the beneficiaries and the quotas must be nested sets, or the problem is no flow.
absl::Status CheckBeneficiariesWhole(const CohortInputs& inputs) {
  std::map<absl::string_view, const CohortNeed*> first;
  for (const CohortNeed& need : inputs.needs) {
    const CohortNeed* other = first.emplace(need.beneficiary, &need).first->second;
    if (other->quota == need.quota) continue;
    return common::FailedPrecondition(
        "QUOTAS_CROSS",
        absl::StrCat("the needs ", other->id, " and ", need.id, " of ", need.beneficiary,
                     " stand in different quotas: with OBJECTIVE_COVERAGE a quota holds all needs "
                     "of a standards body or none. Write a version of the policy that does, or "
                     "that has another objective"),
        {{"member", need.beneficiary}});
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status PutQuotas(const v1::Policy& policy, const std::vector<engine::NeedFacts>& needs,
                       const engine::RosterSnapshot& roster, engine::Day day,
                       CohortInputs* inputs) {
  if (policy.quotas().empty()) return absl::OkStatus();
  const QuotaBook book(policy);
  inputs->quotas = book.bounds();
  for (size_t i = 0; i < needs.size(); ++i) {
    TANDEM_ASSIGN_OR_RETURN(inputs->needs[i].quota,
                            book.InnermostOf(needs[i].id, ValuesOf(needs[i])));
  }
  if (inputs->objective == engine::Objective::kCoverage) {
    TANDEM_RETURN_IF_ERROR(CheckBeneficiariesWhole(*inputs));
  }
  for (CohortMentor& mentor : inputs->mentors) {
    const std::optional<int32_t> row = roster.RowOf(mentor.id);
    if (!row.has_value()) continue;
    TANDEM_ASSIGN_OR_RETURN(
        mentor.quota,
        book.InnermostOf(mentor.id, ValuesOf(roster.mentor(*row), roster.dictionaries(), day)));
  }
  return absl::OkStatus();
}

std::vector<std::string> OvercommittedQuotas(const CohortInputs& inputs) {
  const std::vector<int64_t> accepted = AcceptedOfQuotas(inputs);
  std::vector<std::string> overcommitted;
  for (size_t i = 0; i < inputs.quotas.size(); ++i) {
    const int64_t most = inputs.quotas[i].max;
    if (most != engine::kUnlimited && accepted[i] > most) {
      overcommitted.push_back(inputs.quotas[i].id);
    }
  }
  return overcommitted;
}

}  // namespace tandem::matching
