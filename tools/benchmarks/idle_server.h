// A server of Tandem's own kind that does nothing but answer: what a call costs before any service
// has done anything. Beside bare_server.h, it tells the cost of Tandem's way of serving (bounded
// threads, authentication, roles, limits, parsing) from that of the work.
#ifndef TOOLS_BENCHMARKS_IDLE_SERVER_H_
#define TOOLS_BENCHMARKS_IDLE_SERVER_H_

#include <cstdint>

namespace tandem::benchmarks {

// The method that it serves, of Payload to Payload.
inline constexpr char kIdleMethod[] = "tandem.benchmarks.v1.PayloadService/Exchange";

// Serves kIdleMethod by services/common/server.h with the limits that tandemd has here, on a free
// port of loopback until SIGTERM; each answer has about `answer_bytes` (0 or more). Prints
// "listening on ADDRESS" first. Returns the exit code of the process.
int RunIdleServer(int64_t answer_bytes);

}  // namespace tandem::benchmarks

#endif  // TOOLS_BENCHMARKS_IDLE_SERVER_H_
