// Calling another of Tandem's services, in the role of a service. Thread-safe.
#ifndef SERVICES_COMMON_SERVICE_CALL_H_
#define SERVICES_COMMON_SERVICE_CALL_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "grpcpp/client_context.h"
#include "services/common/client.h"
#include "services/common/status_conversion.h"
#include "tandem/common/v1/access.pb.h"

namespace tandem::common {

// Calls `method` of `stub` as the service `actor`. Error: that of the call, details included.
template <typename Stub, typename Request, typename Response>
absl::StatusOr<Response> CallService(
    Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
    const Request& request, absl::string_view actor, absl::Duration timeout) {
  grpc::ClientContext context;
  PrepareCall(actor, v1::ROLE_SERVICE, timeout, &context);
  Response response;
  TANDEM_RETURN_IF_ERROR(FromGrpcStatus((stub.*method)(&context, request, &response)));
  return response;
}

}  // namespace tandem::common

#endif  // SERVICES_COMMON_SERVICE_CALL_H_
