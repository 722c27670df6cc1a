// A gRPC server that does nothing but answer: what gRPC itself costs for a payload.
#ifndef TOOLS_BENCHMARKS_BARE_SERVER_H_
#define TOOLS_BENCHMARKS_BARE_SERVER_H_

#include <cstdint>

namespace tandem::benchmarks {

// Serves every method on a free port of loopback until SIGTERM, each call with the same
// `answer_bytes` (0 or more) in the thread that gRPC calls; prints "listening on ADDRESS" first.
// Returns the exit code of the process.
int RunBareServer(int64_t answer_bytes);

}  // namespace tandem::benchmarks

#endif  // TOOLS_BENCHMARKS_BARE_SERVER_H_
