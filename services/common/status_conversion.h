// The one place where an absl::Status becomes a grpc::Status and back, details included: payloads
// travel as google.rpc.Status in the trailer `grpc-status-details-bin`, as every gRPC client knows.
//
// gRPC clients take 8 KiB of trailers unless told otherwise, and lose the whole answer when there
// is more. So details are cut to a budget: first violations are dropped from the end and counted in
// a last one, then whole details. A client that can take more (client.h does) says so in the
// metadata `tandem-accept-details-bytes`.
//
// Thread-safe.
#ifndef SERVICES_COMMON_STATUS_CONVERSION_H_
#define SERVICES_COMMON_STATUS_CONVERSION_H_

#include <cstddef>

#include "absl/status/status.h"
#include "grpcpp/support/status.h"

namespace tandem::common {

inline constexpr char kAcceptDetailsHeader[] = "tandem-accept-details-bytes";
// What any client can take: 8 KiB of trailers, less base64 and the other trailers.
inline constexpr size_t kDefaultDetailsBytes = 4500;
inline constexpr size_t kMaxDetailsBytes = 1 << 20;

// Payloads whose key is not "type.googleapis.com/..." are internal and stay behind.
grpc::Status ToGrpcStatus(const absl::Status& status, size_t max_details_bytes);
inline grpc::Status ToGrpcStatus(const absl::Status& status) {
  return ToGrpcStatus(status, kDefaultDetailsBytes);
}

// The status that a client received, with its details as payloads again.
absl::Status FromGrpcStatus(const grpc::Status& status);

}  // namespace tandem::common

#endif  // SERVICES_COMMON_STATUS_CONVERSION_H_
