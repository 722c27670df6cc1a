// What a service adds to the shared handling of its resources: its rules, ids of parts that the
// server sets, and how personal data is split off before anything is stored.
//
// Hooks are called from many threads at once and keep no state per call.
#ifndef SERVICES_COMMON_RESOURCE_HOOKS_H_
#define SERVICES_COMMON_RESOURCE_HOOKS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "services/common/call_context.h"
#include "services/common/change_set.h"
#include "services/common/errors.h"
#include "storage/store.h"

namespace tandem::common {

// For one message type T. `previous` is nullptr when the resource is being created; `next` has its
// final name and content, output-only fields included, save etag and revision.
template <typename T>
class ResourceHooks {
 public:
  virtual ~ResourceHooks() = default;

  // Sets in `next` what the server decides within the content, for example ids of contacts. Runs
  // before Validate and before the comparison with `previous`: the same input must give the same
  // result, so that an equal upsert changes nothing.
  virtual void Prepare(const CallContext& call, const T* previous, T* next) const {
    (void)call, (void)previous, (void)next;
  }

  // Adds every violated rule of `next`; paths are relative to the resource.
  virtual absl::Status Validate(const CallContext& call, const storage::Snapshot& snapshot,
                                const T* previous, const T& next,
                                FieldViolations* violations) const = 0;

  // Takes out of `record`, a copy of the next state, what must not be stored with it, and stages it
  // elsewhere in `changes` (for example encrypted under "identity/..."). Called only when the
  // content differs from `previous`, which is complete. The default keeps everything.
  virtual absl::Status Split(const T* previous, T* record, ChangeSet* changes) const {
    (void)previous, (void)record, (void)changes;
    return absl::OkStatus();
  }

  // Puts back what Split took out, as of `snapshot`. The default does nothing. A person who was
  // erased is no error: the parts stay empty.
  virtual absl::Status Complete(const storage::Snapshot& snapshot, T* resource) const {
    (void)snapshot, (void)resource;
    return absl::OkStatus();
  }

  // What stands for an external id in the index of external ids (for example a keyed digest).
  virtual std::string ExternalIdKey(absl::string_view external_id) const {
    return std::string(external_id);
  }
};

// The same for any message: what ResourceTable<T> hands to the part that is compiled once.
class MessageHooks {
 public:
  using Message = google::protobuf::Message;

  virtual ~MessageHooks() = default;
  virtual void Prepare(const CallContext& call, const Message* previous, Message* next) const = 0;
  virtual absl::Status Validate(const CallContext& call, const storage::Snapshot& snapshot,
                                const Message* previous, const Message& next,
                                FieldViolations* violations) const = 0;
  virtual absl::Status Split(const Message* previous, Message* record,
                             ChangeSet* changes) const = 0;
  virtual absl::Status Complete(const storage::Snapshot& snapshot, Message* resource) const = 0;
  virtual std::string ExternalIdKey(absl::string_view external_id) const = 0;
};

template <typename T>
class TypedMessageHooks : public MessageHooks {
 public:
  explicit TypedMessageHooks(std::unique_ptr<ResourceHooks<T>> hooks) : hooks_(std::move(hooks)) {}

  void Prepare(const CallContext& call, const Message* previous, Message* next) const override {
    hooks_->Prepare(call, static_cast<const T*>(previous), static_cast<T*>(next));
  }
  absl::Status Validate(const CallContext& call, const storage::Snapshot& snapshot,
                        const Message* previous, const Message& next,
                        FieldViolations* violations) const override {
    return hooks_->Validate(call, snapshot, static_cast<const T*>(previous),
                            static_cast<const T&>(next), violations);
  }
  absl::Status Split(const Message* previous, Message* record, ChangeSet* changes) const override {
    return hooks_->Split(static_cast<const T*>(previous), static_cast<T*>(record), changes);
  }
  absl::Status Complete(const storage::Snapshot& snapshot, Message* resource) const override {
    return hooks_->Complete(snapshot, static_cast<T*>(resource));
  }
  std::string ExternalIdKey(absl::string_view external_id) const override {
    return hooks_->ExternalIdKey(external_id);
  }

 private:
  const std::unique_ptr<ResourceHooks<T>> hooks_;
};

}  // namespace tandem::common

#endif  // SERVICES_COMMON_RESOURCE_HOOKS_H_
