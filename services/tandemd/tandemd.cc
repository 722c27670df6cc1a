// Every service in one process, with the gateway for HTTP if asked for: the default way to run
// Tandem.
#include <cstdio>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "services/access/access_flags.h"
#include "services/common/main_support.h"
#include "services/common/method_registry.h"
#include "services/common/server.h"
#include "services/gateway/gateway.h"
#include "services/gateway/gateway_flags.h"
#include "services/tandemd/all_services.h"

namespace {

constexpr char kName[] = "tandemd";

using tandem::gateway::Gateway;
using tandem::tandemd::AllServices;

// Null without an address.
absl::StatusOr<std::unique_ptr<Gateway>> StartGateway(const tandem::gateway::GatewayFlags& flags,
                                                      const std::set<std::string>& services,
                                                      const AllServices& all,
                                                      tandem::common::Server& server) {
  if (flags.address.empty()) return nullptr;
  tandem::gateway::GatewayBackend backend;
  backend.channel = server.ChannelForOutsideCalls();
  backend.services = services;
  backend.ready = [&all] { return all.Ready(); };
  auto gateway = Gateway::Start(tandem::gateway::OptionsFrom(flags), std::move(backend));
  if (gateway.ok()) {
    const std::string line = absl::StrCat(kName, " serves HTTP on ", (*gateway)->address(), "\n");
    std::fputs(line.c_str(), stdout);
  }
  return gateway;
}

}  // namespace

int main(int argc, char** argv) {
  tandem::common::ShutdownSignals signals;
  CLI::App app("Tandem: mentor profiles, needs, matching and audit in one process");
  tandem::common::ServerFlags flags;
  tandem::gateway::GatewayFlags http;
  tandem::access::AccessFlags access;
  tandem::common::AddServerFlags(&flags, &app);
  tandem::access::AddAccessFlags(&access, &flags, &app);
  tandem::gateway::AddGatewayFlags(&http, &app);
  if (auto exit_code = tandem::common::ReadServerFlags(kName, flags, argc, argv, &app)) {
    return *exit_code;
  }
  const absl::Status http_usable = tandem::gateway::CheckGatewayFlags(http);
  if (!http_usable.ok()) return tandem::common::FailToStart(kName, http_usable);
  auto services = AllServices::Open(flags.data, flags.reference);
  if (!services.ok()) return tandem::common::FailToStart(kName, services.status());
  auto registry = std::make_unique<tandem::common::MethodRegistry>();
  const absl::Status registered = (*services)->Register(*registry);
  if (!registered.ok()) return tandem::common::FailToStart(kName, registered);
  const absl::Status admin = tandem::access::BootstrapAdmin(kName, access, (*services)->access());
  if (!admin.ok()) return tandem::common::FailToStart(kName, admin);
  flags.authenticators = {(*services)->authenticator()};
  const std::set<std::string> names = registry->ServiceNames();
  // Ends after the server: calls through it end with the server's own, and are answered.
  std::unique_ptr<Gateway> gateway;
  return tandem::common::ServeUntilSignal(
      kName, flags, std::move(registry), signals,
      [&] {
        if (gateway != nullptr) gateway->RefuseCalls();
        (*services)->Stop();
      },
      [&](tandem::common::Server& server) -> absl::Status {
        (*services)->Follow(server.InProcessChannel());
        auto started = StartGateway(http, names, **services, server);
        if (started.ok()) gateway = *std::move(started);
        return started.status();
      });
}
