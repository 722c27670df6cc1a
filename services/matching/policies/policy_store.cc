#include "services/matching/policies/policy_store.h"

#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "base/sha256.h"
#include "base/status_macros.h"
#include "services/common/errors.h"
#include "services/common/filter.h"
#include "services/common/paging.h"
#include "services/common/resource_fields.h"
#include "services/common/timestamps.h"
#include "services/matching/policies/validate.h"
#include "services/matching/records/keys.h"
#include "services/matching/records/record_io.h"

namespace tandem::matching {
namespace {

using ::tandem::common::CallContext;
using ::tandem::common::ChangeSet;

constexpr char kPolicyCollection[] = "policies/";

absl::CivilDay UtcDay(absl::Time time) { return absl::ToCivilDay(time, absl::UTCTimeZone()); }

absl::CivilDay EffectiveDay(const v1::Policy& policy) {
  if (!policy.has_effective_from()) return UtcDay(common::FromTimestamp(policy.publish_time()));
  const google::type::Date& date = policy.effective_from();
  return absl::CivilDay(date.year(), date.month(), date.day());
}

// A stored version as callers see it.
v1::Policy Render(Stored<v1::Policy> stored) {
  v1::Policy policy = std::move(stored.value);
  policy.set_revision(stored.revision);
  policy.set_etag(common::EtagOf(stored.revision));
  return policy;
}

absl::StatusOr<std::vector<v1::Policy>> ReadAll(const storage::Snapshot& snapshot,
                                                absl::string_view policy_id) {
  std::vector<v1::Policy> policies;
  TANDEM_RETURN_IF_ERROR(
      ScanRecords<v1::Policy>(snapshot, PolicyPrefix(policy_id), [&](Stored<v1::Policy> stored) {
        policies.push_back(Render(std::move(stored)));
        return true;
      }));
  return policies;
}

absl::StatusOr<Stored<v1::Policy>> ReadVersion(const storage::Snapshot& snapshot,
                                               absl::string_view name) {
  const std::optional<PolicyVersion> version = ParsePolicyName(name);
  if (!version.has_value()) return common::NotFound(name);
  TANDEM_ASSIGN_OR_RETURN(Stored<v1::Policy> stored,
                          ReadRecord<v1::Policy>(snapshot, PolicyKey(*version)));
  if (stored.revision == 0) return common::NotFound(name);
  return stored;
}

// What the server decides about a new version.
void Complete(const CallContext& call, int32_t version, absl::Time now, v1::Policy* policy) {
  policy->set_version(version);
  policy->set_name(PolicyName(policy->policy_id(), version));
  policy->set_state(v1::POLICY_STATE_DRAFT);
  policy->set_author(call.principal().actor);
  policy->clear_approver();
  *policy->mutable_create_time() = common::ToTimestamp(now);
  policy->clear_publish_time();
  policy->clear_etag();
  policy->clear_revision();
}

absl::Status NoneInForce(absl::string_view subject, absl::Time time) {
  return common::FailedPrecondition(
      "NO_POLICY_IN_FORCE",
      absl::StrCat(subject, " is in force on ", absl::FormatCivilTime(UtcDay(time)),
                   ": publish a version that is effective by then, or name a version"));
}

}  // namespace

absl::Status FourEyes(absl::string_view message) {
  return common::FailedPrecondition("FOUR_EYES", message);
}

absl::StatusOr<v1::Policy> PolicyStore::Create(const CallContext& call,
                                               const v1::CreatePolicyRequest& request) {
  common::FieldViolations violations;
  violations.AddAll("policy", ValidatePolicy(request.policy(), *reference_));
  TANDEM_RETURN_IF_ERROR(violations.ToStatus());
  v1::Policy next;
  const auto attempt = [&](const storage::Snapshot& snapshot, ChangeSet* changes) -> absl::Status {
    next = request.policy();
    TANDEM_ASSIGN_OR_RETURN(const std::vector<v1::Policy> versions,
                            ReadAll(snapshot, next.policy_id()));
    const int32_t version = versions.empty() ? 1 : versions.back().version() + 1;
    Complete(call, version, resources_->Now(), &next);
    PutRecord(PolicyKey({next.policy_id(), version}), 0, next, changes);
    changes->AddChange(next.name(), common::v1::CHANGE_KIND_CREATED, "", "",
                       base::Sha256(common::CanonicalBytes(next)));
    changes->answer().names = {next.name()};
    return absl::OkStatus();
  };
  if (request.validate_only()) {
    TANDEM_RETURN_IF_ERROR(
        resources_->Write(call, common::WriteMode::kValidateOnly, attempt).status());
    return next;
  }
  TANDEM_ASSIGN_OR_RETURN(common::WriteOutcome outcome,
                          resources_->Write(call, common::WriteMode::kCommit, attempt));
  return ReadBack(outcome);
}

absl::StatusOr<v1::Policy> PolicyStore::Publish(const CallContext& call,
                                                const v1::PublishPolicyRequest& request) {
  if (request.name().empty()) {
    return common::InvalidField("name", "is required: \"policies/POLICY/versions/N\"");
  }
  const auto attempt = [&](const storage::Snapshot& snapshot, ChangeSet* changes) -> absl::Status {
    TANDEM_ASSIGN_OR_RETURN(const Stored<v1::Policy> before, ReadVersion(snapshot, request.name()));
    if (!request.etag().empty() && request.etag() != common::EtagOf(before.revision)) {
      return common::EtagMismatch(request.name(), common::EtagOf(before.revision));
    }
    if (before.value.state() == v1::POLICY_STATE_PUBLISHED) {
      return common::FailedPrecondition(
          "POLICY_ALREADY_PUBLISHED",
          absl::StrCat(request.name(), " is published already: write a new version to change it"));
    }
    if (before.value.approval_rules().four_eyes() &&
        before.value.author() == call.principal().actor) {
      return FourEyes(absl::StrCat(call.principal().actor, " wrote ", request.name(),
                                   ": by its approval rules another person publishes it"));
    }
    v1::Policy next = before.value;
    next.set_state(v1::POLICY_STATE_PUBLISHED);
    next.set_approver(call.principal().actor);
    *next.mutable_publish_time() = common::ToTimestamp(resources_->Now());
    PutRecord(PolicyKey(*ParsePolicyName(request.name())), before.revision, next, changes);
    changes->AddChange(next.name(), common::v1::CHANGE_KIND_DECIDED,
                       next.approver() == next.author() ? kPublishedByAuthor : "",
                       base::Sha256(common::CanonicalBytes(before.value)),
                       base::Sha256(common::CanonicalBytes(next)));
    changes->answer().names = {next.name()};
    return absl::OkStatus();
  };
  TANDEM_ASSIGN_OR_RETURN(common::WriteOutcome outcome,
                          resources_->Write(call, common::WriteMode::kCommit, attempt));
  return ReadBack(outcome);
}

absl::StatusOr<v1::Policy> PolicyStore::ReadBack(const common::WriteOutcome& outcome) const {
  TANDEM_ASSIGN_OR_RETURN(auto snapshot, resources_->SnapshotAt(outcome.revision));
  TANDEM_ASSIGN_OR_RETURN(Stored<v1::Policy> stored,
                          ReadVersion(*snapshot, outcome.answer.names.front()));
  return Render(std::move(stored));
}

absl::StatusOr<v1::ListPoliciesResponse> PolicyStore::List(
    const CallContext& call, const v1::ListPoliciesRequest& request) const {
  TANDEM_ASSIGN_OR_RETURN(const int page_size, common::PageSizeOf(request.page_size()));
  TANDEM_ASSIGN_OR_RETURN(
      const common::Filter filter,
      common::Filter::Parse(request.filter(), *v1::Policy::descriptor(), {"policy_id", "state"}));
  common::PagePosition position;
  if (!request.page_token().empty()) {
    TANDEM_ASSIGN_OR_RETURN(
        position, resources_->page_tokens().Parse(call, request.filter(), request.page_token()));
  }
  TANDEM_ASSIGN_OR_RETURN(auto snapshot, resources_->SnapshotAt(position.revision));
  position.revision = snapshot->revision();
  TANDEM_ASSIGN_OR_RETURN(std::vector<v1::Policy> all, ReadAll(*snapshot, ""));
  v1::ListPoliciesResponse response;
  size_t bytes = 0;
  for (v1::Policy& policy : all) {
    const std::string key = PolicyKey({policy.policy_id(), policy.version()});
    if (key <= position.after || !filter.Matches(policy)) continue;
    bytes += policy.ByteSizeLong();
    if (response.policies_size() == page_size ||
        (response.policies_size() > 0 && bytes > static_cast<size_t>(common::kMaxPageBytes))) {
      const v1::Policy& last = *response.policies().rbegin();
      position.after = PolicyKey({last.policy_id(), last.version()});
      response.set_next_page_token(
          resources_->page_tokens().Make(call, request.filter(), position));
      break;
    }
    *response.add_policies() = std::move(policy);
  }
  return response;
}

absl::StatusOr<PolicyStore::Versions> PolicyStore::AllVersions(
    const storage::Snapshot& snapshot) const {
  {
    absl::MutexLock lock(&mutex_);
    if (kept_ != nullptr && kept_revision_ == snapshot.revision()) return kept_;
  }
  TANDEM_ASSIGN_OR_RETURN(std::vector<v1::Policy> read, ReadAll(snapshot, ""));
  auto versions = std::make_shared<const std::vector<v1::Policy>>(std::move(read));
  absl::MutexLock lock(&mutex_);
  // Decisions look at the newest revision, old ones are asked about now and then.
  if (kept_ == nullptr || snapshot.revision() > kept_revision_) {
    kept_ = versions;
    kept_revision_ = snapshot.revision();
  }
  return Versions(std::move(versions));
}

absl::StatusOr<v1::Policy> PolicyStore::Find(const storage::Snapshot& snapshot,
                                             absl::string_view name, absl::Time time) const {
  if (ParsePolicyName(name).has_value()) {
    TANDEM_ASSIGN_OR_RETURN(Stored<v1::Policy> stored, ReadVersion(snapshot, name));
    return Render(std::move(stored));
  }
  if (name.empty()) {
    TANDEM_ASSIGN_OR_RETURN(const Versions versions, AllVersions(snapshot));
    const v1::Policy* policy = InForce(*versions, time);
    if (policy != nullptr) return *policy;
    return NoneInForce("no policy", time);
  }
  if (!absl::StartsWith(name, kPolicyCollection)) return common::NotFound(name);
  const absl::string_view policy_id = name.substr(sizeof(kPolicyCollection) - 1);
  if (policy_id.empty() || absl::StrContains(policy_id, "/")) return common::NotFound(name);
  TANDEM_ASSIGN_OR_RETURN(const std::vector<v1::Policy> versions, ReadAll(snapshot, policy_id));
  if (versions.empty()) return common::NotFound(name);
  const v1::Policy* policy = InForce(versions, time);
  if (policy != nullptr) return *policy;
  return NoneInForce(name, time);
}

const v1::Policy* InForce(const std::vector<v1::Policy>& versions, absl::Time time) {
  const v1::Policy* best = nullptr;
  for (const v1::Policy& policy : versions) {
    if (policy.state() != v1::POLICY_STATE_PUBLISHED || EffectiveDay(policy) > UtcDay(time)) {
      continue;
    }
    const auto order = [](const v1::Policy& of) {
      return std::make_tuple(EffectiveDay(of), of.publish_time().seconds(),
                             of.publish_time().nanos(), of.version());
    };
    if (best == nullptr || order(policy) > order(*best)) best = &policy;
  }
  return best;
}

}  // namespace tandem::matching
