// Reads the change feed of a RocksDB store.
#ifndef STORAGE_ROCKSDB_FEED_H_
#define STORAGE_ROCKSDB_FEED_H_

#include "absl/status/statusor.h"
#include "storage/rocksdb/database.h"
#include "storage/store.h"

namespace tandem::storage {

// The commits of after < revision <= head, limited as in Store::ReadFeed(). DATA_LOSS when one of
// them is missing or damaged.
absl::StatusOr<FeedBatch> ReadFeedRecords(const Database& database, Revision after, Revision head,
                                          int max_commits, int64_t max_bytes);

}  // namespace tandem::storage

#endif  // STORAGE_ROCKSDB_FEED_H_
