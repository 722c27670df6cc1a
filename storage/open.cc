#include "storage/open.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "storage/in_memory/in_memory_store.h"
#include "storage/rocksdb/rocksdb_store.h"

namespace tandem::storage {

absl::StatusOr<std::unique_ptr<Store>> Open(absl::string_view url) {
  if (url == "memory:") return NewInMemoryStore();
  absl::string_view path = url;
  if (absl::ConsumePrefix(&path, "rocksdb:") && !path.empty()) {
    return OpenRocksDbStore(std::string(path));
  }
  return absl::InvalidArgumentError(
      absl::StrCat("\"", url, "\" names no storage: use rocksdb:PATH or memory:"));
}

}  // namespace tandem::storage
