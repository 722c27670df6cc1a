// A load of gRPC clients that each send their next call as soon as they have their answer, like
// CallsPerSecond(), but kept cheap, since it shares the processor with the server that is measured:
// two threads, each with a connection of its own, drive all clients.
#ifndef TOOLS_BENCHMARKS_GRPC_LOAD_H_
#define TOOLS_BENCHMARKS_GRPC_LOAD_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/support/byte_buffer.h"

namespace tandem::benchmarks {

struct GrpcLoad {
  std::string address;
  std::string method;  // "/package.Service/Method"
  int clients = 32;    // at least 1
  absl::Duration duration = absl::Seconds(5);
  // The request number `number`, from 0, of a client, counted from 0. Called by either thread, for
  // one client always by the same.
  std::function<grpc::ByteBuffer(int client, int64_t number)> request;
};

// Calls per second that all clients together get answered. The first error ends it all.
absl::StatusOr<double> GrpcCallsPerSecond(const GrpcLoad& load);

}  // namespace tandem::benchmarks

#endif  // TOOLS_BENCHMARKS_GRPC_LOAD_H_
