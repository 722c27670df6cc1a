// A gRPC server for the methods of a MethodRegistry, from start to orderly end.
//
// Every call takes one way: known method -> parsed -> principal -> role -> deadline clamped ->
// bounded threads -> handler -> one mapping of errors -> answer. A failed call leaves one line on
// standard error with method, code and duration, never content.
//
// Limits: unary calls run on `worker_threads` and wait in a queue of `queue_capacity`; server
// streams have threads of their own, at most `max_streams`, so that followers cannot starve unary
// calls. Beyond that, and for a caller who sends more than `calls_per_second`: RESOURCE_EXHAUSTED
// with a RetryInfo. docs/limits.md lists every limit.
//
// Until credentials exist a server listens on loopback only: 127.0.0.0/8, [::1], localhost, unix:.
//
//   auto registry = std::make_unique<MethodRegistry>();
//   TANDEM_RETURN_IF_ERROR(RegisterNeedsService(*registry, ...));
//   TANDEM_ASSIGN_OR_RETURN(auto server, Server::Start({"127.0.0.1:0"}, std::move(registry)));
//   stub = NeedsService::NewStub(server->InProcessChannel());
//   server->Shutdown();  // also what the destructor does
//
// What handlers use must outlive the server. Thread-safe.
#ifndef SERVICES_COMMON_SERVER_H_
#define SERVICES_COMMON_SERVER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "services/common/authentication/authenticator.h"
#include "services/common/method_registry.h"

namespace tandem::common {

struct ServerOptions {
  std::string address = "127.0.0.1:0";  // port 0 picks a free one
  int worker_threads = 64;              // most of them wait for the disk at any time
  int queue_capacity = 1024;            // unary calls waiting for a thread
  int max_streams = 64;                 // server streams at once
  absl::Duration default_deadline = absl::Seconds(60);     // of a unary call without one
  absl::Duration max_deadline = absl::Seconds(60);         // of any unary call
  absl::Duration drain_time = absl::Seconds(10);           // for running calls at Shutdown
  int max_message_bytes = 16 << 20;                        // of a request
  int max_metadata_bytes = 16 << 10;                       // headers of a call
  int max_calls_per_connection = 1000;                     // at once
  absl::Duration max_connection_idle = absl::Minutes(30);  // a connection without calls is closed
  int calls_per_second = 0;                                // of one caller; 0: no limit
  int burst_calls = 1;                                     // of one caller at once, after a silence
  bool log_failed_calls = true;
  bool reflection = false;  // served: see reflection.h
  // Asked in this order who calls, before DevelopmentAuthenticator, which is always the last.
  std::vector<std::shared_ptr<const Authenticator>> authenticators = {};
};

class Server {
 public:
  // Errors: INVALID_ARGUMENT the address is not understood or not loopback; ALREADY_EXISTS the port
  // or socket is taken (says by which means to find out by whom); FAILED_PRECONDITION from
  // MethodRegistry::Check().
  static absl::StatusOr<std::unique_ptr<Server>> Start(ServerOptions options,
                                                       std::unique_ptr<MethodRegistry> registry);
  virtual ~Server() = default;

  // Where it listens, with the real port: "127.0.0.1:41234".
  virtual std::string address() const = 0;
  // A channel to this server that does not leave the process.
  virtual std::shared_ptr<grpc::Channel> InProcessChannel() = 0;
  // What the health service answers for `service`; Start sets all, and "", to serving.
  virtual void SetServing(absl::string_view service, bool serving) = 0;
  // Health says not serving, streams are ended, running calls get `drain_time`, then everything is
  // cancelled. Returns when no handler runs any more. Repeating it does nothing.
  virtual void Shutdown() = 0;
};

}  // namespace tandem::common

#endif  // SERVICES_COMMON_SERVER_H_
