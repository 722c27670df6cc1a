// Measuring as if the disk acknowledged each sync later: the disk of a virtual machine often does
// so in far less than the 0.5 to 5 ms that others take, and then the processor bounds what they
// would.
#ifndef TOOLS_BENCHMARKS_SLOW_DISK_H_
#define TOOLS_BENCHMARKS_SLOW_DISK_H_

#include <cstdint>

#include "absl/status/status.h"

namespace tandem::benchmarks {

// Makes each sync of this process and of those that it starts take `delay_us` microseconds longer,
// by starting this program anew with the library of sync_delay.cc, which stands beside it. Returns
// OK in the program that was started so; an error if that cannot be.
absl::Status DelaySyncs(int64_t delay_us, char** argv);

}  // namespace tandem::benchmarks

#endif  // TOOLS_BENCHMARKS_SLOW_DISK_H_
