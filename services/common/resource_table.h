// The resources of one kind in a service's store, with the standard methods of Tandem's APIs:
// create, get, update, upsert, list, deactivate, history, follow. A service gives the message type,
// its ResourceSpec and its rules (ResourceHooks), and forwards its RPCs.
//
//   ResourceTable<Programme> programmes(resources, kProgrammeSpec, std::make_unique<Rules>());
//   absl::StatusOr<Programme> created =
//       programmes.Create(call, request.programme(), request.validate_only());
//
// Every write: the content is validated with every violated field named (INVALID_ARGUMENT, paths
// start with spec.field, in batches with "spec.plural[i]"); a call with a request_id that was
// answered before gets that answer; what is committed is told by the feed. An etag in the input,
// where given, must be the current one (ABORTED). Revisions in the future or no longer kept:
// OUT_OF_RANGE. See resource_store.h for the errors that every write has.
//
// Thread-safe.
#ifndef SERVICES_COMMON_RESOURCE_TABLE_H_
#define SERVICES_COMMON_RESOURCE_TABLE_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/repeated_field.h"
#include "services/common/access/object_scope.h"
#include "services/common/call_context.h"
#include "services/common/resource_hooks.h"
#include "services/common/resource_spec.h"
#include "services/common/resource_store.h"
#include "services/common/resource_table_core.h"

namespace tandem::common {

template <typename T>
struct UpsertResult {
  T resource;
  bool created = false;
  bool updated = false;
};

template <typename T>
struct Page {
  std::vector<T> resources;
  std::string next_page_token;     // empty on the last page
  storage::Revision revision = 0;  // that all pages show
};

template <typename T>
struct WatchStep {
  std::vector<T> resources;        // new states, without what Split took out
  storage::Revision revision = 0;  // complete up to here once applied; 0 within the snapshot
  bool snapshot_complete = false;  // this step completes the snapshot
};

template <typename T>
class ResourceTable {
 public:
  // `resources` must outlive the table.
  ResourceTable(ResourceStore* resources, ResourceSpec spec,
                std::unique_ptr<ResourceHooks<T>> hooks)
      : core_(resources, std::move(spec), T::default_instance(),
              std::make_unique<TypedMessageHooks<T>>(std::move(hooks))) {}

  // ALREADY_EXISTS when the external id is taken. Output-only fields of `content` are ignored.
  absl::StatusOr<T> Create(const CallContext& call, const T& content, bool validate_only);

  // `revision` 0: now. NOT_FOUND.
  absl::StatusOr<T> Get(absl::string_view name, storage::Revision revision) const;

  // 1 to 1000 resources in the order of `names`, none twice, as of one revision. NOT_FOUND for the
  // first that is missing; RESOURCE_EXHAUSTED, reason ANSWER_TOO_LARGE.
  absl::StatusOr<Page<T>> BatchGet(const google::protobuf::RepeatedPtrField<std::string>& names,
                                   storage::Revision revision) const;

  // Whose the resource is now. NOT_FOUND. For MethodRegistry::AddOwners.
  absl::StatusOr<Owners> OwnersOf(absl::string_view name) const { return core_.OwnersOf(name); }

  // Changes the fields in `mask`; "*" replaces all. NOT_FOUND.
  absl::StatusOr<T> Update(const CallContext& call, const T& content,
                           const google::protobuf::FieldMask& mask, bool validate_only);

  // Creates or replaces by external id. Equal content commits nothing.
  absl::StatusOr<UpsertResult<T>> Upsert(const CallContext& call, const T& content,
                                         bool validate_only);

  // 1 to 1000 upserts in one commit. The answer's names are in the order of `contents`, empty for
  // new ones with `validate_only`.
  absl::StatusOr<WriteOutcome> BatchUpsert(const CallContext& call,
                                           const google::protobuf::RepeatedPtrField<T>& contents,
                                           bool validate_only);

  // Sets the inactive state; nothing if it is set already. NOT_FOUND.
  absl::StatusOr<T> Deactivate(const CallContext& call, absl::string_view name,
                               absl::string_view etag, absl::string_view reason_code);

