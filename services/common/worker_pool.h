// A fixed number of threads with a bounded queue: what cannot be taken is refused at once, so that
// an overload is told instead of waited out. Thread-safe.
//
// Waking a thread costs about as much as a short job. So the thread that became idle last is woken
// first, whose stack and caches are still warm; a thread that has done its job takes the next one
// without sleeping; and only one thread is being woken at a time: it wakes the next one if jobs are
// left when it comes. (Go's scheduler does the same.)
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
  struct Worker {
    bool busy = false;    // with a job; guarded by mutex_
    bool idle = false;    // it stands in idle_; guarded by mutex_
    absl::CondVar awake;  // no longer idle, or stopping
    std::thread thread;
  };

  void Work(Worker* self);
  // Waits for a job and takes it; false when there will be none any more.
  bool NextJob(Worker* self, std::function<void()>* job);
  // Wakes an idle thread for the jobs in the queue, unless one is on its way to them.
  void WakeOne() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const size_t queue_capacity_;
  absl::Mutex mutex_;
  std::deque<std::function<void()>> queue_ ABSL_GUARDED_BY(mutex_);
  size_t free_ ABSL_GUARDED_BY(mutex_) = 0;            // threads without a job
  std::vector<Worker*> idle_ ABSL_GUARDED_BY(mutex_);  // who became so last is last
  bool waking_ ABSL_GUARDED_BY(mutex_) = false;        // a thread was woken and has not come yet
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<Worker> workers_;
};

}  // namespace tandem::common

#endif  // SERVICES_COMMON_WORKER_POOL_H_
