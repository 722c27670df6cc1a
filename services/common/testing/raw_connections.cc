#include "services/common/testing/raw_connections.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utility>

#include "absl/strings/numbers.h"

namespace tandem::common {

RawConnection::RawConnection() : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}

RawConnection::~RawConnection() {
  if (fd_ >= 0) close(fd_);
}

RawConnection::RawConnection(RawConnection&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

bool RawConnection::Connect(const std::string& address) {
  int port = 0;
  if (!absl::SimpleAtoi(address.substr(address.rfind(':') + 1), &port)) return false;
  sockaddr_in target = {};
  target.sin_family = AF_INET;
  target.sin_port = htons(static_cast<uint16_t>(port));
  target.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return connect(fd_, reinterpret_cast<const sockaddr*>(&target), sizeof(target)) == 0;
}

bool RawConnection::Send(absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

bool RawConnection::ClosesWithin(absl::Duration timeout) {
  pollfd waiting = {fd_, POLLIN, 0};
  char bytes[4096];
  while (poll(&waiting, 1, static_cast<int>(absl::ToInt64Milliseconds(timeout))) > 0) {
    if (recv(fd_, bytes, sizeof(bytes), 0) <= 0) return true;
  }
  return false;
}

std::vector<RawConnection> ConnectSilently(const std::string& address, int count) {
  std::vector<RawConnection> connections;
  for (int i = 0; i < count; ++i) {
    RawConnection connection;
    if (!connection.Connect(address)) break;
    connections.push_back(std::move(connection));
  }
  return connections;
}

std::string Http2Preface() {
  // The settings frame: length 0, type 4, no flags, stream 0.
  return std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") + std::string("\0\0\0\4\0\0\0\0\0", 9);
}

}  // namespace tandem::common
