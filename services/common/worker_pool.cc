#include "services/common/worker_pool.h"

#include <utility>

namespace tandem::common {

WorkerPool::WorkerPool(int threads, int queue_capacity)
    : queue_capacity_(static_cast<size_t>(queue_capacity)) {
  absl::MutexLock lock(&mutex_);
  workers_ = std::vector<Worker>(static_cast<size_t>(threads));
  free_ = workers_.size();
  for (Worker& worker : workers_) {
    worker.thread = std::thread([this, self = &worker] { Work(self); });
  }
}

WorkerPool::~WorkerPool() { Stop(); }

bool WorkerPool::TryRun(std::function<void()> job) {
  absl::MutexLock lock(&mutex_);
  // Free threads take the first jobs at once: those do not count as waiting.
  if (stopping_ || queue_.size() >= queue_capacity_ + free_) return false;
  queue_.push_back(std::move(job));
  WakeOne();
  return true;
}

void WorkerPool::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    for (Worker* worker : idle_) worker->awake.Signal();
  }
  for (Worker& worker : workers_) {
    if (worker.thread.joinable()) worker.thread.join();
  }
}

void WorkerPool::Work(Worker* self) {
  std::function<void()> job;
  while (NextJob(self, &job)) {
    job();
    job = nullptr;  // what it holds goes outside of the lock
  }
}

bool WorkerPool::NextJob(Worker* self, std::function<void()>* job) {
  absl::MutexLock lock(&mutex_);
  if (std::exchange(self->busy, false)) ++free_;
  while (queue_.empty()) {
    if (stopping_) return false;
    idle_.push_back(self);
    self->idle = true;
    while (self->idle && !stopping_) self->awake.Wait(&mutex_);
    if (!self->idle) waking_ = false;
  }
  *job = std::move(queue_.front());
  queue_.pop_front();
  self->busy = true;
  --free_;
  WakeOne();
  return true;
}

void WorkerPool::WakeOne() {
  if (waking_ || queue_.empty() || idle_.empty()) return;
  Worker* const worker = idle_.back();
  idle_.pop_back();
  worker->idle = false;
  waking_ = true;
  worker->awake.Signal();
}

}  // namespace tandem::common
