#include "services/common/connections/connection_list.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

namespace tandem::common {
namespace {

constexpr size_t kPartToClose = 16;

// 0 when there is no such descriptor.
ino_t SocketOf(int fd) {
  struct stat facts = {};
  return fstat(fd, &facts) == 0 ? facts.st_ino : 0;
}

std::string Ipv4Peer(const in_addr& address, in_port_t port) {
  char text[INET_ADDRSTRLEN] = "";
  inet_ntop(AF_INET, &address, text, sizeof(text));
  return absl::StrCat("ipv4:", text, ":", ntohs(port));
}

// As gRPC writes it (grpc_call_get_peer); empty for what cannot be told apart, a Unix socket.
std::string PeerOf(int fd) {
  sockaddr_storage storage = {};
  socklen_t size = sizeof(storage);
  if (getpeername(fd, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return "";
  if (storage.ss_family == AF_INET) {
    sockaddr_in v4 = {};
    std::memcpy(&v4, &storage, sizeof(v4));
    return Ipv4Peer(v4.sin_addr, v4.sin_port);
  }
  if (storage.ss_family != AF_INET6) return "";
  sockaddr_in6 v6 = {};
  std::memcpy(&v6, &storage, sizeof(v6));
  if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) {
    in_addr v4 = {};
    std::memcpy(&v4, &v6.sin6_addr.s6_addr[12], sizeof(v4));
    return Ipv4Peer(v4, v6.sin6_port);
  }
  char text[INET6_ADDRSTRLEN] = "";
  inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof(text));
  return absl::StrCat("ipv6:%5B", text, "%5D:", ntohs(v6.sin6_port));
}

// Milliseconds since something came from the peer.
uint32_t SilenceOf(int fd) {
  tcp_info info = {};
  socklen_t size = sizeof(info);
  if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return 0;
  return info.tcpi_last_data_recv;
}

// Shuts down the connection `socket` at `fd`, unless gRPC has closed it and the descriptor belongs
// to another by now: what the copy refers to cannot change under us. False when it did not.
bool ShutDown(int fd, ino_t socket) {
  const int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
  if (copy < 0) return false;
  const bool same = SocketOf(copy) == socket;
  if (same) shutdown(copy, SHUT_RDWR);
  close(copy);
  return same;
}

}  // namespace

bool ConnectionList::Admit(int fd) {
  if (Serving() >= max_connections_) ForgetEnded();
  if (Serving() >= max_connections_ && !MakeRoom()) return false;
  connections_.push_back({fd, SocketOf(fd), PeerOf(fd)});
  return true;
}

bool ConnectionList::MakeRoom() {
  ForgetEnded();
  // gRPC has not yet closed those of before: it is too busy for more.
  if (connections_.size() >= 2 * max_connections_) return false;
  const absl::flat_hash_set<std::string> busy = busy_peers_();
  std::vector<std::pair<uint32_t, Connection*>> idle;
  for (Connection& connection : connections_) {
    // Peers on a Unix socket all have the same name, so who of them is busy cannot be told.
    if (connection.closing || connection.peer.empty() || busy.contains(connection.peer)) continue;
    idle.emplace_back(SilenceOf(connection.fd), &connection);
  }
  std::stable_sort(idle.begin(), idle.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  size_t left = std::max<size_t>(1, max_connections_ / kPartToClose);
  bool closed_one = false;
  for (const auto& [silence, connection] : idle) {
    if (left == 0) break;
    if (!ShutDown(connection->fd, connection->socket)) continue;
    connection->closing = true;
    closed_one = true;
    --left;
  }
  return closed_one;
}

void ConnectionList::ForgetEnded() {
  connections_.erase(std::remove_if(connections_.begin(), connections_.end(),
                                    [](const Connection& connection) {
                                      return SocketOf(connection.fd) != connection.socket;
                                    }),
                     connections_.end());
}

size_t ConnectionList::Serving() const {
  return std::count_if(connections_.begin(), connections_.end(),
                       [](const Connection& connection) { return !connection.closing; });
}

}  // namespace tandem::common
