// What a RocksDB store keeps and forgets: pins, trims, expired answers. All writes are durable when
// they return. Store::Pin() and Trim() say what it means; the caller keeps them apart.
#ifndef STORAGE_ROCKSDB_TRIM_H_
#define STORAGE_ROCKSDB_TRIM_H_

#include <set>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "storage/rocksdb/database.h"
#include "storage/store.h"

namespace tandem::storage {

absl::Status WritePin(Database* database, Revision revision, absl::string_view owner);
absl::Status DeletePin(Database* database, Revision revision, absl::string_view owner);
absl::StatusOr<std::vector<PinnedRevision>> ReadPins(const Database& database);
absl::StatusOr<bool> IsPinned(const Database& database, Revision revision);

// Records that revisions before `oldest` are gone, and drops the feed up to it.
absl::Status WriteOldest(Database* database, Revision oldest);

// Deletes the versions that no read at `oldest`, after it, or at a revision of `pinned` finds.
absl::Status DropVersions(Database* database, Revision oldest, const std::set<Revision>& pinned);

// Deletes the answers that expired at or before `now`; returns how many.
absl::StatusOr<int64_t> DeleteExpiredAnswers(Database* database, absl::Time now);

}  // namespace tandem::storage

#endif  // STORAGE_ROCKSDB_TRIM_H_
