// Ends a blocking wait from another thread: the follower of a change feed waits for the next commit
// while its client may hang up.
//
// Thread safety: all methods from any thread. Must outlive the waits it is passed to.
#ifndef STORAGE_CANCELLATION_H_
#define STORAGE_CANCELLATION_H_

#include <cstdint>
#include <functional>
#include <map>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace tandem::storage {

class Cancellation {
 public:
  Cancellation() = default;
  Cancellation(const Cancellation&) = delete;
  Cancellation& operator=(const Cancellation&) = delete;

  // Wakes every wait that was given this object, now and later. Once cancelled, always cancelled.
  void Cancel();
  bool cancelled() const;

  // Blocks until it is cancelled (true) or `deadline` passes (false).
  bool WaitUntil(absl::Time deadline) const;

  // For those who wait: `wake` runs in Cancel(), with no other lock of this object needed by it.
  // After RemoveWaker() returns it does not run any more.
  int64_t AddWaker(std::function<void()> wake);
  void RemoveWaker(int64_t id);

 private:
  mutable absl::Mutex mutex_;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  int64_t next_id_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<int64_t, std::function<void()>> wakers_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tandem::storage

#endif  // STORAGE_CANCELLATION_H_
