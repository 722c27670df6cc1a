// The matching service as a process of its own.
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "services/common/main_support.h"
#include "services/common/peer_services.h"
#include "services/matching/matching_service.h"
#include "storage/open.h"

namespace {

constexpr char kName[] = "matching_server";

}  // namespace

int main(int argc, char** argv) {
  tandem::common::ShutdownSignals signals;  // first: threads inherit its mask
  CLI::App app("Ranks mentors, solves cohorts and records what people decide about matches");
  tandem::common::ServerFlags flags;
  flags.address = "127.0.0.1:7403";
  tandem::common::AddServerFlags(&flags, &app);
  tandem::common::PeerFlags peers;
  peers.peers = {{"profiles", "127.0.0.1:7401", "Where the profiles service listens"},
                 {"needs", "127.0.0.1:7402", "Where the needs service listens"}};
  tandem::common::AddPeerFlags(&peers, &app);
  if (auto exit_code = tandem::common::ReadServerFlags(kName, flags, argc, argv, &app)) {
    return *exit_code;
  }
  const auto channels = tandem::common::ConnectPeers(peers);
  if (!channels.ok()) return tandem::common::FailToStart(kName, channels.status());

  auto store = tandem::storage::Open(absl::StrCat("rocksdb:", flags.data, "/matching"));
  if (!store.ok()) return tandem::common::FailToStart(kName, store.status());
  tandem::matching::MatchingOptions options;
  options.store = *std::move(store);
  options.reference_folder = flags.reference;
  auto service = tandem::matching::MatchingService::Open(std::move(options));
  if (!service.ok()) return tandem::common::FailToStart(kName, service.status());
  auto registry = std::make_unique<tandem::common::MethodRegistry>();
  (*service)->Register(*registry);
  (*service)->Follow(channels->at("profiles"), channels->at("needs"));
  return tandem::common::ServeUntilSignal(kName, flags, std::move(registry), signals,
                                          [&] { (*service)->Stop(); });
}
