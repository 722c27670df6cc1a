// The access service as a program of its own: access_server --address 127.0.0.1:7405 --data FOLDER.
#include <memory>
#include <string>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "services/access/access_service.h"
#include "services/common/main_support.h"
#include "services/common/method_registry.h"
#include "storage/open.h"

namespace {

constexpr char kName[] = "access_server";

int Serve(tandem::common::ServerFlags flags, const tandem::common::ShutdownSignals& signals) {
  auto store = tandem::storage::Open(absl::StrCat("rocksdb:", flags.data, "/access"));
  if (!store.ok()) return tandem::common::FailToStart(kName, store.status());
  tandem::access::AccessOptions options;
  options.store = *std::move(store);
  auto access = tandem::access::AccessService::Open(std::move(options));
  if (!access.ok()) return tandem::common::FailToStart(kName, access.status());
  auto registry = std::make_unique<tandem::common::MethodRegistry>();
  (*access)->Register(*registry);
  flags.authenticators = {(*access)->authenticator()};
  return tandem::common::ServeUntilSignal(kName, flags, std::move(registry), signals);
}

}  // namespace

int main(int argc, char** argv) {
  const tandem::common::ShutdownSignals signals;
  CLI::App app("Keeps access tokens of people, and invitations to get one.", kName);
  tandem::common::ServerFlags flags;
  flags.address = "127.0.0.1:7405";
  tandem::common::AddServerFlags(&flags, &app);
  if (auto exit_code = tandem::common::ReadServerFlags(kName, flags, argc, argv, &app)) {
    return *exit_code;
  }
  return Serve(flags, signals);
}