  // For a service's own methods: reads, lets `edit` change anything but the name, output-only
  // fields included, and commits when something changed. `edit` may run several times; its errors
  // end the call. The result is not validated. NOT_FOUND.
  absl::StatusOr<T> Modify(const CallContext& call, absl::string_view name, absl::string_view etag,
                           v1::ChangeKind kind, absl::string_view reason_code,
                           absl::FunctionRef<absl::Status(T*)> edit);

  // A page in the order of names, of what call.scope() admits. See filter.h for the grammar;
  // fields: spec.filter_fields.
  absl::StatusOr<Page<T>> List(const CallContext& call, const ListQuery& query) const;

  // The kept states, newest first. `query.filter` must be empty.
  absl::StatusOr<Page<T>> ListRevisions(const CallContext& call, absl::string_view name,
                                        const ListQuery& query) const;

  // Follows all resources: after 0 a snapshot of all and then what changes, else what changed after
  // `after`. Returns when `emit` returns false or the call ends. OUT_OF_RANGE when trimmed.
  absl::Status Watch(const CallContext& call, storage::Revision after,
                     absl::FunctionRef<bool(WatchStep<T>)> emit) const;

  // ---- For writes over several tables, inside ResourceStore::Write.

  // NOT_FOUND.
  absl::StatusOr<T> Read(const storage::Snapshot& snapshot, absl::string_view name) const;
  // Without what Split took out, for referential checks.
  absl::StatusOr<bool> Exists(const storage::Snapshot& snapshot, absl::string_view name) const;
  // Stages a new resource; `next` may bring its own name, else it gets a random one. Validated.
  absl::Status StageCreate(const CallContext& call, const storage::Snapshot& snapshot, T* next,
                           ChangeSet* changes) const;
  // Stages `next` in the place of `previous` (as read from `snapshot`); false, and nothing staged,
  // when they are equal. Not validated. Revision and etag of `next` are those of `previous` until
  // the commit: Get() it at WriteOutcome::revision to answer with it.
  absl::StatusOr<bool> StageUpdate(const storage::Snapshot& snapshot, const T& previous,
                                   v1::ChangeKind kind, absl::string_view reason_code, T* next,
                                   ChangeSet* changes) const;

 private:
  static T Take(std::unique_ptr<google::protobuf::Message> message) {
    return std::move(static_cast<T&>(*message));
  }
  static std::vector<T> TakeAll(MessageList messages);

