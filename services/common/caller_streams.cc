#include "services/common/caller_streams.h"

#include <utility>

namespace tandem::common {

CallerStreams::Place::Place(CallerStreams* streams, std::string caller)
    : streams_(streams), caller_(std::move(caller)) {}

CallerStreams::Place::Place(Place&& other) noexcept
    : streams_(std::exchange(other.streams_, nullptr)), caller_(std::move(other.caller_)) {}

CallerStreams::Place::~Place() {
  if (streams_ != nullptr) streams_->GiveBack(caller_);
}

CallerStreams::CallerStreams(int max_streams) : max_streams_(max_streams) {}

std::optional<CallerStreams::Place> CallerStreams::Take(absl::string_view caller) {
  absl::MutexLock lock(&mutex_);
  int& open = open_.try_emplace(std::string(caller), 0).first->second;
  // One that has none is never refused, so no entry stays at 0.
  if (max_streams_ > 0 && open >= max_streams_) return std::nullopt;
  ++open;
  return Place(this, std::string(caller));
}

void CallerStreams::GiveBack(const std::string& caller) {
  absl::MutexLock lock(&mutex_);
  const auto open = open_.find(caller);
  if (--open->second == 0) open_.erase(open);
}

size_t CallerStreams::remembered() const {
  absl::MutexLock lock(&mutex_);
  return open_.size();
}

}  // namespace tandem::common
