// Opens the store that a URL names: the one place that knows every backend.
#ifndef STORAGE_OPEN_H_
#define STORAGE_OPEN_H_

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "storage/store.h"

namespace tandem::storage {

// "memory:" is an empty store that lives as long as the object (tests, rehearsals);
// "rocksdb:PATH" is the store in folder PATH, created with its parents when missing.
// Errors: INVALID_ARGUMENT for another URL; for RocksDB those of rocksdb_store.h: UNAVAILABLE (in
// use by another process), DATA_LOSS (damaged), FAILED_PRECONDITION (not a store, or too new),
// PERMISSION_DENIED, RESOURCE_EXHAUSTED (disk full). Never an empty store in the place of a damaged
// one.
absl::StatusOr<std::unique_ptr<Store>> Open(absl::string_view url);

}  // namespace tandem::storage

#endif  // STORAGE_OPEN_H_
