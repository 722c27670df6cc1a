// gRPC-Web, binary and base64 text, unary calls and server streams: status and trailers are the
// last envelope of the body. https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md
#ifndef SERVICES_GATEWAY_GRPC_WEB_H_
#define SERVICES_GATEWAY_GRPC_WEB_H_

#include <memory>
#include <string>

#include "google/protobuf/descriptor.h"
#include "services/gateway/call_protocol.h"
#include "services/gateway/message_codec.h"

namespace tandem::gateway {

// With `text` the body is base64 both ways.
std::unique_ptr<CallProtocol> MakeGrpcWeb(Codec codec, bool text,
                                          const google::protobuf::MethodDescriptor& method);

}  // namespace tandem::gateway

#endif  // SERVICES_GATEWAY_GRPC_WEB_H_
