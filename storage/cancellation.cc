#include "storage/cancellation.h"

#include <utility>

namespace tandem::storage {

void Cancellation::Cancel() {
  absl::MutexLock lock(&mutex_);
  cancelled_ = true;
  for (const auto& [id, wake] : wakers_) wake();
}

bool Cancellation::cancelled() const {
  absl::MutexLock lock(&mutex_);
  return cancelled_;
}

bool Cancellation::WaitUntil(absl::Time deadline) const {
  absl::MutexLock lock(&mutex_);
  return mutex_.AwaitWithDeadline(absl::Condition(&cancelled_), deadline);
}

int64_t Cancellation::AddWaker(std::function<void()> wake) {
  absl::MutexLock lock(&mutex_);
  wakers_.emplace(next_id_, std::move(wake));
  return next_id_++;
}

void Cancellation::RemoveWaker(int64_t id) {
  absl::MutexLock lock(&mutex_);
  wakers_.erase(id);
}

}  // namespace tandem::storage
