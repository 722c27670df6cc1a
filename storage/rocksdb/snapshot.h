// Reads a RocksDB store as it was at one revision.
#ifndef STORAGE_ROCKSDB_SNAPSHOT_H_
#define STORAGE_ROCKSDB_SNAPSHOT_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rocksdb/snapshot.h"
#include "storage/rocksdb/database.h"
#include "storage/store.h"

namespace tandem::storage {

class RocksDbSnapshot : public Snapshot {
 public:
  // `revision` must be readable, and stay so until this returns. From then on RocksDB's own
  // snapshot protects what is read here against trims. `database` must outlive this.
  RocksDbSnapshot(const Database* database, Revision revision)
      : database_(database), revision_(revision), state_(database->db()) {}

  Revision revision() const override { return revision_; }
  absl::StatusOr<std::optional<Record>> Get(absl::string_view key) const override;
  absl::Status Scan(absl::string_view start, absl::string_view end,
                    absl::FunctionRef<bool(const Record&)> visit) const override;
  absl::StatusOr<std::vector<Version>> History(absl::string_view key, Revision newest,
                                               int limit) const override;

 private:
  const Database* const database_;
  const Revision revision_;
  mutable rocksdb::ManagedSnapshot state_;  // its accessor only lacks a const
};

// The revision that last wrote `key` in the newest state, 0 when it is absent.
absl::StatusOr<Revision> NewestRevisionOf(const Database& database, absl::string_view key);

}  // namespace tandem::storage

#endif  // STORAGE_ROCKSDB_SNAPSHOT_H_
