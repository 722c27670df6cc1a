// Connect's server streams: messages in envelopes, the last one with the error or the trailers as
// JSON. https://connectrpc.com/docs/protocol#streaming-rpcs
#ifndef SERVICES_GATEWAY_CONNECT_STREAM_H_
#define SERVICES_GATEWAY_CONNECT_STREAM_H_

#include <memory>

#include "google/protobuf/descriptor.h"
#include "services/gateway/call_protocol.h"
#include "services/gateway/message_codec.h"

namespace tandem::gateway {

std::unique_ptr<CallProtocol> MakeConnectStream(Codec codec,
                                                const google::protobuf::MethodDescriptor& method);

}  // namespace tandem::gateway

#endif  // SERVICES_GATEWAY_CONNECT_STREAM_H_
