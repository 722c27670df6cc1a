#include "storage/testing/backend.h"

#include "base/temp_dir.h"
#include "storage/in_memory/in_memory_store.h"
#include "storage/rocksdb/rocksdb_store.h"

namespace tandem::storage {
namespace {

class InMemoryBackend : public Backend {
 public:
  absl::StatusOr<std::unique_ptr<Store>> Open() override { return NewInMemoryStore(); }
  bool durable() const override { return false; }
};

class RocksDbBackend : public Backend {
 public:
  absl::StatusOr<std::unique_ptr<Store>> Open() override {
    RocksDbOptions options;
    options.write_buffer_bytes = 64 * 1024;  // so that tables are written and merged too
    return OpenRocksDbStore(folder_.path() + "/store", options);
  }
  bool durable() const override { return true; }

 private:
  base::TempDir folder_;
};

}  // namespace

std::unique_ptr<Backend> NewInMemoryBackend() { return std::make_unique<InMemoryBackend>(); }
std::unique_ptr<Backend> NewRocksDbBackend() { return std::make_unique<RocksDbBackend>(); }

}  // namespace tandem::storage
