// What Tandem's store does without a service around it.
#ifndef TOOLS_BENCHMARKS_STORE_WRITES_H_
#define TOOLS_BENCHMARKS_STORE_WRITES_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace tandem::benchmarks {

// Durable commits per second by `threads` threads for `duration` into a new store at `path`, which
// is removed afterwards. A commit is what an update of a mentor writes: a value of `value_bytes`, a
// feed entry and a kept answer.
absl::StatusOr<double> StoreCommitsPerSecond(const std::string& path, int threads,
                                             int64_t value_bytes, absl::Duration duration);

}  // namespace tandem::benchmarks

#endif  // TOOLS_BENCHMARKS_STORE_WRITES_H_
