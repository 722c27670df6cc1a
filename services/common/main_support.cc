#include "services/common/main_support.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "services/common/authentication/oidc/key_set.h"
#include "services/common/connections/file_descriptors.h"

namespace tandem::common {

namespace {

void AddTlsFlags(TlsOptions* tls, CLI::App* app) {
  app->add_option("--tls-certificate", tls->certificate,
                  "PEM file with the server's certificate and those that lead to its authority: "
                  "turns on TLS 1.3. A changed file is taken without a restart");
  app->add_option("--tls-key", tls->key, "PEM file with its private key, without a passphrase");
  app->add_option("--tls-client-ca", tls->client_ca,
                  "PEM file with the authorities whose client certificates are taken");
  app->add_option("--certificates", tls->certificates,
                  "CSV file that says who calls with which client certificate, with the header "
                  "fingerprint,actor,role,subject. A changed file is taken without a restart");
  app->add_flag_callback(
      "--tls-client-certificate-optional", [tls] { tls->require_client_certificate = false; },
      "Let clients connect without a certificate too: they need other credentials");
}

void AddOidcFlags(OidcOptions* oidc, CLI::App* app) {
  app->add_option("--oidc-issuer", oidc->issuer,
                  "Take access tokens of this identity provider (OpenID Connect): the iss of its "
                  "tokens, such as https://login.example.org/realms/iso");
  app->add_option(
      "--oidc-audience", oidc->audience,
      "What the aud of its tokens must hold: this installation as the provider knows it");
  app->add_option("--oidc-algorithm", oidc->algorithm,
                  absl::StrCat("The one algorithm that it signs with: ", kJwtAlgorithms));
  app->add_option("--oidc-keys", oidc->keys,
                  "File with its public keys (JWKS). A changed file is taken without a restart");
  app->add_option("--oidc-roles", oidc->roles,
                  "CSV file that says which role a value of the claim gives, with the header "
                  "value,role. A changed file is taken without a restart");
  app->add_option("--oidc-roles-claim", oidc->roles_claim,
                  "The claim that holds the values: its name, or a path such as realm_access.roles")
      ->capture_default_str();
}

}  // namespace

ShutdownSignals::ShutdownSignals() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGINT);
  sigaddset(&signals_, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  // A reader that went away shows as a failed write, not as the end of the process.
  std::signal(SIGPIPE, SIG_IGN);
  // Debian builds Abseil with the search for deadlocks on, which takes a global lock at each mutex.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
}

int ShutdownSignals::Wait() const {
  int number = 0;
  while (sigwait(&signals_, &number) != 0) {
  }
  return number;
}

void AddServerFlags(ServerFlags* flags, CLI::App* app) {
  app->add_option("--address", flags->address,
                  "Where to listen: 127.0.0.1:PORT (0 picks a free one), [::1]:PORT or unix:PATH; "
                  "with TLS also addresses that other machines reach, such as 0.0.0.0:PORT")
      ->capture_default_str();
  app->add_option("--data", flags->data, "Folder with the databases; made when missing")
      ->capture_default_str();
  app->add_option("--reference", flags->reference,
                  "Folder with the reference data; by default tools/reference of this checkout");
  app->add_option("--log-level", flags->log_level, "info, or error: no line per failed call")
      ->check(CLI::IsMember({"info", "error"}))
      ->capture_default_str();
  app->add_flag(
      "--reflection", flags->reflection,
      "Tell tools such as grpcurl which services and messages there are; asks for no role");
  AddTlsFlags(&flags->tls, app);
  AddOidcFlags(&flags->oidc, app);
  AddLimitFlags(&flags->limits, app);
}

std::optional<int> ReadServerFlags(absl::string_view name, const ServerFlags& flags, int argc,
                                   const char* const* argv, CLI::App* app) {
  try {
    app->parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app->exit(error) == 0 ? EXIT_SUCCESS : kExitBadInput;
  }
  RaiseDescriptorLimit();
  absl::Status usable = CheckListening(flags.address, flags.tls).status();
  usable.Update(CheckIdentityProvider(OptionsFrom(flags)));
  if (usable.ok()) return std::nullopt;
  return FailToStart(name, usable);
}

ServerOptions OptionsFrom(const ServerFlags& flags) {
  ServerOptions options;
  options.address = flags.address;
  options.log_failed_calls = flags.log_level == "info";
  options.reflection = flags.reflection;
  options.authenticators = flags.authenticators;
  options.require_credentials = flags.require_credentials;
  options.tls = flags.tls;
  options.oidc = flags.oidc;
  ApplyLimitFlags(flags.limits, &options);
  return options;
}

int FailToStart(absl::string_view name, const absl::Status& status) {
  const std::string line = absl::StrCat(name, ": ", status.message(), "\n");
  std::fputs(line.c_str(), stderr);
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kPermissionDenied:  // an option names what cannot be used: a folder of
    case absl::StatusCode::kUnavailable:       // another user's, or one that is in use or no folder
      return kExitBadInput;
    default:
      return kExitFailure;
  }
}

int ServeUntilSignal(absl::string_view name, const ServerFlags& flags,
                     std::unique_ptr<MethodRegistry> registry, const ShutdownSignals& signals,
                     const std::function<void()>& before_shutdown,
                     const std::function<absl::Status(Server&)>& after_start) {
  absl::StatusOr<std::unique_ptr<Server>> server =
      Server::Start(OptionsFrom(flags), std::move(registry));
  if (!server.ok()) return FailToStart(name, server.status());
  if (const absl::Status started = after_start ? after_start(**server) : absl::OkStatus();
      !started.ok()) {
    if (before_shutdown) before_shutdown();
    return FailToStart(name, started);
  }
  const std::string line = absl::StrCat(name, " listening on ", (*server)->address(), "\n");
  std::fputs(line.c_str(), stdout);
  std::fflush(stdout);
  signals.Wait();
  if (before_shutdown) before_shutdown();
  (*server)->Shutdown();
  return EXIT_SUCCESS;
}

}  // namespace tandem::common
