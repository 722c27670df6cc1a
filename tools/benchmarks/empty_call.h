// The least that a call costs on a server.
#ifndef TOOLS_BENCHMARKS_EMPTY_CALL_H_
#define TOOLS_BENCHMARKS_EMPTY_CALL_H_

#include <memory>

#include "absl/status/statusor.h"
#include "grpcpp/channel.h"
#include "grpcpp/support/byte_buffer.h"

namespace tandem::benchmarks {

// The standard health check, which asks for no role.
inline constexpr char kEmptyMethod[] = "/grpc.health.v1.Health/Check";

// A message of no bytes, which is not the same as no message.
grpc::ByteBuffer EmptyMessage();

// Seconds that an empty call takes: the standard health check with a message of no bytes.
absl::StatusOr<double> EmptySeconds(const std::shared_ptr<grpc::Channel>& channel);

}  // namespace tandem::benchmarks

#endif  // TOOLS_BENCHMARKS_EMPTY_CALL_H_
