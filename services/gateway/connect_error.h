// Errors as the Connect protocol writes them: a code word, an HTTP status, and JSON with details.
// https://connectrpc.com/docs/protocol#error-codes. Thread-safe.
#ifndef SERVICES_GATEWAY_CONNECT_ERROR_H_
#define SERVICES_GATEWAY_CONNECT_ERROR_H_

#include <string>

#include "absl/strings/string_view.h"
#include "grpcpp/support/status.h"
#include "services/gateway/http_message.h"

namespace tandem::gateway {

// "invalid_argument" and 400 for INVALID_ARGUMENT, and so on.
std::string ConnectCode(grpc::StatusCode code);
int HttpStatusOf(grpc::StatusCode code);

// {"code":"not_found","message":"...","details":[{"type":...,"value":...,"debug":{...}}]}
std::string ConnectErrorJson(const grpc::Status& status);

// The response of a unary call that failed; `http_status` 0 takes HttpStatusOf. With a RetryInfo it
// also has a Retry-After.
HttpResponse ConnectErrorResponse(const grpc::Status& status, int http_status = 0);

}  // namespace tandem::gateway

#endif  // SERVICES_GATEWAY_CONNECT_ERROR_H_
