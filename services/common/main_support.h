// What every server's main has in common, so that each stays tiny:
//
//   int main(int argc, char** argv) {
//     tandem::common::ShutdownSignals signals;  // first: threads inherit its mask
//     CLI::App app("Keeps the needs of the programme");
//     tandem::common::ServerFlags flags;
//     tandem::common::AddServerFlags(&flags, &app);
//     if (auto exit_code = tandem::common::ReadServerFlags(kName, flags, argc, argv, &app)) {
//       return *exit_code;
//     }
//     ...
//     return tandem::common::ServeUntilSignal(kName, flags, std::move(registry), signals);
//   }
#ifndef SERVICES_COMMON_MAIN_SUPPORT_H_
#define SERVICES_COMMON_MAIN_SUPPORT_H_

#include <csignal>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/common/authentication/authenticator.h"
#include "services/common/authentication/oidc/oidc_authenticator.h"
#include "services/common/limit_flags.h"
#include "services/common/method_registry.h"
#include "services/common/server.h"

namespace tandem::common {

// Exit codes of every program: 0 fine, 1 a failure while running, 2 bad input or options.
inline constexpr int kExitFailure = 1;
inline constexpr int kExitBadInput = 2;

// Holds SIGINT and SIGTERM back from all threads, for Wait(). Make it before any thread.
class ShutdownSignals {
 public:
  ShutdownSignals();
  // Blocks until one arrives; returns its number.
  int Wait() const;

 private:
  sigset_t signals_;
};

struct ServerFlags {
  std::string address = "127.0.0.1:7400";
  std::string data = "tandem-data";  // folder with the service's databases
  std::string reference;             // folder with reference data; empty: see reference_data.h
  std::string log_level = "info";    // "info", or "error": no line per failed call
  bool reflection = false;           // serve server reflection
  LimitFlags limits;
  // No option: what the program itself knows callers by.
  std::vector<std::shared_ptr<const Authenticator>> authenticators = {};
  // An option of programs that know callers without TLS, see services/access/access_flags.h.
  bool require_credentials = false;
  TlsOptions tls;
  OidcOptions oidc;
};

// Adds --address, --data, --reference, --log-level, --reflection, those for TLS and for an
// identity provider, and those of limit_flags.h, with the defaults in `flags`.
void AddServerFlags(ServerFlags* flags, CLI::App* app);

// Reads the options, raises the process's limit of file descriptors, and checks that `flags` can be
// listened on before anything is opened or made. Returns the exit code when the program is to end:
// after --help, or kExitBadInput with the reason on standard error.
std::optional<int> ReadServerFlags(absl::string_view name, const ServerFlags& flags, int argc,
                                   const char* const* argv, CLI::App* app);

ServerOptions OptionsFrom(const ServerFlags& flags);

// Prints "NAME: MESSAGE" on standard error and returns the exit code that fits: kExitBadInput for
// INVALID_ARGUMENT, ALREADY_EXISTS (a taken port), NOT_FOUND, FAILED_PRECONDITION, and for
// PERMISSION_DENIED and UNAVAILABLE, which is a data folder that is in use or cannot be made; else
// kExitFailure: a damaged store, a full disk.
int FailToStart(absl::string_view name, const absl::Status& status);

// Serves until a signal: prints "NAME listening on ADDRESS" on standard output when it does.
// `after_start`, if any, runs before that: followers of the server's own services start there, and
// its error is one to start.
// `before_shutdown`, if any, runs before the server ends: stop background followers there.
int ServeUntilSignal(absl::string_view name, const ServerFlags& flags,
                     std::unique_ptr<MethodRegistry> registry, const ShutdownSignals& signals,
                     const std::function<void()>& before_shutdown = nullptr,
                     const std::function<absl::Status(Server&)>& after_start = nullptr);

}  // namespace tandem::common

#endif  // SERVICES_COMMON_MAIN_SUPPORT_H_
