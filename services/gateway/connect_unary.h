// Connect's unary calls: the message is the body (POST) or in the query (GET), errors are JSON with
// an HTTP status. https://connectrpc.com/docs/protocol#unary-request-response-rpcs
#ifndef SERVICES_GATEWAY_CONNECT_UNARY_H_
#define SERVICES_GATEWAY_CONNECT_UNARY_H_

#include <memory>

#include "google/protobuf/descriptor.h"
#include "services/gateway/call_protocol.h"
#include "services/gateway/message_codec.h"
#include "services/gateway/request_target.h"

namespace tandem::gateway {

std::unique_ptr<CallProtocol> MakeConnectUnaryPost(
    Codec codec, const google::protobuf::MethodDescriptor& method);
std::unique_ptr<CallProtocol> MakeConnectUnaryGet(Codec codec, const RequestTarget& target,
                                                  const google::protobuf::MethodDescriptor& method);

// Of the headers that all Connect calls have. INVALID_ARGUMENT: another version than 1; a timeout
// that is no number of at most 10 digits.
absl::Status CheckConnectVersion(const HttpHeaders& headers);
absl::StatusOr<std::optional<absl::Duration>> ConnectTimeout(const HttpHeaders& headers);

}  // namespace tandem::gateway

#endif  // SERVICES_GATEWAY_CONNECT_UNARY_H_
