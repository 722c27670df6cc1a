// The access service as a program of its own: access_server --address 127.0.0.1:7405 --data FOLDER.
#include <memory>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "services/access/access_flags.h"
#include "services/access/access_service.h"
#include "services/common/main_support.h"
#include "services/common/method_registry.h"
#include "services/common/peer_services.h"
#include "storage/open.h"

namespace {

constexpr char kName[] = "access_server";

int Serve(tandem::common::ServerFlags flags, const tandem::access::AccessFlags& access_flags,
          const tandem::common::PeerFlags& peers, const tandem::common::ShutdownSignals& signals) {
  const auto channels = tandem::common::ConnectPeers(peers);
  if (!channels.ok()) return tandem::common::FailToStart(kName, channels.status());
  auto store = tandem::storage::Open(absl::StrCat("rocksdb:", flags.data, "/access"));
  if (!store.ok()) return tandem::common::FailToStart(kName, store.status());
  tandem::access::AccessOptions options;
  options.store = *std::move(store);
  auto access = tandem::access::AccessService::Open(std::move(options));
  if (!access.ok()) return tandem::common::FailToStart(kName, access.status());
  const absl::Status admin = tandem::access::BootstrapAdmin(kName, access_flags, **access);
  if (!admin.ok()) return tandem::common::FailToStart(kName, admin);
  const auto profiles = channels->find("profiles");
  if (profiles != channels->end()) (*access)->CheckSubjectsAt(profiles->second);
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
  tandem::access::AccessFlags access_flags;
  tandem::common::AddServerFlags(&flags, &app);
  tandem::access::AddAccessFlags(&access_flags, &flags, &app);
  tandem::common::PeerFlags peers;
  peers.peers = {{"profiles", "",
                  "The profiles service: it is asked whether the mentors and organisations that "
                  "credentials are for exist. Left out: that is not checked",
                  /*optional=*/true}};
  tandem::common::AddPeerFlags(&peers, &app);
  if (auto exit_code = tandem::common::ReadServerFlags(kName, flags, argc, argv, &app)) {
    return *exit_code;
  }
  return Serve(flags, access_flags, peers, signals);
}
