// The part of resource_table.h that does not depend on the message type: it works by reflection and
// is compiled once. Services use ResourceTable<T>; the contracts of the methods stand there.
#ifndef SERVICES_COMMON_RESOURCE_TABLE_CORE_H_
#define SERVICES_COMMON_RESOURCE_TABLE_CORE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/message.h"
#include "google/protobuf/repeated_field.h"
#include "services/common/access/object_scope.h"
#include "services/common/call_context.h"
#include "services/common/change_set.h"
#include "services/common/errors.h"
#include "services/common/filter.h"
#include "services/common/paging.h"
#include "services/common/resource_fields.h"
#include "services/common/resource_hooks.h"
#include "services/common/resource_spec.h"
#include "services/common/resource_store.h"
#include "storage/store.h"

namespace tandem::common {

using MessageList = std::vector<std::unique_ptr<google::protobuf::Message>>;

struct MessageUpsert {
  std::unique_ptr<google::protobuf::Message> resource;
  bool created = false;
  bool updated = false;
};

struct MessagePage {
  MessageList resources;
  std::string next_page_token;
  storage::Revision revision = 0;
};

struct MessageWatchStep {
  MessageList resources;
  storage::Revision revision = 0;
  bool snapshot_complete = false;
};

class ResourceTableCore {
 public:
  using Message = google::protobuf::Message;
  using MessagePtr = std::unique_ptr<Message>;
  using Edit = absl::FunctionRef<absl::Status(Message*)>;

  ResourceTableCore(ResourceStore* resources, ResourceSpec spec, const Message& prototype,
                    std::unique_ptr<MessageHooks> hooks);

  absl::StatusOr<MessagePtr> Create(const CallContext& call, const Message& content,
                                    bool validate_only);
  absl::StatusOr<MessagePtr> Get(absl::string_view name, storage::Revision revision) const;
  absl::StatusOr<MessagePage> BatchGet(const google::protobuf::RepeatedPtrField<std::string>& names,
                                       storage::Revision revision) const;
  absl::StatusOr<MessagePtr> Update(const CallContext& call, const Message& content,
                                    const google::protobuf::FieldMask& mask, bool validate_only);
  absl::StatusOr<MessageUpsert> Upsert(const CallContext& call, const Message& content,
                                       bool validate_only);
  absl::StatusOr<WriteOutcome> BatchUpsert(const CallContext& call,
                                           const std::vector<const Message*>& contents,
                                           bool validate_only);
  absl::StatusOr<MessagePtr> Deactivate(const CallContext& call, absl::string_view name,
                                        absl::string_view etag, absl::string_view reason_code);
  absl::StatusOr<MessagePtr> Modify(const CallContext& call, absl::string_view name,
                                    absl::string_view etag, v1::ChangeKind kind,
                                    absl::string_view reason_code, Edit edit);
  absl::StatusOr<MessagePage> List(const CallContext& call, const ListQuery& query) const;
  absl::StatusOr<MessagePage> ListRevisions(const CallContext& call, absl::string_view name,
                                            const ListQuery& query) const;
  absl::Status Watch(const CallContext& call, storage::Revision after,
                     absl::FunctionRef<bool(MessageWatchStep)> emit) const;

  absl::StatusOr<Owners> OwnersOf(absl::string_view name) const;
  absl::StatusOr<MessagePtr> Read(const storage::Snapshot& snapshot, absl::string_view name) const;
  absl::StatusOr<bool> Exists(const storage::Snapshot& snapshot, absl::string_view name) const;
  absl::Status StageCreate(const CallContext& call, const storage::Snapshot& snapshot,
                           Message* next, ChangeSet* changes) const;
  absl::StatusOr<bool> StageUpdate(const storage::Snapshot& snapshot, const Message& previous,
                                   v1::ChangeKind kind, absl::string_view reason_code,
                                   Message* next, ChangeSet* changes) const;

