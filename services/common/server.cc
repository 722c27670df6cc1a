#include "services/common/server.h"

#include <unistd.h>

#include <chrono>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "services/common/authentication/certificates.h"
#include "services/common/call_pipeline.h"
#include "services/common/connections/connection_acceptor.h"
#include "services/common/connections/file_descriptors.h"
#include "services/common/errors.h"
#include "services/common/listen_address.h"
#include "services/common/reflection.h"
#include "services/common/tls/server_credentials.h"
#include "services/common/tls/tls_files.h"

namespace tandem::common {
namespace {

// A request somewhat over the limit is read all the same, so that the pipeline can refuse it with
// details; from here on gRPC itself refuses, as soon as it sees the length.
constexpr int kReadLimitFactor = 2;
// Within which a new connection says what HTTP/2 and TLS begin with.
constexpr absl::Duration kHandshakeTime = absl::Seconds(20);

void ApplyLimits(const ServerOptions& options, grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(kReadLimitFactor * options.max_message_bytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, options.max_metadata_bytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, options.max_calls_per_connection);
  builder.AddChannelArgument(
      GRPC_ARG_MAX_CONNECTION_IDLE_MS,
      static_cast<int>(absl::ToInt64Milliseconds(options.max_connection_idle)));
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS,
                             static_cast<int>(absl::ToInt64Milliseconds(kHandshakeTime)));
}

// Who is believed from outside.
absl::StatusOr<AuthenticatorChain> OutsideAuthenticators(const ServerOptions& options) {
  TANDEM_RETURN_IF_ERROR(CheckIdentityProvider(options));
  std::vector<std::shared_ptr<const Authenticator>> authenticators = options.authenticators;
  if (options.oidc.enabled()) {
    TANDEM_ASSIGN_OR_RETURN(std::shared_ptr<const Authenticator> oidc,
                            OidcAuthenticator::Open(options.oidc));
    // First: those who know other tokens refuse this kind.
    authenticators.insert(authenticators.begin(), std::move(oidc));
  }
  if (!options.tls.enabled()) {
    if (options.require_credentials) return AuthenticatorChain(std::move(authenticators));
    authenticators.push_back(std::make_shared<DevelopmentAuthenticator>());
  } else if (!options.tls.certificates.empty()) {
    TANDEM_ASSIGN_OR_RETURN(std::shared_ptr<const Authenticator> certificates,
                            CertificateAuthenticator::Open(options.tls.certificates));
    authenticators.push_back(std::move(certificates));
  }
  return AuthenticatorChain(std::move(authenticators));
}

TlsFiles FilesOf(const TlsOptions& tls) { return {tls.certificate, tls.key, tls.client_ca}; }

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> CredentialsFor(const TlsOptions& tls) {
  if (!tls.enabled()) return grpc::InsecureServerCredentials();
  return MakeTlsServerCredentials(FilesOf(tls), tls.require_client_certificate);
}

// Whether the options fit together and their files can be used.
absl::Status CheckTls(const TlsOptions& tls) {
  const auto refuse = [](absl::string_view what) {
    return MakeError(absl::StatusCode::kInvalidArgument, "TLS_FILES_UNUSABLE", what);
  };
  if (tls.certificate.empty() != tls.key.empty()) {
    return refuse("TLS needs both a certificate and its key: give --tls-certificate and --tls-key");
  }
  if (tls.client_ca.empty() != tls.certificates.empty()) {
    return refuse(
        "client certificates need the authority that signs them and the file that says who they "
        "are: give --tls-client-ca and --certificates");
  }
  if (!tls.enabled()) {
    if (tls.client_ca.empty()) return absl::OkStatus();
    return refuse("--tls-client-ca needs TLS: give --tls-certificate and --tls-key too");
  }
  TANDEM_RETURN_IF_ERROR(ReadTlsMaterial(FilesOf(tls)).status());
  if (tls.certificates.empty()) return absl::OkStatus();
  return CertificateAuthenticator::Open(tls.certificates).status();
}

std::shared_ptr<grpc::Channel> ChannelInProcess(grpc::Server& server) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  arguments.SetMaxSendMessageSize(-1);
  return server.InProcessChannel(arguments);
}

class GrpcServer final : public Server {
 public:
  GrpcServer(const ServerOptions& options, std::unique_ptr<MethodRegistry> registry)
      : drain_time_(options.drain_time),
        registry_(std::move(registry)),
        pipeline_(options, registry_.get()),
        inside_entrance_(&pipeline_, From::kInside,
                         AuthenticatorChain({std::make_shared<DevelopmentAuthenticator>()})) {}
  ~GrpcServer() override { Shutdown(); }

