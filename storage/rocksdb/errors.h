// RocksDB's errors in the words of those who run a store: which file, and what to do.
#ifndef STORAGE_ROCKSDB_ERRORS_H_
#define STORAGE_ROCKSDB_ERRORS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "rocksdb/status.h"

namespace tandem::storage {

// DATA_LOSS: the files in `path` are not what was written there; `what` names the file.
absl::Status DamagedError(absl::string_view path, absl::string_view what);

// UNAVAILABLE: another process (or another object of this one) uses the store in `path`.
absl::Status InUseError(absl::string_view path);

// `status` of opening or reading the store in `path`, which existed before: a missing file is
// damage too. OK stays OK.
absl::Status ReadError(absl::string_view path, const rocksdb::Status& status);

// `status` of a write to the store in `path`; what was to be written may or may not be there.
// RESOURCE_EXHAUSTED when the disk is full, DATA_LOSS when damaged, else UNKNOWN.
absl::Status WriteError(absl::string_view path, const rocksdb::Status& status);

// `status` of creating the store in `path`.
absl::Status CreateError(absl::string_view path, const rocksdb::Status& status);

}  // namespace tandem::storage

#endif  // STORAGE_ROCKSDB_ERRORS_H_
