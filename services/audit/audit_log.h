// The audit log in its store: entries in a dense sequence, and for each followed store how far its
// feed was taken in. Both are in the same commit, so after a kill nothing is missing and nothing
// stands twice.
//
// Changes of several feeds come in at once; one thread writes them. It commits right away when it
// is idle and gathers for kGatherTime otherwise, so that the log costs few disk writes when the
// stores are busy.
//
//   TANDEM_ASSIGN_OR_RETURN(auto log, AuditLog::Open(store, absl::Now));
//   log->Enqueue("profiles", step.changes(), step.revision());
//
// Thread-safe.
#ifndef SERVICES_AUDIT_AUDIT_LOG_H_
#define SERVICES_AUDIT_AUDIT_LOG_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "storage/store.h"
#include "tandem/audit/v1/audit_entry.pb.h"
#include "tandem/common/v1/change.pb.h"

namespace tandem::audit {

// At most this long a change waits for others while the log is busy.
inline constexpr absl::Duration kGatherTime = absl::Milliseconds(50);
// Enqueue blocks while so many changes wait.
inline constexpr int64_t kMaxWaitingChanges = 20'000;

// The key of an entry: entries sort by their sequence.
std::string EntryKey(int64_t sequence);
// All entries lie between these two keys.
std::string EntryKeysBegin();
std::string EntryKeysEnd();
// The sequence number of the last entry in `snapshot`; 0 when there is none. DATA_LOSS.
absl::StatusOr<int64_t> LastSequence(const storage::Snapshot& snapshot);

class AuditLog {
 public:
  // Reads where the log stands. DATA_LOSS when its records are not understood.
  static absl::StatusOr<std::unique_ptr<AuditLog>> Open(std::shared_ptr<storage::Store> store,
                                                        std::function<absl::Time()> now);
  // Writes what is waiting, then ends.
  ~AuditLog();
  AuditLog(const AuditLog&) = delete;
  AuditLog& operator=(const AuditLog&) = delete;

  // Takes in the changes of `store_name` up to `revision`; what the log has already is left out.
  // UNAVAILABLE once the log can no longer be written: restart the process.
  absl::Status Enqueue(absl::string_view store_name,
                       const google::protobuf::RepeatedPtrField<common::v1::Change>& changes,
                       int64_t revision);

  // The revision up to which every change of `store_name` is durable in the log; 0 at first.
  int64_t DurableRevision(absl::string_view store_name) const;
  // The sequence number of the last durable entry; 0 when there is none.
  int64_t last_sequence() const;
  // OK, or why nothing can be written any more.
  absl::Status Health() const;

  const storage::Store& store() const { return *store_; }

 private:
  // What one or more Enqueue calls left to be written.
  struct Waiting {
    std::vector<common::v1::Change> changes;
    std::map<std::string, int64_t> revisions;  // per store, after these changes
  };

  AuditLog(std::shared_ptr<storage::Store> store, std::function<absl::Time()> now);
  absl::Status ReadState();
  void Run();
  // Commits `waiting`: its entries, cursors and the new head.
  absl::Status Write(const Waiting& waiting);

  const std::shared_ptr<storage::Store> store_;
  const std::function<absl::Time()> now_;
  mutable absl::Mutex mutex_;
  Waiting waiting_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, int64_t> taken_ ABSL_GUARDED_BY(mutex_);    // enqueued up to, per store
  std::map<std::string, int64_t> durable_ ABSL_GUARDED_BY(mutex_);  // committed up to, per store
  int64_t last_sequence_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status health_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread writer_;
};

}  // namespace tandem::audit

#endif  // SERVICES_AUDIT_AUDIT_LOG_H_