 private:
  static constexpr int kMaxBatch = 1000;  // entries

  struct Upserted {
    MessagePtr resource;
    bool created = false;
    bool updated = false;
  };
  // What the conditions of a filter on external_id come to.
  struct NameRule {
    std::optional<std::string> only;  // "" when no resource can match
    std::set<std::string> excluded;
  };

  // ---- Writes: resource_table_core.cc.
  // The resource to answer with: as written, or read again for a repeated call.
  absl::StatusOr<MessagePtr> Answer(const WriteOutcome& outcome, bool changed,
                                    MessagePtr written) const;
  absl::Status CheckEtag(absl::string_view etag, const Message& current) const;
  // Prepares, validates and stages; nothing is staged when there are violations.
  absl::Status PlaceNew(const CallContext& call, const storage::Snapshot& snapshot, Message* next,
                        FieldViolations* violations, ChangeSet* changes) const;
  absl::StatusOr<bool> PlaceNext(const CallContext& call, const storage::Snapshot& snapshot,
                                 const Message& previous, Message* next,
                                 FieldViolations* violations, ChangeSet* changes) const;
  absl::StatusOr<Upserted> PlaceUpsert(const CallContext& call, const storage::Snapshot& snapshot,
                                       const Message& content, FieldViolations* violations,
                                       ChangeSet* changes) const;
  absl::Status StagePut(const storage::Snapshot& snapshot, const Message* previous,
                        v1::ChangeKind kind, absl::string_view reason_code, const Message& next,
                        ChangeSet* changes) const;
  absl::Status StageExternalId(const storage::Snapshot& snapshot, const Message* previous,
                               const Message& next, ChangeSet* changes) const;
  absl::Status CheckBatch(const std::vector<const Message*>& contents) const;

  // ---- Reads: resource_table_read.cc.
  bool IsName(absl::string_view name) const;
  std::string NameForm() const;
  FieldViolations CheckName(absl::string_view name) const;
  // Of a batch.
  FieldViolations CheckNames(const google::protobuf::RepeatedPtrField<std::string>& names) const;
  // The stored part, without Complete().
  absl::StatusOr<MessagePtr> Decode(absl::string_view name, absl::string_view bytes,
                                    storage::Revision revision) const;
  std::string ExternalIdIndexKey(absl::string_view external_id) const;
  absl::StatusOr<std::optional<std::string>> FindByExternalId(const storage::Snapshot& snapshot,
                                                              absl::string_view external_id) const;
  absl::StatusOr<NameRule> NameRuleOf(const storage::Snapshot& snapshot, Filter* filter) const;
  // Completes the first of `resources`: as many as fit into a page, at least one. Returns how many.
  absl::StatusOr<size_t> CompletePage(const storage::Snapshot& snapshot,
                                      const MessageList& resources) const;
  absl::StatusOr<MessagePage> FindOne(const CallContext& call, const storage::Snapshot& snapshot,
                                      const NameRule& names, const Filter& filter) const;
  // The records of one page after the key `after`; `more` tells whether others follow.
  absl::StatusOr<MessageList> ScanPage(const CallContext& call, const storage::Snapshot& snapshot,
                                       const Filter& filter, const NameRule& names,
                                       const std::string& after, int page_size, bool* more) const;

  // ---- Following: resource_table_watch.cc.
  absl::StatusOr<storage::Revision> SendSnapshot(
      const CallContext& call, absl::FunctionRef<bool(MessageWatchStep)> emit) const;
  absl::Status SendChanged(const storage::FeedBatch& batch,
                           absl::FunctionRef<bool(MessageWatchStep)> emit) const;

  ResourceStore* const resources_;
  const ResourceSpec spec_;
  const ResourceFields fields_;
  const std::unique_ptr<MessageHooks> hooks_;
  const std::string prefix_;  // "collection/"
};

}  // namespace tandem::common

#endif  // SERVICES_COMMON_RESOURCE_TABLE_CORE_H_