  absl::Status Listen(const ServerOptions& options) {
    TANDEM_ASSIGN_OR_RETURN(address_, CheckListening(options.address, options.tls));
    TANDEM_ASSIGN_OR_RETURN(AuthenticatorChain authenticators, OutsideAuthenticators(options));
    TANDEM_ASSIGN_OR_RETURN(credentials_, CredentialsFor(options.tls));
    outside_entrance_ =
        std::make_unique<Entrance>(&pipeline_, From::kOutside, std::move(authenticators));
    grpc::EnableDefaultHealthCheckService(true);
    grpc::ServerBuilder inside;  // without a port: only this process has channels to it
    ApplyLimits(options, inside);
    inside.RegisterCallbackGenericService(&inside_entrance_);
    inside_server_ = inside.BuildAndStart();
    grpc::ServerBuilder builder;
    ApplyLimits(options, builder);
    if (options.reflection) {
      reflection_ = std::make_unique<ReflectionService>(registry_->ServiceNames());
      reflection_->Register(builder);
    }
    builder.RegisterCallbackGenericService(outside_entrance_.get());
    const auto from_fd = grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD;
    entrance_for_connections_ =
        builder.experimental().AddExternalConnectionAcceptor(from_fd, credentials_);
    server_ = builder.BuildAndStart();
    if (server_ == nullptr || inside_server_ == nullptr) {
      return MakeError(absl::StatusCode::kInternal, "INTERNAL_ERROR",
                       "gRPC cannot start a server: its log on standard error says why");
    }
    TANDEM_RETURN_IF_ERROR(Accept(options.max_connections));
    for (const std::string& service : registry_->ServiceNames()) SetServing(service, true);
    SetServing("", true);
    return absl::OkStatus();
  }

  std::string address() const override { return address_.ToString(); }

  std::shared_ptr<grpc::Channel> InProcessChannel() override {
    return ChannelInProcess(*inside_server_);
  }

  std::shared_ptr<grpc::Channel> ChannelForOutsideCalls() override {
    return ChannelInProcess(*server_);
  }

  void SetServing(absl::string_view service, bool serving) override {
    for (grpc::Server* server : {server_.get(), inside_server_.get()}) {
      server->GetHealthCheckService()->SetServingStatus(std::string(service), serving);
    }
  }

  void Shutdown() override {
    absl::MutexLock lock(&mutex_);
    if (down_) return;
    down_ = true;
    if (server_ == nullptr || inside_server_ == nullptr) return;
    const auto drained = absl::ToChronoTime(absl::Now() + drain_time_);
    for (grpc::Server* server : {server_.get(), inside_server_.get()}) {
      server->GetHealthCheckService()->SetServingStatus(false);
    }
    acceptor_.reset();
    if (!address_.unix_path.empty()) unlink(address_.unix_path.c_str());
    pipeline_.EndStreams();
    if (reflection_ != nullptr) reflection_->EndStreams();
    server_->Shutdown(drained);
    inside_server_->Shutdown(drained);
    pipeline_.StopThreads();
  }

 private:
  absl::Status Accept(int max_connections) {
    TANDEM_ASSIGN_OR_RETURN(const int listener, common::Listen(&address_));
    acceptor_ = std::make_unique<ConnectionAcceptor>(
        listener, ConnectionsWithinLimit(max_connections),
        [this](int fd) {
          grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters connection;
          connection.fd = fd;
          entrance_for_connections_->HandleNewConnection(&connection);
        },
        [this] { return pipeline_.BusyPeers(); });
    return absl::OkStatus();
  }

  const absl::Duration drain_time_;
  const std::unique_ptr<MethodRegistry> registry_;
  CallPipeline pipeline_;
  ListenAddress address_;
  std::unique_ptr<ReflectionService> reflection_;  // null unless asked for
  std::shared_ptr<grpc::ServerCredentials> credentials_;
  std::unique_ptr<Entrance> outside_entrance_;
  Entrance inside_entrance_;
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> entrance_for_connections_;
  // They end before all that they call. The first listens, the second is for this process alone.
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<grpc::Server> inside_server_;
  std::unique_ptr<ConnectionAcceptor> acceptor_;  // gives the first its connections

  absl::Mutex mutex_;
  bool down_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace

absl::StatusOr<ListenAddress> CheckListening(absl::string_view address, const TlsOptions& tls) {
  TANDEM_RETURN_IF_ERROR(CheckTls(tls));
  const Reach reach = tls.enabled() ? Reach::kAnywhere : Reach::kThisMachine;
  TANDEM_ASSIGN_OR_RETURN(ListenAddress parsed, ParseListenAddress(address, reach));
  TANDEM_RETURN_IF_ERROR(CheckFree(parsed));
  return parsed;
}

absl::Status CheckIdentityProvider(const ServerOptions& options) {
  const bool credentials_needed = options.tls.enabled() || options.require_credentials;
  if (!options.oidc.enabled() || credentials_needed) return CheckOidc(options.oidc);
  return MakeError(absl::StatusCode::kInvalidArgument, "TLS_FILES_UNUSABLE",
                   "--oidc-issuer without TLS would refuse nobody: callers without a token are "
                   "believed who they say they are. Give --tls-certificate and --tls-key, or "
                   "--require-credentials where the program has it");
}

absl::StatusOr<std::unique_ptr<Server>> Server::Start(ServerOptions options,
                                                      std::unique_ptr<MethodRegistry> registry) {
  TANDEM_RETURN_IF_ERROR(registry->Check());
  auto server = std::make_unique<GrpcServer>(options, std::move(registry));
  TANDEM_RETURN_IF_ERROR(server->Listen(options));
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace tandem::common
