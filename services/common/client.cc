#include "services/common/client.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/channel_arguments.h"
#include "services/common/principal.h"
#include "services/common/status_conversion.h"

namespace tandem::common {

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  arguments.SetMaxSendMessageSize(-1);
  // Details are base64 in the trailers, beside the message.
  arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, static_cast<int>(2 * kMaxDetailsBytes));
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  // GRPC_ARG_MIN_RECONNECT_BACKOFF_MS stays at its 20 s: despite its name it is how long gRPC waits
  // for a connection to be made, and slow links and busy machines take a while.
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

void PrepareCall(absl::string_view actor, v1::Role role, absl::Duration timeout,
                 grpc::ClientContext* context) {
  AddPrincipal(actor, role, context);
  context->AddMetadata(kAcceptDetailsHeader, absl::StrCat(kMaxDetailsBytes));
  if (timeout > absl::ZeroDuration()) {
    context->set_deadline(absl::ToChronoTime(absl::Now() + timeout));
  }
}

}  // namespace tandem::common
