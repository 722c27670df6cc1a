#include "services/profiles/roster_watch.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <set>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "base/status_macros.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/unknown_field_set.h"
#include "services/common/errors.h"
#include "services/common/feed_reader.h"
#include "tandem/common/v1/change.pb.h"

namespace tandem::profiles {

namespace {

using google::protobuf::Message;
using google::protobuf::io::CodedOutputStream;
using Send = absl::FunctionRef<bool(const Message&)>;

constexpr int kNameField = 1;  // of every resource
constexpr int kResourcesField = 1;
constexpr int kRevisionField = 2;
constexpr int kSnapshotCompleteField = 3;
constexpr int kCommitsPerStep = 1000;
constexpr int64_t kBytesPerStep = 1 << 20;

// A step being filled. An encoded message may be extended by further fields, which is how name and
// revision join a stored record. The resources go into the unknown fields of the message, which are
// written to the wire byte by byte as the known field 1 would be: a reader cannot tell the
// difference, and nothing is parsed or encoded again.
class Step {
 public:
  explicit Step(const Message& prototype) : message_(prototype.New()) {}

  void Add(const storage::Record& record, int revision_field) {
    std::string* resource = message_->GetReflection()
                                ->MutableUnknownFields(message_.get())
                                ->AddLengthDelimited(kResourcesField);
    resource->reserve(record.value.size() + record.key.size() + 4 * kMaxVarintBytes);
    // The key is the name, and the record does not repeat it.
    AppendTag(kNameField, kLengthDelimited, resource);
    AppendVarint(record.key.size(), resource);
    resource->append(record.key);
    resource->append(record.value);
    AppendTag(revision_field, kVarint, resource);
    AppendVarint(static_cast<uint64_t>(record.revision), resource);
    ++size_;
  }

  void SetRevision(storage::Revision revision) {
    message_->GetReflection()->SetInt64(
        message_.get(), message_->GetDescriptor()->FindFieldByNumber(kRevisionField), revision);
  }

  void SetSnapshotComplete() {
    message_->GetReflection()->SetBool(
        message_.get(), message_->GetDescriptor()->FindFieldByNumber(kSnapshotCompleteField), true);
  }

  int size() const { return size_; }
  const Message& message() const { return *message_; }

  void Clear() {
    message_->Clear();
    size_ = 0;
  }

 private:
  static constexpr size_t kMaxVarintBytes = 10;
  // Wire types of protobuf's encoding.
  static constexpr uint64_t kVarint = 0;
  static constexpr uint64_t kLengthDelimited = 2;

  static void AppendTag(int field, uint64_t wire_type, std::string* out) {
    AppendVarint((static_cast<uint64_t>(field) << 3) | wire_type, out);
  }

  static void AppendVarint(uint64_t value, std::string* out) {
    uint8_t buffer[kMaxVarintBytes];
    const uint8_t* end = CodedOutputStream::WriteVarint64ToArray(value, buffer);
    out->append(reinterpret_cast<const char*>(buffer), static_cast<size_t>(end - buffer));
  }

  std::unique_ptr<Message> message_;
  int size_ = 0;
};

// Sends everything at the newest revision, which it returns; std::nullopt when the reader left.
absl::StatusOr<std::optional<storage::Revision>> SendSnapshot(const storage::Store& store,
                                                              const WatchedKind& kind,
                                                              const Message& prototype, Send send) {
  TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<storage::Snapshot> snapshot, store.Latest());
  Step step(prototype);
  bool reading = true;
  TANDEM_RETURN_IF_ERROR(snapshot->Scan(kind.prefix, storage::EndOfPrefix(kind.prefix),
                                        [&](const storage::Record& record) {
                                          step.Add(record, kind.revision_field);
                                          if (step.size() < kind.records_per_step) return true;
                                          reading = send(step.message());
                                          step.Clear();
                                          return reading;
                                        }));
  if (!reading) return std::optional<storage::Revision>();
  step.SetRevision(snapshot->revision());
  step.SetSnapshotComplete();
  if (!send(step.message())) return std::optional<storage::Revision>();
  return std::optional<storage::Revision>(snapshot->revision());
}

// The names of that kind which the commits changed, each once.
absl::StatusOr<std::set<std::string>> ChangedNames(const storage::FeedBatch& batch,
                                                   const WatchedKind& kind) {
  std::set<std::string> names;
  for (const storage::FeedRecord& commit : batch.commits) {
    for (const std::string& entry : commit.entries) {
      common::v1::ChangeBatch changes;
      if (!changes.ParseFromString(entry)) {
        return absl::DataLossError(
            "an entry of the change feed is damaged; restore the records from their backup");
      }
      for (const common::v1::Change& change : changes.changes()) {
        if (absl::StartsWith(change.resource(), kind.prefix)) names.insert(change.resource());
      }
    }
  }
  return names;
}

// The step that brings a follower up to the end of `batch`: the newest state of what it changed.
absl::Status FillStep(const storage::Store& store, const WatchedKind& kind,
                      const storage::FeedBatch& batch, Step* step) {
  TANDEM_ASSIGN_OR_RETURN(const std::set<std::string> names, ChangedNames(batch, kind));
  TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<storage::Snapshot> snapshot, store.Latest());
  for (const std::string& name : names) {
    TANDEM_ASSIGN_OR_RETURN(std::optional<storage::Record> record, snapshot->Get(name));
    if (record.has_value()) step->Add(*record, kind.revision_field);
  }
  step->SetRevision(batch.commits.back().revision);
  return absl::OkStatus();
}

absl::Status FollowChanges(const storage::Store& store, const WatchedKind& kind,
                           storage::Revision after, const common::CallContext& call,
                           const Message& prototype, Send send) {
  common::FeedReader feed(store, call, after, {kCommitsPerStep, kBytesPerStep});
  while (true) {
    TANDEM_ASSIGN_OR_RETURN(const storage::FeedBatch batch, feed.Next());
    Step step(prototype);
    TANDEM_RETURN_IF_ERROR(FillStep(store, kind, batch, &step));
    if (!send(step.message())) return absl::OkStatus();
  }
}

}  // namespace

absl::Status WatchRoster(const storage::Store& store, const WatchedKind& kind,
                         storage::Revision after, const common::CallContext& call,
                         const Message& prototype, Send send) {
  if (after < 0) {
    return common::InvalidField("after_revision", "must be 0 or a revision sent before");
  }
  if (after == 0) {
    TANDEM_ASSIGN_OR_RETURN(std::optional<storage::Revision> revision,
                            SendSnapshot(store, kind, prototype, send));
    if (!revision.has_value()) return absl::OkStatus();
    after = *revision;
  }
  return common::FromStorage(FollowChanges(store, kind, after, call, prototype, send));
}

}  // namespace tandem::profiles
