// What RocksDB does on its own: the raw figures that Tandem's are compared with in the same run.
#ifndef TOOLS_BENCHMARKS_BARE_ROCKSDB_H_
#define TOOLS_BENCHMARKS_BARE_ROCKSDB_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace tandem::benchmarks {

// Synced single-key writes per second of `value_bytes` each by `threads` threads for `duration`,
// into a new database at `path`, which is removed afterwards.
absl::StatusOr<double> BareSyncedWritesPerSecond(const std::string& path, int threads,
                                                 int64_t value_bytes, absl::Duration duration);

struct BareScan {
  double seconds = 0;  // to open the database read-only and to read every key and value
  int64_t keys = 0;
  int64_t bytes = 0;
};

// Opens the database at `path` read-only and reads everything in every column family.
absl::StatusOr<BareScan> ScanDatabase(const std::string& path);

}  // namespace tandem::benchmarks

#endif  // TOOLS_BENCHMARKS_BARE_ROCKSDB_H_
