#include "services/common/client.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "services/common/channel_arguments.h"
#include "services/common/principal.h"
#include "services/common/status_conversion.h"

namespace tandem::common {

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& address) {
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(),
                                   ServiceChannelArguments());
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
