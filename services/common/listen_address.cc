#include "services/common/listen_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
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

// The errno of binding to `address`, 0 when it went well.
int TryBind(int family, const sockaddr* address, socklen_t size) {
  const int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return errno;
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  int error = bind(fd, address, size) == 0 ? 0 : errno;
  if (error == 0 && listen(fd, 1) != 0) error = errno;
  close(fd);
  return error;
}

int TryBindTcp(const ListenAddress& address) {
  if (absl::StrContains(address.host, ":")) {
    sockaddr_in6 v6 = {};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(static_cast<uint16_t>(address.port));
    inet_pton(AF_INET6, address.host.c_str(), &v6.sin6_addr);
    return TryBind(AF_INET6, reinterpret_cast<const sockaddr*>(&v6), sizeof(v6));
  }
  sockaddr_in v4 = {};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(static_cast<uint16_t>(address.port));
  inet_pton(AF_INET, address.host.c_str(), &v4.sin_addr);
  return TryBind(AF_INET, reinterpret_cast<const sockaddr*>(&v4), sizeof(v4));
}

// gRPC removes a socket file that stands there, also one in use: so ask whether somebody answers.
int TryUnix(const std::string& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) return ENAMETOOLONG;
  path.copy(address.sun_path, path.size());
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return errno;
  const bool answered =
      connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  close(fd);
  return answered ? EADDRINUSE : 0;
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
  const int error = address.unix_path.empty() ? TryBindTcp(address) : TryUnix(address.unix_path);
  return error == 0 ? absl::OkStatus() : CannotBind(address, error);
}

}  // namespace tandem::common
