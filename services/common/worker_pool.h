// A fixed number of threads with a bounded queue: what cannot be taken is refused at once, so that
// an overload is told instead of waited out. Thread-safe.
#ifndef SERVICES_COMMON_WORKER_POOL_H_
#define SERVICES_COMMON_WORKER_POOL_H_

#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace tandem::common {

class WorkerPool {
 public:
  // Starts `threads` threads; at most `queue_capacity` jobs wait for one.
  WorkerPool(int threads, int queue_capacity);
  // Stop()s.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Runs `job` on one of the threads; false, and `job` will not run, when the queue is full or the
  // pool was stopped.
  bool TryRun(std::function<void()> job);

  // Runs what is queued, refuses more, and waits for the threads. Not from one of the threads.
  void Stop();

 private:
  void Work();
  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || !queue_.empty();
  }

  const size_t queue_capacity_;
  const size_t thread_count_;
  absl::Mutex mutex_;
  std::deque<std::function<void()>> queue_ ABSL_GUARDED_BY(mutex_);
  size_t busy_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace tandem::common

#endif  // SERVICES_COMMON_WORKER_POOL_H_
