// Orders the commits of one store. Independent commits wait in a queue; one thread takes all that
// wait as a group, lets each pass or fail by its own expectations (also against earlier commits of
// the same group), numbers those that pass, and has the backend make the whole group durable in one
// write. While one group is being written the next gathers, so that the cost of a disk
// synchronisation is shared by as many commits as there are writers.
//
//   Invariants
//   1. A callback with OK runs only after the group's write was durable and its head published.
//   2. After a write failed nothing is written any more: its outcome is unknown, and a later
//   revision
//      could hide a gap. Only opening the store again tells the truth.
#ifndef STORAGE_SEQUENCER_H_
#define STORAGE_SEQUENCER_H_

#include <deque>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "storage/commit_gate.h"
#include "storage/revision_cache.h"
#include "storage/store.h"

namespace tandem::storage {

// A commit that passed, with its revision.
struct NumberedCommit {
  Revision revision = 0;
  Commit commit;
};

// What a sequencer needs of a backend. Called by the sequencer's thread only.
class Ledger {
 public:
  virtual ~Ledger() = default;

  // The revision that last wrote `key`; 0 when it is absent.
  virtual absl::StatusOr<Revision> RevisionOf(absl::string_view key) = 0;

  virtual absl::StatusOr<std::optional<KeptAnswer>> FindAnswer(absl::string_view request_id) = 0;

  // Makes all of `group` durable and readable, or fails with RESOURCE_EXHAUSTED or UNKNOWN.
  virtual absl::Status Write(const std::vector<NumberedCommit>& group) = 0;
};

// Thread safety: all public methods from any thread, save Stop() from a callback.
class Sequencer {
 public:
  // `ledger` and `gate` must outlive this; the gate's head is the revision to go on from.
  Sequencer(Ledger* ledger, CommitGate* gate);
  ~Sequencer();
  Sequencer(const Sequencer&) = delete;
  Sequencer& operator=(const Sequencer&) = delete;

  // As Store::ApplyAsync().
  void Submit(Commit commit, Store::Callback done);

  // Refuses commits from now on, queued ones too, with `failure`, unless there was one before.
  void Fail(absl::Status failure);

  // OK, or why commits are refused.
  absl::Status Health() const;

  // Finishes what is queued, then refuses commits with `reason`.
  void Stop(absl::Status reason);

 private:
  struct Waiting {
    Commit commit;
    Store::Callback done;
  };
  // The commits taken together, while they are judged.
  struct Group;

  void Run();
  std::vector<Waiting> TakeGroup();
  void GatherMore() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool EnoughWaiting() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  absl::Status Failure() const;
  void Process(std::vector<Waiting> waiting);
  void JudgeAll(std::vector<Waiting> waiting, Group* group);
  static void Answer(const absl::Status& written, Group* group);
  absl::Status Judge(const Commit& commit, Group* group);
  absl::StatusOr<Revision> RevisionIn(const Group& group, absl::string_view key);
  static void Accept(Commit commit, Group* group);
  absl::Status WriteAndPublish(const Group& group);

  Ledger* const ledger_;
  CommitGate* const gate_;
  RevisionCache cache_;        // used by the thread only
  absl::Duration last_write_;  // how long the last write took; used by the thread only
  int gather_divisor_;         // which part of it to wait for more; used by the thread only

  mutable absl::Mutex mutex_;
  std::deque<Waiting> queue_ ABSL_GUARDED_BY(mutex_);
  size_t wanted_ ABSL_GUARDED_BY(mutex_) = 1;  // commits that are worth a short wait
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);      // of a write or in the background
  absl::Status stop_reason_ ABSL_GUARDED_BY(mutex_);  // not OK once stopping_

  std::thread thread_;  // last: starts when everything else is there
};

}  // namespace tandem::storage

#endif  // STORAGE_SEQUENCER_H_
