// Where readers learn of new commits: holds the newest revision and wakes who waits for the next.
//
// Thread safety: all methods from any thread.
#ifndef STORAGE_COMMIT_GATE_H_
#define STORAGE_COMMIT_GATE_H_

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "storage/cancellation.h"
#include "storage/store.h"

namespace tandem::storage {

class CommitGate {
 public:
  explicit CommitGate(Revision head) : head_(head) {}

  Revision head() const;

  // `head` is readable from now on. It must be greater than the one before.
  void Publish(Revision head);

  // As Store::WaitForCommit().
  absl::Status Wait(Revision after, absl::Time deadline, Cancellation* cancellation);

  // Ends every wait, now and later, with CANCELLED.
  void Close();

 private:
  absl::Status WaitUntil(Revision after, absl::Time deadline, const bool* cancelled);

  mutable absl::Mutex mutex_;
  absl::CondVar changed_;
  Revision head_ ABSL_GUARDED_BY(mutex_);
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace tandem::storage

#endif  // STORAGE_COMMIT_GATE_H_
