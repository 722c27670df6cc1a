// The audit service as a process of its own.
#include <memory>
#include <utility>

#include "CLI/CLI.hpp"
#include "base/status_macros.h"
#include "services/audit/audit_service.h"
#include "services/common/main_support.h"
#include "services/common/peer_services.h"
#include "storage/open.h"

namespace {

constexpr char kName[] = "audit_server";

absl::StatusOr<std::unique_ptr<tandem::audit::AuditService>> OpenAudit(const std::string& data) {
  TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<tandem::storage::Store> store,
                          tandem::storage::Open("rocksdb:" + data + "/audit"));
  return tandem::audit::AuditService::Open({std::move(store)});
}

}  // namespace

int main(int argc, char** argv) {
  tandem::common::ShutdownSignals signals;
  CLI::App app("Keeps the audit log: follows the feeds of profiles, needs, matching and access");
  tandem::common::ServerFlags flags;
  flags.address = "127.0.0.1:7404";
  tandem::common::AddServerFlags(&flags, &app);
  tandem::common::PeerFlags peers;
  peers.peers = {{"profiles", "127.0.0.1:7401", "The profiles service"},
                 {"needs", "127.0.0.1:7402", "The needs service"},
                 {"matching", "127.0.0.1:7403", "The matching service"},
                 {"access", "127.0.0.1:7405", "The access service"}};
  tandem::common::AddPeerFlags(&peers, &app);
  if (auto exit_code = tandem::common::ReadServerFlags(kName, flags, argc, argv, &app)) {
    return *exit_code;
  }
  const auto channels = tandem::common::ConnectPeers(peers);
  if (!channels.ok()) return tandem::common::FailToStart(kName, channels.status());
  auto audit = OpenAudit(flags.data);
  if (!audit.ok()) return tandem::common::FailToStart(kName, audit.status());
  auto registry = std::make_unique<tandem::common::MethodRegistry>();
  (*audit)->Register(*registry);
  (*audit)->Follow({channels->at("profiles"), channels->at("needs"), channels->at("matching"),
                    channels->at("access")});
  return tandem::common::ServeUntilSignal(kName, flags, std::move(registry), signals,
                                          [&audit] { (*audit)->Stop(); });
}
