// Channels and contexts for calling Tandem's own services: message and error limits that fit them.
// Thread-safe.
#ifndef SERVICES_COMMON_CLIENT_H_
#define SERVICES_COMMON_CLIENT_H_

#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "tandem/common/v1/access.pb.h"

namespace tandem::common {

// A channel to `address` ("127.0.0.1:7400", "unix:/path") that takes answers of any size and long
// error details. It connects when first used, and again after a loss within a second.
std::shared_ptr<grpc::Channel> MakeChannel(const std::string& address);

// States who calls, and that long error details are welcome. A zero `timeout` sets no deadline.
void PrepareCall(absl::string_view actor, v1::Role role, absl::Duration timeout,
                 grpc::ClientContext* context);

}  // namespace tandem::common

#endif  // SERVICES_COMMON_CLIENT_H_
