// Browser access, and everybody else's who speaks HTTP and JSON: the Connect protocol (unary calls
// by POST and GET, server streams), gRPC-Web, /healthz and /readyz, for every method of a gRPC
// server, without code per method. README.md beside this file shows calls to copy.
//
//   GatewayBackend backend;
//   backend.channel = server->ChannelForOutsideCalls();
//   backend.services = registry.ServiceNames();
//   TANDEM_ASSIGN_OR_RETURN(auto gateway, Gateway::Start(options, backend));
//
// A call keeps its way: HTTP request -> known method -> protocol -> message decoded -> forwarded
// with the caller's identity as it came, and nothing else that speaks to Tandem's layers -> answer
// encoded. Roles, deadlines, limits and errors are the server's own.
//
// Work on messages of more than `inline_bytes` is done on threads of the gateway, so that neither
// sockets nor gRPC wait for it. Thread-safe.
#ifndef SERVICES_GATEWAY_GATEWAY_H_
#define SERVICES_GATEWAY_GATEWAY_H_

#include <functional>
#include <memory>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "grpcpp/channel.h"
#include "services/gateway/cors.h"
#include "services/gateway/http_server.h"

namespace tandem::gateway {

struct GatewayOptions {
  HttpServerOptions http;  // `refusal` is set by the gateway
  BrowserRules browsers;
  int codec_threads = 2;
  size_t inline_bytes = 16 << 10;
};

struct GatewayBackend {
  std::shared_ptr<grpc::Channel> channel;
  // Full names of the services to serve; others are unknown, even if their protos are linked in.
  std::set<std::string> services;
  // OK when everything beside the services' own health is ready, else what is missing. May be
  // empty.
  std::function<absl::Status()> ready;
};

class Gateway {
 public:
  // The errors of HttpServer::Start and CheckBrowserRules.
  static absl::StatusOr<std::unique_ptr<Gateway>> Start(GatewayOptions options,
                                                        GatewayBackend backend);
  // Stop()s, and waits for its calls, which are cancelled when their peers are cut off.
  virtual ~Gateway() = default;

  // Answers calls that come from now on with UNAVAILABLE; before the server that it forwards to is
  // shut down.
  virtual void RefuseCalls() = 0;
  // Where it listens, with the real port.
  virtual std::string address() const = 0;
};

}  // namespace tandem::gateway

#endif  // SERVICES_GATEWAY_GATEWAY_H_
