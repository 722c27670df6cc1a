#include "storage/commit_gate.h"

#include "absl/strings/str_cat.h"

namespace tandem::storage {

Revision CommitGate::head() const {
  absl::MutexLock lock(&mutex_);
  return head_;
}

void CommitGate::Publish(Revision head) {
  absl::MutexLock lock(&mutex_);
  head_ = head;
  changed_.SignalAll();
}

absl::Status CommitGate::Wait(Revision after, absl::Time deadline, Cancellation* cancellation) {
  if (cancellation == nullptr) return WaitUntil(after, deadline, nullptr);
  // The waker sets a flag under this gate's lock, so that no wait ever holds both locks.
  bool cancelled = false;
  const int64_t waker = cancellation->AddWaker([this, &cancelled] {
    absl::MutexLock lock(&mutex_);
    cancelled = true;
    changed_.SignalAll();
  });
  absl::Status status = cancellation->cancelled() ? absl::CancelledError("the wait was cancelled")
                                                  : WaitUntil(after, deadline, &cancelled);
  cancellation->RemoveWaker(waker);
  return status;
}

absl::Status CommitGate::WaitUntil(Revision after, absl::Time deadline, const bool* cancelled) {
  absl::MutexLock lock(&mutex_);
  while (head_ <= after) {
    if (closed_) return absl::CancelledError("the store is closed");
    if (cancelled != nullptr && *cancelled) return absl::CancelledError("the wait was cancelled");
    if (changed_.WaitWithDeadline(&mutex_, deadline) && head_ <= after) {
      return absl::DeadlineExceededError(absl::StrCat("no commit after revision ", after, " yet"));
    }
  }
  return absl::OkStatus();
}

void CommitGate::Close() {
  absl::MutexLock lock(&mutex_);
  closed_ = true;
  changed_.SignalAll();
}

}  // namespace tandem::storage
