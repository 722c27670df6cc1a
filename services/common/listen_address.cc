#include "services/common/listen_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/common/errors.h"

namespace tandem::common {
namespace {

constexpr char kAcceptedHere[] =
    "without TLS a server listens on this machine only: give 127.0.0.1:PORT, [::1]:PORT, "
    "localhost:PORT or unix:PATH; for other machines give a gRPC server --tls-certificate and "
    "--tls-key, and put a proxy that does TLS in front of HTTP";
constexpr char kAcceptedAnywhere[] =
    "give a numeric address and a port, such as 0.0.0.0:7400, [::]:7400 or 127.0.0.1:7400, or "
    "localhost:PORT or unix:PATH";

absl::Status Refused(absl::string_view text, Reach reach) {
  if (reach == Reach::kThisMachine) {
    return MakeError(absl::StatusCode::kInvalidArgument, "ADDRESS_NOT_LOOPBACK",
                     absl::StrCat("cannot listen on \"", text, "\": ", kAcceptedHere));
  }
  return MakeError(absl::StatusCode::kInvalidArgument, "ADDRESS_UNUSABLE",
                   absl::StrCat("cannot listen on \"", text, "\": ", kAcceptedAnywhere));
}

// The host of "HOST:PORT" without brackets, empty when it is none that may be listened on.
std::string HostOf(absl::string_view text, Reach reach) {
  if (text == "localhost") return "127.0.0.1";
  const bool brackets = absl::ConsumePrefix(&text, "[") && absl::ConsumeSuffix(&text, "]");
  const std::string host(text);
  if (brackets) {
    in6_addr v6 = {};
    if (inet_pton(AF_INET6, host.c_str(), &v6) != 1) return "";
    return reach == Reach::kAnywhere || host == "::1" ? host : "";
  }
  in_addr v4 = {};
  if (inet_pton(AF_INET, host.c_str(), &v4) != 1) return "";
  return reach == Reach::kAnywhere || (ntohl(v4.s_addr) >> 24) == 127 ? host : "";
}

absl::Status CannotBind(const ListenAddress& address, int error) {
  const std::string where = address.ToString();
  if (error == EADDRINUSE) {
    return MakeError(absl::StatusCode::kAlreadyExists, "ADDRESS_TAKEN",
                     absl::StrCat("another program listens on ", where,
                                  " already: stop it (\"ss -ltnp\" shows which), or choose "
                                  "another address with --address, for HTTP --http-address"),
                     {{"address", where}});
  }
  const absl::StatusCode code =
      error == EACCES ? absl::StatusCode::kPermissionDenied : absl::StatusCode::kInvalidArgument;
  return MakeError(code, "ADDRESS_UNUSABLE",
                   absl::StrCat("cannot listen on ", where, ": ", std::strerror(error),
                                "; choose another address with --address, for HTTP --http-address"),
                   {{"address", where}});
}

// A socket that listens at an address, or why there is none.
struct Listening {
  int fd = -1;
  int error = 0;  // errno
};

Listening ListenAt(const sockaddr* address, socklen_t size) {
  const int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return {-1, errno};
  const int on = 1;
  const int off = 0;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  // [::] takes IPv4 too, as gRPC's own listeners do; it is no option of other sockets.
  setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
  if (bind(fd, address, size) == 0 && listen(fd, SOMAXCONN) == 0) return {fd, 0};
  const int error = errno;
  close(fd);
  return {-1, error};
}

Listening ListenTcp(const ListenAddress& address) {
  if (absl::StrContains(address.host, ":")) {
    sockaddr_in6 v6 = {};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(static_cast<uint16_t>(address.port));
    inet_pton(AF_INET6, address.host.c_str(), &v6.sin6_addr);
    return ListenAt(reinterpret_cast<const sockaddr*>(&v6), sizeof(v6));
  }
  sockaddr_in v4 = {};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(static_cast<uint16_t>(address.port));
  inet_pton(AF_INET, address.host.c_str(), &v4.sin_addr);
  return ListenAt(reinterpret_cast<const sockaddr*>(&v4), sizeof(v4));
}

int PortOf(int fd) {
  sockaddr_storage storage = {};
  socklen_t size = sizeof(storage);
  getsockname(fd, reinterpret_cast<sockaddr*>(&storage), &size);
  // Both families have it in the same place.
  return ntohs(reinterpret_cast<const sockaddr_in*>(&storage)->sin_port);
}

// False when the path is too long for a socket.
bool UnixAddress(const std::string& path, sockaddr_un* address) {
  *address = {};
  address->sun_family = AF_UNIX;
  if (path.size() >= sizeof(address->sun_path)) return false;
  path.copy(address->sun_path, path.size());
  return true;
}

// Whether somebody answers at a socket file: one that a killed process left may be replaced.
int TryUnix(const std::string& path) {
  sockaddr_un address = {};
  if (!UnixAddress(path, &address)) return ENAMETOOLONG;
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return errno;
  const bool answered =
      connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  close(fd);
  return answered ? EADDRINUSE : 0;
}

Listening ListenUnix(const std::string& path) {
  sockaddr_un address = {};
  if (!UnixAddress(path, &address)) return {-1, ENAMETOOLONG};
  if (const int error = TryUnix(path)) return {-1, error};
  struct stat facts = {};
  // Nothing but a socket is ever removed: the path may be a slip.
  if (stat(path.c_str(), &facts) == 0 && S_ISSOCK(facts.st_mode)) unlink(path.c_str());
  return ListenAt(reinterpret_cast<const sockaddr*>(&address), sizeof(address));
}

int TryTcp(const ListenAddress& address) {
  const Listening listening = ListenTcp(address);
  if (listening.fd >= 0) close(listening.fd);
  return listening.error;
}

}  // namespace

std::string ListenAddress::ToString() const {
  if (!unix_path.empty()) return absl::StrCat("unix:", unix_path);
  return absl::StrContains(host, ":") ? absl::StrCat("[", host, "]:", port)
                                      : absl::StrCat(host, ":", port);
}

absl::StatusOr<ListenAddress> ParseListenAddress(absl::string_view text, Reach reach) {
  ListenAddress address;
  absl::string_view rest = text;
  if (absl::ConsumePrefix(&rest, "unix:")) {
    if (rest.empty()) return Refused(text, reach);
    address.unix_path = std::string(rest);
    return address;
  }
  const size_t colon = text.rfind(':');
  if (colon == absl::string_view::npos ||
      !absl::SimpleAtoi(text.substr(colon + 1), &address.port) || address.port < 0 ||
      address.port > 65535) {
    return Refused(text, reach);
  }
  address.host = HostOf(text.substr(0, colon), reach);
  if (address.host.empty()) return Refused(text, reach);
  return address;
}

absl::Status CheckFree(const ListenAddress& address) {
  const int error = address.unix_path.empty() ? TryTcp(address) : TryUnix(address.unix_path);
  return error == 0 ? absl::OkStatus() : CannotBind(address, error);
}

absl::StatusOr<int> Listen(ListenAddress* address) {
  const Listening listening =
      address->unix_path.empty() ? ListenTcp(*address) : ListenUnix(address->unix_path);
  if (listening.error != 0) return CannotBind(*address, listening.error);
  if (address->unix_path.empty()) address->port = PortOf(listening.fd);
  return listening.fd;
}

}  // namespace tandem::common
