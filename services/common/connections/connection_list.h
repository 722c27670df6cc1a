// The connections that a gRPC server was given, and which of them go when there are too many.
//
// gRPC closes its connections itself and tells nobody; so each is known by its descriptor together
// with the number of its socket, which the kernel gives only once: where the descriptor is closed,
// or is another socket by now, the connection has ended.
//
// A full list makes room for a newcomer: a sixteenth of the connections, at least one, is closed,
// those first from which nothing came for longest. A connection whose peer has a call running is
// never closed. A client whose idle connection was closed connects again at its next call.
//
// Not thread-safe.
#ifndef SERVICES_COMMON_CONNECTIONS_CONNECTION_LIST_H_
#define SERVICES_COMMON_CONNECTIONS_CONNECTION_LIST_H_

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"

namespace tandem::common {

class ConnectionList {
 public:
  // Of calls that run now, as gRPC names their peers: "ipv4:127.0.0.1:41234".
  using BusyPeers = std::function<absl::flat_hash_set<std::string>()>;

  ConnectionList(size_t max_connections, BusyPeers busy_peers)
      : max_connections_(max_connections), busy_peers_(std::move(busy_peers)) {}

  // Whether the socket `fd` may be served, and if so remembers it. Others may be closed for it;
  // gRPC notices, and gives their descriptors back.
  bool Admit(int fd);
  // Closes as for a newcomer; false when every connection is at work.
  bool MakeRoom();

 private:
  struct Connection {
    int fd = -1;
    ino_t socket = 0;
    std::string peer;
    bool closing = false;
  };

  void ForgetEnded();
  size_t Serving() const;

  const size_t max_connections_;
  const BusyPeers busy_peers_;
  std::vector<Connection> connections_;  // in order of admission
};

}  // namespace tandem::common

#endif  // SERVICES_COMMON_CONNECTIONS_CONNECTION_LIST_H_
