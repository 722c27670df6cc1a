// The audit service as a process of its own.
#include <memory>
#include <utility>

#include "CLI/CLI.hpp"
#include "base/status_macros.h"
#include "services/audit/audit_service.h"
#include "services/common/client.h"
#include "services/common/main_support.h"
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
  std::string profiles = "127.0.0.1:7401";
  std::string needs = "127.0.0.1:7402";
  std::string matching = "127.0.0.1:7403";
  std::string access = "127.0.0.1:7405";
  tandem::common::AddServerFlags(&flags, &app);
  app.add_option("--profiles-address", profiles, "The profiles service")->capture_default_str();
  app.add_option("--needs-address", needs, "The needs service")->capture_default_str();
  app.add_option("--matching-address", matching, "The matching service")->capture_default_str();
  app.add_option("--access-address", access, "The access service")->capture_default_str();
  if (auto exit_code = tandem::common::ReadServerFlags(kName, flags, argc, argv, &app)) {
    return *exit_code;
  }
  auto audit = OpenAudit(flags.data);
  if (!audit.ok()) return tandem::common::FailToStart(kName, audit.status());
  auto registry = std::make_unique<tandem::common::MethodRegistry>();
  (*audit)->Register(*registry);
  (*audit)->Follow({tandem::common::MakeChannel(profiles), tandem::common::MakeChannel(needs),
                    tandem::common::MakeChannel(matching), tandem::common::MakeChannel(access)});
  return tandem::common::ServeUntilSignal(kName, flags, std::move(registry), signals,
                                          [&audit] { (*audit)->Stop(); });
}
