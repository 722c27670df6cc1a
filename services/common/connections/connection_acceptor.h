// Accepts the connections of a gRPC server in gRPC's stead, because gRPC 1.51 has no limit on them,
// and stops accepting for ever when the process once runs out of descriptors.
//
// What it admits it hands over; what is too much (see connection_list.h) it closes at once, which
// gRPC's clients report as UNAVAILABLE. When the process has no descriptor left, one that is kept
// back for that is used to close the peers who wait, and idle connections make room.
#ifndef SERVICES_COMMON_CONNECTIONS_CONNECTION_ACCEPTOR_H_
#define SERVICES_COMMON_CONNECTIONS_CONNECTION_ACCEPTOR_H_

#include <functional>
#include <thread>

#include "services/common/connections/connection_list.h"
#include "services/common/connections/spare_descriptor.h"

namespace tandem::common {

class ConnectionAcceptor {
 public:
  // Takes the listening socket `listener` over and starts to accept. `hand_over` gets the
  // descriptor of each connection and owns it then; it and `busy_peers` are called on the thread
  // of the acceptor.
  ConnectionAcceptor(int listener, int max_connections, std::function<void(int)> hand_over,
                     ConnectionList::BusyPeers busy_peers);
  // Stops to listen. Connections stay.
  ~ConnectionAcceptor();
  ConnectionAcceptor(const ConnectionAcceptor&) = delete;
  ConnectionAcceptor& operator=(const ConnectionAcceptor&) = delete;

 private:
  void Run();
  void AcceptOne();
  void RefuseWithoutDescriptor();

  const int listener_;
  const int wake_;  // readable when the thread is to end
  SpareDescriptor spare_;
  const std::function<void(int)> hand_over_;
  ConnectionList connections_;
  std::thread thread_;
};

}  // namespace tandem::common

#endif  // SERVICES_COMMON_CONNECTIONS_CONNECTION_ACCEPTOR_H_
