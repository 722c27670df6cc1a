// The store on an embedded RocksDB: the default of every service. FORMAT.md says what is on disk.
//
// Durability: every group of commits is one write batch, synced to disk before any of its commits
// is acknowledged. After an error of a write, a flush or a compaction the store refuses further
// writes until it is opened again; reads go on.
#ifndef STORAGE_ROCKSDB_ROCKSDB_STORE_H_
#define STORAGE_ROCKSDB_ROCKSDB_STORE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "storage/rocksdb/options.h"
#include "storage/store.h"

namespace tandem::storage {

// Opens the store in folder `path`, or creates it (with missing parents) where the folder is
// missing or empty. Errors, each naming the file and what to do:
//   UNAVAILABLE          in use by another process, or the disk fails
//   DATA_LOSS            damaged, incomplete, or shorter than what was acknowledged
//   FAILED_PRECONDITION  the folder holds something else, or a format this program does not know
//   RESOURCE_EXHAUSTED   the disk is full
//   PERMISSION_DENIED    the folder may not be read and written
absl::StatusOr<std::unique_ptr<Store>> OpenRocksDbStore(std::string path,
                                                        const RocksDbOptions& options = {});

}  // namespace tandem::storage

#endif  // STORAGE_ROCKSDB_ROCKSDB_STORE_H_
