// How a service that is a process of its own reaches the others that it follows or asks.
//
//   PeerFlags flags;
//   flags.peers = {{"profiles", "127.0.0.1:7401", "Where the profiles service listens"}};
//   AddPeerFlags(&flags, &app);  // --profiles-address and --services-tls-...
//   ...
//   auto channels = ConnectPeers(flags);
//   if (!channels.ok()) return FailToStart(kName, channels.status());
//   service->Follow(channels->at("profiles"));
//
// On this machine that is plain text, and the caller states who it is. Elsewhere it is TLS 1.3 with
// a client certificate, which the other side knows as a caller in the role of a service (see
// authentication/certificates.h); nothing is stated beside it.
//
// Thread-safe: functions without state.
#ifndef SERVICES_COMMON_PEER_SERVICES_H_
#define SERVICES_COMMON_PEER_SERVICES_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "grpcpp/channel.h"
#include "services/common/tls/tls_files.h"

namespace tandem::common {

struct Peer {
  std::string service;    // "profiles"
  std::string address;    // "127.0.0.1:7401"
  std::string help;       // of its option
  bool optional = false;  // its address may be empty: then it is not called
};

struct PeerFlags {
  std::vector<Peer> peers;
  TlsFiles tls;  // without authorities: plain text
};

// Adds --SERVICE-address for each of the peers, with the default there, and --services-tls-ca,
// --services-tls-certificate, --services-tls-key.
void AddPeerFlags(PeerFlags* flags, CLI::App* app);

// A channel to each peer that has an address, by service; it connects when it is first used. With
// TLS new connections use what the files hold then (see MakeFollowedTlsClientCredentials).
// INVALID_ARGUMENT: an address is none, or beyond this machine and there is no TLS, or an option
// for TLS is missing; also the errors of ReadTlsMaterial. The message names the option.
absl::StatusOr<std::map<std::string, std::shared_ptr<grpc::Channel>>> ConnectPeers(
    const PeerFlags& flags);

}  // namespace tandem::common

#endif  // SERVICES_COMMON_PEER_SERVICES_H_
