// The newest versions of recently read records, so that reading them again does not search
// RocksDB's tables: people and services read a resource, change it, and follow what they changed.
//
//   Invariant: what is held for a key is the newest version that was ever made durable. So it is
//   also what a snapshot of any revision from that version's on shows.
//
// Commits replace what is held and add nothing: most records that are written are not read soon.
// Two generations, as in revision_cache.h, bounded by bytes.
//
// Thread-safe.
#ifndef STORAGE_RECORD_CACHE_H_
#define STORAGE_RECORD_CACHE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "storage/sequencer.h"
#include "storage/store.h"

namespace tandem::storage {

class RecordCache {
 public:
  // Holds at most about `max_bytes` of keys and values; `head` is the newest revision now.
  RecordCache(size_t max_bytes, Revision head)
      : generation_bytes_(max_bytes / 2), committed_(head) {}

  // The record of `key` as a snapshot of `revision` shows it; nullptr: not known.
  std::shared_ptr<const Record> Find(absl::string_view key, Revision revision);

  // A snapshot of `revision` showed `record`. It is not kept when commits came since: one of them
  // may have written the key.
  void Learn(Revision revision, const Record& record);

  // `group` was made durable. To be called before anybody can take a snapshot that shows it.
  void Committed(const std::vector<NumberedCommit>& group);

 private:
  using Generation = absl::flat_hash_map<std::string, std::shared_ptr<const Record>>;

  void Put(std::shared_ptr<const Record> record) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool Holds(absl::string_view key) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const size_t generation_bytes_;
  absl::Mutex mutex_;
  Revision committed_ ABSL_GUARDED_BY(mutex_);  // the last one that is durable
  Generation young_ ABSL_GUARDED_BY(mutex_);    // before what `old_` has of the same key
  Generation old_ ABSL_GUARDED_BY(mutex_);
  size_t young_bytes_ ABSL_GUARDED_BY(mutex_) = 0;  // that were put there
};

}  // namespace tandem::storage

#endif  // STORAGE_RECORD_CACHE_H_
