// The needs service as a program of its own: needs_server --address 127.0.0.1:7402 --data FOLDER
// --profiles-address 127.0.0.1:7401.
#include <memory>
#include <string>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "services/common/main_support.h"
#include "services/common/method_registry.h"
#include "services/common/peer_services.h"
#include "services/common/reference_data.h"
#include "services/needs/helped_organisations.h"
#include "services/needs/needs_service.h"
#include "storage/open.h"

namespace {

constexpr char kName[] = "needs_server";

int Serve(const tandem::common::ServerFlags& flags, const tandem::common::PeerFlags& peers,
          const tandem::common::ShutdownSignals& signals) {
  const auto channels = tandem::common::ConnectPeers(peers);
  if (!channels.ok()) return tandem::common::FailToStart(kName, channels.status());
  auto reference = tandem::common::ReferenceData::Load(flags.reference);
  if (!reference.ok()) return tandem::common::FailToStart(kName, reference.status());
  auto store = tandem::storage::Open(absl::StrCat("rocksdb:", flags.data, "/needs"));
  if (!store.ok()) return tandem::common::FailToStart(kName, store.status());
  const std::shared_ptr<tandem::storage::Store> shared = *std::move(store);
  auto registry = std::make_unique<tandem::common::MethodRegistry>();
  const auto helped = std::make_shared<tandem::needs::HelpedOrganisations>();
  const auto profiles = channels->find("profiles");
  if (profiles != channels->end()) helped->AskAt(profiles->second);
  const absl::Status registered =
      tandem::needs::RegisterNeedsService(*registry, shared, *reference, helped);
  if (!registered.ok()) return tandem::common::FailToStart(kName, registered);
  return tandem::common::ServeUntilSignal(kName, flags, std::move(registry), signals);
}

}  // namespace

int main(int argc, char** argv) {
  const tandem::common::ShutdownSignals signals;
  CLI::App app("Keeps programmes, needs assessments and requests for engagements.", kName);
  tandem::common::ServerFlags flags;
  flags.address = "127.0.0.1:7402";
  tandem::common::AddServerFlags(&flags, &app);
  tandem::common::PeerFlags peers;
  peers.peers = {{"profiles", "",
                  "The profiles service: it is asked whether the organisations that assessments "
                  "and requests name are NSBs. Left out: that is not checked",
                  /*optional=*/true}};
  tandem::common::AddPeerFlags(&peers, &app);
  if (auto exit_code = tandem::common::ReadServerFlags(kName, flags, argc, argv, &app)) {
    return *exit_code;
  }
  return Serve(flags, peers, signals);
}