  ResourceTableCore core_;
};

// ---- Only templates below.

template <typename T>
std::vector<T> ResourceTable<T>::TakeAll(MessageList messages) {
  std::vector<T> all;
  all.reserve(messages.size());
  for (auto& message : messages) all.push_back(Take(std::move(message)));
  return all;
}

template <typename T>
absl::StatusOr<T> ResourceTable<T>::Create(const CallContext& call, const T& content,
                                           bool validate_only) {
  auto created = core_.Create(call, content, validate_only);
  if (!created.ok()) return created.status();
  return Take(*std::move(created));
}

template <typename T>
absl::StatusOr<T> ResourceTable<T>::Get(absl::string_view name, storage::Revision revision) const {
  auto found = core_.Get(name, revision);
  if (!found.ok()) return found.status();
  return Take(*std::move(found));
}

template <typename T>
absl::StatusOr<Page<T>> ResourceTable<T>::BatchGet(
    const google::protobuf::RepeatedPtrField<std::string>& names,
    storage::Revision revision) const {
  auto page = core_.BatchGet(names, revision);
  if (!page.ok()) return page.status();
  return Page<T>{TakeAll(std::move(page->resources)), "", page->revision};
}

template <typename T>
absl::StatusOr<T> ResourceTable<T>::Update(const CallContext& call, const T& content,
                                           const google::protobuf::FieldMask& mask,
                                           bool validate_only) {
  auto updated = core_.Update(call, content, mask, validate_only);
  if (!updated.ok()) return updated.status();
  return Take(*std::move(updated));
}

template <typename T>
absl::StatusOr<UpsertResult<T>> ResourceTable<T>::Upsert(const CallContext& call, const T& content,
                                                         bool validate_only) {
  auto outcome = core_.Upsert(call, content, validate_only);
  if (!outcome.ok()) return outcome.status();
  return UpsertResult<T>{Take(std::move(outcome->resource)), outcome->created, outcome->updated};
}

template <typename T>
absl::StatusOr<WriteOutcome> ResourceTable<T>::BatchUpsert(
    const CallContext& call, const google::protobuf::RepeatedPtrField<T>& contents,
    bool validate_only) {
  std::vector<const google::protobuf::Message*> messages;
  messages.reserve(contents.size());
  for (const T& content : contents) messages.push_back(&content);
  return core_.BatchUpsert(call, messages, validate_only);
}

template <typename T>
absl::StatusOr<T> ResourceTable<T>::Deactivate(const CallContext& call, absl::string_view name,
                                               absl::string_view etag,
                                               absl::string_view reason_code) {
  auto changed = core_.Deactivate(call, name, etag, reason_code);
  if (!changed.ok()) return changed.status();
  return Take(*std::move(changed));
}

template <typename T>
absl::StatusOr<T> ResourceTable<T>::Modify(const CallContext& call, absl::string_view name,
                                           absl::string_view etag, v1::ChangeKind kind,
                                           absl::string_view reason_code,
                                           absl::FunctionRef<absl::Status(T*)> edit) {
  auto changed =
      core_.Modify(call, name, etag, kind, reason_code,
                   [&](google::protobuf::Message* next) { return edit(static_cast<T*>(next)); });
  if (!changed.ok()) return changed.status();
  return Take(*std::move(changed));
}

template <typename T>
absl::StatusOr<Page<T>> ResourceTable<T>::List(const CallContext& call,
                                               const ListQuery& query) const {
  auto page = core_.List(call, query);
  if (!page.ok()) return page.status();
  return Page<T>{TakeAll(std::move(page->resources)), std::move(page->next_page_token),
                 page->revision};
}

template <typename T>
absl::StatusOr<Page<T>> ResourceTable<T>::ListRevisions(const CallContext& call,
                                                        absl::string_view name,
                                                        const ListQuery& query) const {
  auto page = core_.ListRevisions(call, name, query);
  if (!page.ok()) return page.status();
  return Page<T>{TakeAll(std::move(page->resources)), std::move(page->next_page_token),
                 page->revision};
}

template <typename T>
absl::Status ResourceTable<T>::Watch(const CallContext& call, storage::Revision after,
                                     absl::FunctionRef<bool(WatchStep<T>)> emit) const {
  return core_.Watch(call, after, [&](MessageWatchStep step) {
    return emit(
        WatchStep<T>{TakeAll(std::move(step.resources)), step.revision, step.snapshot_complete});
  });
}

template <typename T>
absl::StatusOr<T> ResourceTable<T>::Read(const storage::Snapshot& snapshot,
                                         absl::string_view name) const {
  auto found = core_.Read(snapshot, name);
  if (!found.ok()) return found.status();
  return Take(*std::move(found));
}

template <typename T>
absl::StatusOr<bool> ResourceTable<T>::Exists(const storage::Snapshot& snapshot,
                                              absl::string_view name) const {
  return core_.Exists(snapshot, name);
}

template <typename T>
absl::Status ResourceTable<T>::StageCreate(const CallContext& call,
                                           const storage::Snapshot& snapshot, T* next,
                                           ChangeSet* changes) const {
  return core_.StageCreate(call, snapshot, next, changes);
}

template <typename T>
absl::StatusOr<bool> ResourceTable<T>::StageUpdate(const storage::Snapshot& snapshot,
                                                   const T& previous, v1::ChangeKind kind,
                                                   absl::string_view reason_code, T* next,
                                                   ChangeSet* changes) const {
  return core_.StageUpdate(snapshot, previous, kind, reason_code, next, changes);
}

}  // namespace tandem::common

#endif  // SERVICES_COMMON_RESOURCE_TABLE_H_
