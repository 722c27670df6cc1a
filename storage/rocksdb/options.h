// How a store sets RocksDB up, and why (see the comments in options.cc).
#ifndef STORAGE_ROCKSDB_OPTIONS_H_
#define STORAGE_ROCKSDB_OPTIONS_H_

#include <memory>
#include <vector>

#include "rocksdb/db.h"
#include "rocksdb/file_system.h"
#include "rocksdb/options.h"

namespace tandem::storage {

struct RocksDbOptions {
  // For tests of faults; null is the operating system's.
  std::shared_ptr<rocksdb::FileSystem> file_system;
  // Only for the test that shows that the power-cut test notices a store that does not sync.
  bool unsafe_no_sync = false;
  // Bytes of new data kept in memory per column family before they become a table.
  size_t write_buffer_bytes = 32 * 1024 * 1024;
  // Bytes of table blocks cached in memory, of the whole store.
  size_t block_cache_bytes = 64 * 1024 * 1024;
  // Bytes of records cached in memory as they were read, of the whole store.
  size_t record_cache_bytes = 8 * 1024 * 1024;
};

// `env` carries the file system and must outlive the database.
rocksdb::DBOptions DatabaseOptions(rocksdb::Env* env);

// One per column family, in the order of format.h: meta, versions, feed, answers.
std::vector<rocksdb::ColumnFamilyDescriptor> ColumnFamilies(const RocksDbOptions& options);

}  // namespace tandem::storage

#endif  // STORAGE_ROCKSDB_OPTIONS_H_
