#include "services/common/channel_arguments.h"

#include "services/common/status_conversion.h"

namespace tandem::common {

grpc::ChannelArguments ServiceChannelArguments() {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  arguments.SetMaxSendMessageSize(-1);
  // Details are base64 in the trailers, beside the message.
  arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, static_cast<int>(2 * kMaxDetailsBytes));
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  // GRPC_ARG_MIN_RECONNECT_BACKOFF_MS stays at its 20 s: despite its name it is how long gRPC waits
  // for a connection to be made, and slow links and busy machines take a while.
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000);
  // Services stand on this machine or in its network: no web proxy in between.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return arguments;
}

}  // namespace tandem::common
