// The least that a call costs on a server.
#ifndef TOOLS_BENCHMARKS_EMPTY_CALL_H_
#define TOOLS_BENCHMARKS_EMPTY_CALL_H_

#include <memory>

#include "absl/status/statusor.h"
#include "grpcpp/channel.h"

namespace tandem::benchmarks {

// Seconds that an empty call takes: the standard health check with a message of no bytes.
absl::StatusOr<double> EmptySeconds(const std::shared_ptr<grpc::Channel>& channel);

}  // namespace tandem::benchmarks

#endif  // TOOLS_BENCHMARKS_EMPTY_CALL_H_
