#include "services/common/caller_places.h"

#include <utility>

namespace tandem::common {

CallerPlaces::Place::Place(CallerPlaces* places, std::string caller)
    : places_(places), caller_(std::move(caller)) {}

CallerPlaces::Place::Place(Place&& other) noexcept
    : places_(std::exchange(other.places_, nullptr)), caller_(std::move(other.caller_)) {}

CallerPlaces::Place::~Place() {
  if (places_ != nullptr) places_->GiveBack(caller_);
}

CallerPlaces::CallerPlaces(int max_places) : max_places_(max_places) {}

std::optional<CallerPlaces::Place> CallerPlaces::Take(absl::string_view caller) {
  absl::MutexLock lock(&mutex_);
  int& taken = taken_.try_emplace(std::string(caller), 0).first->second;
  // One that has none is never refused, so no entry stays at 0.
  if (max_places_ > 0 && taken >= max_places_) return std::nullopt;
  ++taken;
  return Place(this, std::string(caller));
}

void CallerPlaces::GiveBack(const std::string& caller) {
  absl::MutexLock lock(&mutex_);
  const auto taken = taken_.find(caller);
  if (--taken->second == 0) taken_.erase(taken);
}

size_t CallerPlaces::remembered() const {
  absl::MutexLock lock(&mutex_);
  return taken_.size();
}

}  // namespace tandem::common
