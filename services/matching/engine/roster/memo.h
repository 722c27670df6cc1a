// What decisions worked out about the roster's mentors, kept for the next ones. Each entry says of
// which state of the roster it is, so a decision is the same with and without a memo: whoever finds
// an entry takes from it only what still holds.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ROSTER_MEMO_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ROSTER_MEMO_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"

namespace tandem::engine {

// Values by key. Thread-safe.
template <typename Value>
class Memo {
 public:
  // Drops the entries that were not asked for longest when it would hold more than `max_bytes`.
  explicit Memo(size_t max_bytes) : max_bytes_(max_bytes) {}

  // nullptr if there is none.
  std::shared_ptr<const Value> Find(const std::string& key) {
    absl::MutexLock lock(&mutex_);
    const auto found = entries_.find(key);
    if (found == entries_.end()) return nullptr;
    found->second.last_use = ++uses_;
    return found->second.value;
  }

  // `bytes` are those that the value holds.
  void Keep(const std::string& key, std::shared_ptr<const Value> value, size_t bytes) {
    absl::MutexLock lock(&mutex_);
    Entry& entry = entries_[key];
    bytes_ -= entry.bytes;
    entry = {std::move(value), bytes + key.capacity(), ++uses_};
    bytes_ += entry.bytes;
    while (bytes_ > max_bytes_ && entries_.size() > 1) DropUnused();
  }

  size_t MemoryBytes() const {
    absl::MutexLock lock(&mutex_);
    return bytes_;
  }

 private:
  struct Entry {
    std::shared_ptr<const Value> value;
    size_t bytes = 0;
    uint64_t last_use = 0;
  };

  void DropUnused() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const auto oldest = std::min_element(
        entries_.begin(), entries_.end(),
        [](const auto& a, const auto& b) { return a.second.last_use < b.second.last_use; });
    bytes_ -= oldest->second.bytes;
    entries_.erase(oldest);
  }

  const size_t max_bytes_;
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<std::string, Entry> entries_ ABSL_GUARDED_BY(mutex_);
  uint64_t uses_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ROSTER_MEMO_H_
