#include "services/common/worker_pool.h"

#include <utility>

namespace tandem::common {

WorkerPool::WorkerPool(int threads, int queue_capacity)
    : queue_capacity_(static_cast<size_t>(queue_capacity)),
      thread_count_(static_cast<size_t>(threads)) {
  threads_.reserve(thread_count_);
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
}

WorkerPool::~WorkerPool() { Stop(); }

bool WorkerPool::TryRun(std::function<void()> job) {
  absl::MutexLock lock(&mutex_);
  // Free threads take the first jobs at once: those do not count as waiting.
  if (stopping_ || queue_.size() >= queue_capacity_ + thread_count_ - busy_) return false;
  queue_.push_back(std::move(job));
  return true;
}

void WorkerPool::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void WorkerPool::Work() {
  while (true) {
    std::function<void()> job;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &WorkerPool::HasWork));
      if (queue_.empty()) return;
      ++busy_;
      job = std::move(queue_.front());
      queue_.pop_front();
    }
    job();
    absl::MutexLock lock(&mutex_);
    --busy_;
  }
}

}  // namespace tandem::common
