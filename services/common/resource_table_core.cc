#include "services/common/resource_table_core.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/sha256.h"
#include "base/status_macros.h"
#include "services/common/field_masks.h"
#include "services/common/validation.h"

namespace tandem::common {
namespace {

WriteMode ModeOf(bool validate_only) {
  return validate_only ? WriteMode::kValidateOnly : WriteMode::kCommit;
}

// `violations` of a resource as the error of a request that holds it in `field`.
absl::Status ErrorOf(absl::string_view field, const FieldViolations& violations) {
  if (violations.empty()) return absl::OkStatus();
  FieldViolations all;
  all.AddAll(field, violations);
  return all.ToStatus();
}

}  // namespace

ResourceTableCore::ResourceTableCore(ResourceStore* resources, ResourceSpec spec,
                                     const Message& prototype, std::unique_ptr<MessageHooks> hooks)
    : resources_(resources),
      spec_(std::move(spec)),
      fields_(prototype, spec_),
      hooks_(std::move(hooks)),
      prefix_(absl::StrCat(spec_.collection, "/")) {}

absl::StatusOr<ResourceTableCore::MessagePtr> ResourceTableCore::Create(const CallContext& call,
                                                                        const Message& content,
                                                                        bool validate_only) {
  MessagePtr created;
  const auto attempt = [&](const storage::Snapshot& snapshot, ChangeSet* changes) -> absl::Status {
    created = fields_.Copy(content);
    fields_.ClearOutputOnly(created.get());
    FieldViolations violations;
    TANDEM_RETURN_IF_ERROR(PlaceNew(call, snapshot, created.get(), &violations, changes));
    TANDEM_RETURN_IF_ERROR(ErrorOf(spec_.field, violations));
    changes->answer() = {{fields_.Name(*created)}, 1, 0, 0};
    return absl::OkStatus();
  };
  TANDEM_ASSIGN_OR_RETURN(const WriteOutcome outcome,
                          resources_->Write(call, ModeOf(validate_only), attempt));
  // What was only validated has no name: it would have got another one each time.
  if (validate_only) fields_.SetName("", created.get());
  return Answer(outcome, !validate_only, std::move(created));
}

absl::StatusOr<ResourceTableCore::MessagePtr> ResourceTableCore::Update(
    const CallContext& call, const Message& content, const google::protobuf::FieldMask& mask,
    bool validate_only) {
  const std::string name = fields_.Name(content);
  FieldViolations of_request;
  of_request.AddAll(spec_.field, CheckName(name));
  CheckFieldMask(mask, content, fields_, &of_request);
  TANDEM_RETURN_IF_ERROR(of_request.ToStatus());
  MessagePtr next;
  bool changed = false;
  const auto attempt = [&](const storage::Snapshot& snapshot, ChangeSet* changes) -> absl::Status {
    TANDEM_ASSIGN_OR_RETURN(const MessagePtr previous, Read(snapshot, name));
    TANDEM_RETURN_IF_ERROR(CheckEtag(fields_.Etag(content), *previous));
    next = fields_.Copy(*previous);
    FieldViolations of_mask;
    ApplyFieldMask(mask, content, fields_, next.get(), &of_mask);
    TANDEM_RETURN_IF_ERROR(of_mask.ToStatus());
    FieldViolations violations;
    TANDEM_ASSIGN_OR_RETURN(changed,
                            PlaceNext(call, snapshot, *previous, next.get(), &violations, changes));
    TANDEM_RETURN_IF_ERROR(ErrorOf(spec_.field, violations));
    changes->answer() = {{name}, 0, changed ? 1 : 0, changed ? 0 : 1};
    return absl::OkStatus();
  };
  TANDEM_ASSIGN_OR_RETURN(const WriteOutcome outcome,
                          resources_->Write(call, ModeOf(validate_only), attempt));
  return Answer(outcome, changed && !validate_only, std::move(next));
}

absl::StatusOr<MessageUpsert> ResourceTableCore::Upsert(const CallContext& call,
                                                        const Message& content,
                                                        bool validate_only) {
  Upserted upserted;
  const auto attempt = [&](const storage::Snapshot& snapshot, ChangeSet* changes) -> absl::Status {
    FieldViolations violations;
    TANDEM_ASSIGN_OR_RETURN(upserted, PlaceUpsert(call, snapshot, content, &violations, changes));
    TANDEM_RETURN_IF_ERROR(ErrorOf(spec_.field, violations));
    changes->answer() = {{fields_.Name(*upserted.resource)},
                         upserted.created ? 1 : 0,
                         upserted.updated ? 1 : 0,
                         upserted.created || upserted.updated ? 0 : 1};
    return absl::OkStatus();
  };
  TANDEM_ASSIGN_OR_RETURN(const WriteOutcome outcome,
                          resources_->Write(call, ModeOf(validate_only), attempt));
  if (validate_only && upserted.created) fields_.SetName("", upserted.resource.get());
  const bool changed = !validate_only && (upserted.created || upserted.updated);
  MessageUpsert result;
  result.created = outcome.answer.created > 0;
  result.updated = outcome.answer.updated > 0;
  TANDEM_ASSIGN_OR_RETURN(result.resource, Answer(outcome, changed, std::move(upserted.resource)));
  return result;
}

absl::StatusOr<WriteOutcome> ResourceTableCore::BatchUpsert(
    const CallContext& call, const std::vector<const Message*>& contents, bool validate_only) {
  TANDEM_RETURN_IF_ERROR(CheckBatch(contents));
  const auto attempt = [&](const storage::Snapshot& snapshot, ChangeSet* changes) -> absl::Status {
    WriteAnswer answer;
    FieldViolations all;
    for (size_t i = 0; i < contents.size(); ++i) {
      FieldViolations violations;
      TANDEM_ASSIGN_OR_RETURN(const Upserted upserted,
                              PlaceUpsert(call, snapshot, *contents[i], &violations, changes));
      if (!violations.empty()) {
        all.AddAll(IndexPath(spec_.plural, static_cast<int>(i)), violations);
      }
      const bool nameless = validate_only && upserted.created;
      answer.names.push_back(nameless ? "" : fields_.Name(*upserted.resource));
      (upserted.created   ? answer.created
       : upserted.updated ? answer.updated
                          : answer.unchanged) += 1;
    }
    TANDEM_RETURN_IF_ERROR(all.ToStatus());
    changes->answer() = std::move(answer);
    return absl::OkStatus();
  };
  return resources_->Write(call, ModeOf(validate_only), attempt);
}

absl::StatusOr<ResourceTableCore::MessagePtr> ResourceTableCore::Deactivate(
    const CallContext& call, absl::string_view name, absl::string_view etag,
    absl::string_view reason_code) {
  FieldViolations violations;
  CheckReasonCode(reason_code, Presence::kOptional, "reason_code", &violations);
  TANDEM_RETURN_IF_ERROR(violations.ToStatus());
  return Modify(call, name, etag, v1::CHANGE_KIND_DEACTIVATED, reason_code, [&](Message* next) {
    fields_.SetState(spec_.inactive_state, next);
    return absl::OkStatus();
  });
}

absl::StatusOr<ResourceTableCore::MessagePtr> ResourceTableCore::Modify(
    const CallContext& call, absl::string_view name, absl::string_view etag, v1::ChangeKind kind,
    absl::string_view reason_code, Edit edit) {
  TANDEM_RETURN_IF_ERROR(CheckName(name).ToStatus());
  MessagePtr next;
  bool changed = false;
  const auto attempt = [&](const storage::Snapshot& snapshot, ChangeSet* changes) -> absl::Status {
    TANDEM_ASSIGN_OR_RETURN(const MessagePtr previous, Read(snapshot, name));
    TANDEM_RETURN_IF_ERROR(CheckEtag(etag, *previous));
    next = fields_.Copy(*previous);
    TANDEM_RETURN_IF_ERROR(edit(next.get()));
    TANDEM_ASSIGN_OR_RETURN(
        changed, StageUpdate(snapshot, *previous, kind, reason_code, next.get(), changes));
    changes->answer() = {{std::string(name)}, 0, changed ? 1 : 0, changed ? 0 : 1};
    return absl::OkStatus();
  };
  TANDEM_ASSIGN_OR_RETURN(const WriteOutcome outcome,
                          resources_->Write(call, WriteMode::kCommit, attempt));
  return Answer(outcome, changed && !call.validate_only(), std::move(next));
}

absl::Status ResourceTableCore::StageCreate(const CallContext& call,
                                            const storage::Snapshot& snapshot, Message* next,
                                            ChangeSet* changes) const {
  FieldViolations violations;
  TANDEM_RETURN_IF_ERROR(PlaceNew(call, snapshot, next, &violations, changes));
  return ErrorOf(spec_.field, violations);
}

absl::StatusOr<bool> ResourceTableCore::StageUpdate(const storage::Snapshot& snapshot,
                                                    const Message& previous, v1::ChangeKind kind,
                                                    absl::string_view reason_code, Message* next,
                                                    ChangeSet* changes) const {
  fields_.SetName(fields_.Name(previous), next);
  fields_.SetRevision(fields_.Revision(previous), next);
  if (CanonicalBytes(previous) == CanonicalBytes(*next)) return false;
  fields_.SetUpdateTime(resources_->Now(), next);
  TANDEM_RETURN_IF_ERROR(StagePut(snapshot, &previous, kind, reason_code, *next, changes));
  return true;
}

absl::StatusOr<ResourceTableCore::MessagePtr> ResourceTableCore::Answer(const WriteOutcome& outcome,
                                                                        bool changed,
                                                                        MessagePtr written) const {
  if (!outcome.repeated) {
    if (changed) fields_.SetRevision(outcome.revision, written.get());
    return written;
  }
  absl::StatusOr<MessagePtr> first = Get(outcome.answer.names.at(0), outcome.revision);
  if (first.status().code() != absl::StatusCode::kOutOfRange) return first;
  return MakeError(absl::StatusCode::kOutOfRange, "ANSWER_NOT_KEPT",
                   absl::StrCat("this call was carried out at revision ", outcome.revision,
                                ", whose state is no longer kept: read ", outcome.answer.names[0]),
                   {{"resource", outcome.answer.names[0]}});
}

absl::Status ResourceTableCore::CheckEtag(absl::string_view etag, const Message& current) const {
  const std::string current_etag = fields_.Etag(current);
  if (etag.empty() || etag == current_etag) return absl::OkStatus();
  return EtagMismatch(fields_.Name(current), current_etag);
}

absl::Status ResourceTableCore::PlaceNew(const CallContext& call, const storage::Snapshot& snapshot,
                                         Message* next, FieldViolations* violations,
                                         ChangeSet* changes) const {
  if (fields_.Name(*next).empty()) {
    fields_.SetName(absl::StrCat(prefix_, resources_->NewId()), next);
  }
  if (spec_.active_state != 0) fields_.SetState(spec_.active_state, next);
  fields_.SetRevision(0, next);
  const absl::Time now = resources_->Now();
  fields_.SetCreateTime(now, next);
  fields_.SetUpdateTime(now, next);
  hooks_->Prepare(call, nullptr, next);
  TANDEM_RETURN_IF_ERROR(hooks_->Validate(call, snapshot, nullptr, *next, violations));
  if (!violations->empty()) return absl::OkStatus();
  return StagePut(snapshot, nullptr, v1::CHANGE_KIND_CREATED, "", *next, changes);
}

absl::StatusOr<bool> ResourceTableCore::PlaceNext(const CallContext& call,
                                                  const storage::Snapshot& snapshot,
                                                  const Message& previous, Message* next,
                                                  FieldViolations* violations,
                                                  ChangeSet* changes) const {
  fields_.CopyOutputOnly(previous, next);
  hooks_->Prepare(call, &previous, next);
  TANDEM_RETURN_IF_ERROR(hooks_->Validate(call, snapshot, &previous, *next, violations));
  if (!violations->empty()) return false;
  return StageUpdate(snapshot, previous, v1::CHANGE_KIND_UPDATED, "", next, changes);
}

absl::StatusOr<ResourceTableCore::Upserted> ResourceTableCore::PlaceUpsert(
    const CallContext& call, const storage::Snapshot& snapshot, const Message& content,
    FieldViolations* violations, ChangeSet* changes) const {
  Upserted upserted;
  upserted.resource = fields_.Copy(content);
  if (!fields_.Name(content).empty()) {
    violations->Add("name", "must be empty: an upsert finds the resource by its external_id");
  }
  const std::string external_id = fields_.ExternalId(content);
  if (external_id.empty()) violations->Add("external_id", "is required");
  TANDEM_ASSIGN_OR_RETURN(const auto name, FindByExternalId(snapshot, external_id));
  if (!name.has_value()) {
    if (!fields_.Etag(content).empty()) return EtagMismatch("the resource", "");
    fields_.ClearOutputOnly(upserted.resource.get());
    upserted.created = true;
    TANDEM_RETURN_IF_ERROR(PlaceNew(call, snapshot, upserted.resource.get(), violations, changes));
    return upserted;
  }
  TANDEM_ASSIGN_OR_RETURN(const MessagePtr previous, Read(snapshot, *name));
  TANDEM_RETURN_IF_ERROR(CheckEtag(fields_.Etag(content), *previous));
  TANDEM_ASSIGN_OR_RETURN(
      upserted.updated,
      PlaceNext(call, snapshot, *previous, upserted.resource.get(), violations, changes));
  return upserted;
}

absl::Status ResourceTableCore::StagePut(const storage::Snapshot& snapshot, const Message* previous,
                                         v1::ChangeKind kind, absl::string_view reason_code,
                                         const Message& next, ChangeSet* changes) const {
  const std::string name = fields_.Name(next);
  TANDEM_RETURN_IF_ERROR(StageExternalId(snapshot, previous, next, changes));
  TANDEM_ASSIGN_OR_RETURN(const auto before, snapshot.Get(name));
  if (previous == nullptr && before.has_value()) {
    return AlreadyExists(name, absl::StrCat(name, " exists already"));
  }
  const MessagePtr record = fields_.Copy(next);
  TANDEM_RETURN_IF_ERROR(hooks_->Split(previous, record.get(), changes));
  fields_.SetName("", record.get());  // the key says it
  fields_.SetRevision(0, record.get());
  std::string bytes = CanonicalBytes(*record);
  changes->AddChange(name, kind, reason_code, before.has_value() ? base::Sha256(before->value) : "",
                     base::Sha256(bytes));
  changes->Expect(name, before.has_value() ? before->revision : 0);
  changes->Put(name, std::move(bytes));
  return absl::OkStatus();
}

absl::Status ResourceTableCore::StageExternalId(const storage::Snapshot& snapshot,
                                                const Message* previous, const Message& next,
                                                ChangeSet* changes) const {
  const std::string before = previous == nullptr ? "" : fields_.ExternalId(*previous);
  const std::string after = fields_.ExternalId(next);
  if (before == after) return absl::OkStatus();
  if (!before.empty()) changes->Delete(ExternalIdIndexKey(before));
  if (after.empty()) return absl::OkStatus();
  TANDEM_ASSIGN_OR_RETURN(const auto taken, FindByExternalId(snapshot, after));
  if (taken.has_value()) {
    return AlreadyExists(*taken, absl::StrCat(*taken,
                                              " has this external_id already; use the "
                                              "upsert method to change that one"));
  }
  changes->Expect(ExternalIdIndexKey(after), 0);
  changes->Put(ExternalIdIndexKey(after), fields_.Name(next));
  return absl::OkStatus();
}

absl::Status ResourceTableCore::CheckBatch(const std::vector<const Message*>& contents) const {
  FieldViolations violations;
  if (contents.empty() || contents.size() > kMaxBatch) {
    violations.Add(spec_.plural, absl::StrCat("must have 1 to ", kMaxBatch, " entries"));
  }
  std::set<std::string> seen;
  for (size_t i = 0; i < contents.size(); ++i) {
    const std::string id = fields_.ExternalId(*contents[i]);
    if (id.empty() || seen.insert(id).second) continue;
    violations.Add(absl::StrCat(IndexPath(spec_.plural, static_cast<int>(i)), ".external_id"),
                   "stands twice in this batch");
  }
  return violations.ToStatus();
}

}  // namespace tandem::common
