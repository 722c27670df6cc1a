#include "services/common/peer_services.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/support/client_interceptor.h"
#include "services/common/call_address.h"
#include "services/common/channel_arguments.h"
#include "services/common/client.h"
#include "services/common/errors.h"
#include "services/common/listen_address.h"
#include "services/common/principal.h"
#include "services/common/tls/client_credentials.h"

namespace tandem::common {
namespace {

using grpc::experimental::InterceptionHookPoints;

constexpr char kTlsOptions[] =
    "--services-tls-ca, --services-tls-certificate and --services-tls-key";

std::string AddressOption(const Peer& peer) { return absl::StrCat("--", peer.service, "-address"); }

bool WithTls(const TlsFiles& tls) {
  return !tls.authorities.empty() || !tls.certificate.empty() || !tls.key.empty();
}

absl::Status Refuse(absl::string_view what) {
  return MakeError(absl::StatusCode::kInvalidArgument, "TLS_FILES_UNUSABLE", what);
}

absl::Status CheckAddress(const Peer& peer, bool tls) {
  const std::string given = absl::StrCat(AddressOption(peer), " \"", peer.address, "\"");
  if (!IsCallAddress(peer.address)) {
    return Refuse(absl::StrCat(given, " must be HOST:PORT, [IPV6]:PORT or unix:PATH"));
  }
  if (tls || ParseListenAddress(peer.address, Reach::kThisMachine).ok()) return absl::OkStatus();
  return Refuse(absl::StrCat(given,
                             " is not on this machine (127.0.0.1, [::1], localhost, unix:PATH), "
                             "and calls leave it by TLS only: give ",
                             kTlsOptions));
}

// Takes out what callers state of themselves: the client certificate says it, and who shows one and
// states something beside it is refused.
class LeaveOutStatedCaller final : public grpc::experimental::Interceptor {
 public:
  void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_INITIAL_METADATA)) {
      for (const char* key : {kActorHeader, kRoleHeader, kSubjectHeader}) {
        methods->GetSendInitialMetadata()->erase(key);
      }
    }
    methods->Proceed();
  }
};

class LeaveOutStatedCallerFactory final
    : public grpc::experimental::ClientInterceptorFactoryInterface {
 public:
  grpc::experimental::Interceptor* CreateClientInterceptor(
      grpc::experimental::ClientRpcInfo*) override {
    return new LeaveOutStatedCaller();  // gRPC's
  }
};

std::shared_ptr<grpc::Channel> MakeTlsChannel(
    const std::string& address, const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  std::vector<std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface>> interceptors;
  interceptors.push_back(std::make_unique<LeaveOutStatedCallerFactory>());
  return grpc::experimental::CreateCustomChannelWithInterceptors(
      address, credentials, ServiceChannelArguments(), std::move(interceptors));
}

}  // namespace

void AddPeerFlags(PeerFlags* flags, CLI::App* app) {
  for (Peer& peer : flags->peers) {
    app->add_option(AddressOption(peer), peer.address, peer.help)->capture_default_str();
  }
  app->add_option("--services-tls-ca", flags->tls.authorities,
                  "Call these services by TLS 1.3: PEM file with the authorities of their "
                  "certificates. On other machines they are called by TLS only");
  app->add_option("--services-tls-certificate", flags->tls.certificate,
                  "PEM file with the client certificate to show them: each needs a row for it in "
                  "its --certificates, with the role service. A changed file is taken without a "
                  "restart");
  app->add_option("--services-tls-key", flags->tls.key,
                  "PEM file with its private key, without a passphrase");
}

absl::StatusOr<std::map<std::string, std::shared_ptr<grpc::Channel>>> ConnectPeers(
    const PeerFlags& flags) {
  const bool tls = WithTls(flags.tls);
  const bool complete =
      !flags.tls.authorities.empty() && !flags.tls.certificate.empty() && !flags.tls.key.empty();
  if (tls && !complete) {
    return Refuse(absl::StrCat("services know each other by client certificates: give ",
                               kTlsOptions, " together"));
  }
  std::shared_ptr<grpc::ChannelCredentials> credentials;
  if (tls) {
    TANDEM_ASSIGN_OR_RETURN(credentials, MakeFollowedTlsClientCredentials(flags.tls));
  }
  std::map<std::string, std::shared_ptr<grpc::Channel>> channels;
  for (const Peer& peer : flags.peers) {
    if (peer.optional && peer.address.empty()) continue;
    TANDEM_RETURN_IF_ERROR(CheckAddress(peer, tls));
    channels[peer.service] =
        tls ? MakeTlsChannel(peer.address, credentials) : MakeChannel(peer.address);
  }
  return channels;
}

}  // namespace tandem::common
