// A load of clients that each call again as soon as they have their answer.
#ifndef TOOLS_BENCHMARKS_CLOSED_LOOP_H_
#define TOOLS_BENCHMARKS_CLOSED_LOOP_H_

#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace tandem::benchmarks {

// Calls per second that are answered to `clients` threads (at least 1) within `duration`; each
// calls `call` with its own number, counted from 0. The error of the first call that fails ends it
// all.
absl::StatusOr<double> CallsPerSecond(int clients, absl::Duration duration,
                                      const std::function<absl::Status(int client)>& call);

}  // namespace tandem::benchmarks

#endif  // TOOLS_BENCHMARKS_CLOSED_LOOP_H_
