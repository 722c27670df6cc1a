// Reads a RocksDB store as it was at one revision.
#ifndef STORAGE_ROCKSDB_SNAPSHOT_H_
#define STORAGE_ROCKSDB_SNAPSHOT_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "rocksdb/iterator.h"
#include "rocksdb/snapshot.h"
#include "storage/record_cache.h"
#include "storage/rocksdb/database.h"
#include "storage/store.h"

namespace tandem::storage {

// RocksDB's side of one revision. Snapshots of the same revision that are held at the same time
// share it, and with it an iterator, so that not every read has to make one.
//
// Thread-safe.
class SnapshotState {
 public:
  // `revision` must be readable, and stay so until this returns. From then on RocksDB's own
  // snapshot protects what is read here against trims. `database` and `cache` must outlive this.
  SnapshotState(const Database* database, RecordCache* cache, Revision revision)
      : database_(*database), cache_(*cache), revision_(revision), snapshot_(database->db()) {}

  const Database& database() const { return database_; }
  RecordCache& cache() const { return cache_; }
  Revision revision() const { return revision_; }
  const rocksdb::Snapshot* snapshot() const { return snapshot_.snapshot(); }

  // Runs `read` with an iterator over the versions of single keys (prefix_same_as_start).
  absl::Status WithKeyIterator(absl::FunctionRef<absl::Status(rocksdb::Iterator*)> read) const;

 private:
  const Database& database_;
  RecordCache& cache_;
  const Revision revision_;
  mutable rocksdb::ManagedSnapshot snapshot_;  // its accessor only lacks a const
  mutable absl::Mutex mutex_;
  // Made by the first read. Who finds it in use makes one of its own rather than wait.
  mutable std::unique_ptr<rocksdb::Iterator> iterator_ ABSL_GUARDED_BY(mutex_);
};

class RocksDbSnapshot : public Snapshot {
 public:
  explicit RocksDbSnapshot(std::shared_ptr<const SnapshotState> state) : state_(std::move(state)) {}

  Revision revision() const override { return state_->revision(); }
  absl::StatusOr<std::optional<Record>> Get(absl::string_view key) const override;
  absl::Status Scan(absl::string_view start, absl::string_view end,
                    absl::FunctionRef<bool(const Record&)> visit) const override;
  absl::StatusOr<std::vector<Version>> History(absl::string_view key, Revision newest,
                                               int limit) const override;

 private:
  const std::shared_ptr<const SnapshotState> state_;
};

// The revision that last wrote `key` in the newest state, 0 when it is absent.
absl::StatusOr<Revision> NewestRevisionOf(const Database& database, absl::string_view key);

}  // namespace tandem::storage

#endif  // STORAGE_ROCKSDB_SNAPSHOT_H_
