#include "tools/benchmarks/bare_rocksdb.h"

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "rocksdb/db.h"
#include "tools/benchmarks/figures.h"

namespace tandem::benchmarks {
namespace {

absl::Status Failed(const std::string& what, const rocksdb::Status& status) {
  return absl::InternalError(absl::StrCat(what, ": ", status.ToString()));
}

}  // namespace

absl::StatusOr<double> BareSyncedWritesPerSecond(const std::string& path, int threads,
                                                 int64_t value_bytes, absl::Duration duration) {
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* raw = nullptr;
  rocksdb::Status opened = rocksdb::DB::Open(options, path, &raw);
  if (!opened.ok()) return Failed(path, opened);
  auto database = std::unique_ptr<rocksdb::DB>(raw);
  const std::string value(static_cast<size_t>(value_bytes), 'v');
  std::atomic<int64_t> written = 0;
  std::atomic<bool> failed = false;
  const absl::Time start = absl::Now();
  std::vector<std::thread> writers;
  for (int t = 0; t < threads; ++t) {
    writers.emplace_back([&, t] {
      rocksdb::WriteOptions synced;
      synced.sync = true;
      for (int64_t i = 0; absl::Now() - start < duration; ++i) {
        if (!database->Put(synced, absl::StrFormat("mentors/%02d-%010d", t, i), value).ok()) {
          failed = true;
          return;
        }
        ++written;
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  const double rate = static_cast<double>(written) / SecondsSince(start);
  database.reset();
  rocksdb::DestroyDB(path, options);
  if (failed) return absl::InternalError("a bare write failed");
  return rate;
}

absl::StatusOr<BareScan> ScanDatabase(const std::string& path) {
  const absl::Time start = absl::Now();
  rocksdb::Options options;
  std::vector<std::string> names;
  rocksdb::Status listed = rocksdb::DB::ListColumnFamilies(options, path, &names);
  if (!listed.ok()) return Failed(path, listed);
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const std::string& name : names) families.emplace_back(name, options);
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* raw = nullptr;
  // As the store is opened: without it RocksDB would clear the list of logs in its manifest, and
  // ends the process where it may not write.
  options.track_and_verify_wals_in_manifest = true;
  rocksdb::Status opened = rocksdb::DB::OpenForReadOnly(options, path, families, &handles, &raw);
  if (!opened.ok()) return Failed(path, opened);
  auto database = std::unique_ptr<rocksdb::DB>(raw);
  auto close_handles = absl::MakeCleanup([&] {
    for (rocksdb::ColumnFamilyHandle* handle : handles) {
      database->DestroyColumnFamilyHandle(handle);
    }
  });
  BareScan scan;
  for (rocksdb::ColumnFamilyHandle* handle : handles) {
    auto it =
        std::unique_ptr<rocksdb::Iterator>(database->NewIterator(rocksdb::ReadOptions(), handle));
    for (it->SeekToFirst(); it->Valid(); it->Next()) {
      ++scan.keys;
      scan.bytes += static_cast<int64_t>(it->key().size() + it->value().size());
    }
    if (!it->status().ok()) return Failed(path, it->status());
  }
  scan.seconds = SecondsSince(start);
  return scan;
}

}  // namespace tandem::benchmarks
