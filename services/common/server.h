// A gRPC server for the methods of a MethodRegistry, from start to orderly end.
//
// Every call takes one way: known method -> parsed -> principal -> role -> deadline clamped ->
// bounded threads -> handler -> one mapping of errors -> answer. A failed call leaves one line on
// standard error with method, code and duration, never content.
//
// Limits: unary calls run on `worker_threads` and wait in a queue of `queue_capacity`; server
// streams have threads of their own, at most `max_streams`, so that followers cannot starve unary
// calls. Beyond that, and for a caller who sends more than `calls_per_second` or follows more than
// `max_streams_per_caller`: RESOURCE_EXHAUSTED with a RetryInfo. Of `max_connections` the longest
// silent ones give way to newcomers; clients that do not read what they asked for are cut off.
// docs/limits.md lists every limit.
//
// Without TLS a server listens on loopback only: 127.0.0.0/8, [::1], localhost, unix:. With it, or
// with `require_credentials`, nobody is believed without credentials: a client certificate that
// `certificates` names, or what one of `authenticators` takes.
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

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "services/common/authentication/authenticator.h"
#include "services/common/authentication/oidc/oidc_authenticator.h"
#include "services/common/listen_address.h"
#include "services/common/method_registry.h"

namespace tandem::common {

struct TlsOptions {
  std::string certificate;   // PEM files; read again when they change. Empty: no TLS
  std::string key;           // of the certificate, without a passphrase
  std::string client_ca;     // whose client certificates are taken; empty: none are asked for
  std::string certificates;  // CSV: who each client certificate is, see certificates.h
  bool require_client_certificate = true;  // with client_ca: refuse others in the handshake

  bool enabled() const { return !certificate.empty(); }
};

// Where a server could start now that is to listen on `address` with `tls`. INVALID_ARGUMENT: an
// option is missing or lacks another, certificate and key are no pair, a file is malformed, the
// address is not understood, or not loopback and there is no TLS; NOT_FOUND, PERMISSION_DENIED or
// UNAVAILABLE: a file cannot be read; ALREADY_EXISTS: the port or socket is taken (says by which
// means to find out by whom). The message names options and files.
absl::StatusOr<ListenAddress> CheckListening(absl::string_view address, const TlsOptions& tls);

struct ServerOptions {
  std::string address = "127.0.0.1:0";  // port 0 picks a free one
  int worker_threads = 64;              // most of them wait for the disk at any time
  int queue_capacity = 1024;            // unary calls waiting for a thread
  int max_streams = 64;                 // server streams at once
  int max_streams_per_caller = 0;       // of one caller; 0: no limit
  absl::Duration default_deadline = absl::Seconds(60);  // of a unary call without one
  absl::Duration max_deadline = absl::Seconds(60);      // of any unary call
  absl::Duration drain_time = absl::Seconds(10);        // for running calls at Shutdown
  int max_message_bytes = 16 << 20;                     // of a request
  int max_metadata_bytes = 16 << 10;                    // headers of a call
  int max_connections = 1000;           // at most a quarter of the process's file descriptors
  int max_calls_per_connection = 1000;  // at once
  absl::Duration max_connection_idle = absl::Minutes(30);  // a connection without calls is closed
  absl::Duration slow_reader_time = absl::Seconds(30);     // an answer that nothing is read of
  size_t max_held_bytes = 512 << 20;  // of all requests and answers over 64 KiB
  int calls_per_second = 0;           // of one caller; 0: no limit
  int burst_calls = 1;                // of one caller at once, after a silence
  bool log_failed_calls = true;
  bool reflection = false;  // served: see reflection.h
  TlsOptions tls = {};
  OidcOptions oidc = {};             // with an issuer: its tokens are taken
  bool require_credentials = false;  // without TLS, too
  // Asked in this order who calls, after `oidc`; then come client certificates with TLS, without it
  // (and without require_credentials) DevelopmentAuthenticator.
  std::vector<std::shared_ptr<const Authenticator>> authenticators = {};
};

// OK without an identity provider (`oidc`), or when its tokens can be taken: else the errors of
// CheckOidc, and INVALID_ARGUMENT where callers without a token would be believed anyhow, that is
// without TLS and without `require_credentials`.
absl::Status CheckIdentityProvider(const ServerOptions& options);

class Server {
 public:
  // Errors: those of CheckListening and CheckIdentityProvider; FAILED_PRECONDITION from
  // MethodRegistry::Check().
  static absl::StatusOr<std::unique_ptr<Server>> Start(ServerOptions options,
                                                       std::unique_ptr<MethodRegistry> registry);
  virtual ~Server() = default;

  // Where it listens, with the real port: "127.0.0.1:41234".
  virtual std::string address() const = 0;
  // A channel to this server that does not leave the process, for what belongs to it: its callers
  // are believed who they say they are. Nobody outside can reach it.
  virtual std::shared_ptr<grpc::Channel> InProcessChannel() = 0;
  // The same for a part that passes on calls from outside, such as a gateway: they are identified
  // as if they had come from outside themselves.
  virtual std::shared_ptr<grpc::Channel> ChannelForOutsideCalls() = 0;
  // What the health service answers for `service`; Start sets all, and "", to serving.
  virtual void SetServing(absl::string_view service, bool serving) = 0;
  // Health says not serving, streams are ended, running calls get `drain_time`, then everything is
  // cancelled. Returns when no handler runs any more. Repeating it does nothing.
  virtual void Shutdown() = 0;
};

}  // namespace tandem::common

#endif  // SERVICES_COMMON_SERVER_H_
