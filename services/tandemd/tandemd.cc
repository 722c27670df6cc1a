// Every service in one process: the default way to run Tandem.
#include <memory>
#include <utility>

#include "CLI/CLI.hpp"
#include "services/common/main_support.h"
#include "services/tandemd/all_services.h"

int main(int argc, char** argv) {
  constexpr char kName[] = "tandemd";
  tandem::common::ShutdownSignals signals;
  CLI::App app("Tandem: mentor profiles, needs, matching and audit in one process");
  tandem::common::ServerFlags flags;
  tandem::common::AddServerFlags(&flags, &app);
  if (auto exit_code = tandem::common::ReadServerFlags(kName, flags, argc, argv, &app)) {
    return *exit_code;
  }
  auto services = tandem::tandemd::AllServices::Open(flags.data, flags.reference);
  if (!services.ok()) return tandem::common::FailToStart(kName, services.status());
  auto registry = std::make_unique<tandem::common::MethodRegistry>();
  const absl::Status registered = (*services)->Register(*registry);
  if (!registered.ok()) return tandem::common::FailToStart(kName, registered);
  return tandem::common::ServeUntilSignal(
      kName, flags, std::move(registry), signals, [&services] { (*services)->Stop(); },
      [&services](tandem::common::Server& server) {
        (*services)->Follow(server.InProcessChannel());
      });
}
