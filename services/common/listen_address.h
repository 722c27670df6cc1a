// Where a server may listen. Without TLS that is this machine only: an address that others can
// reach is refused at start, with the reason. Thread-safe.
#ifndef SERVICES_COMMON_LISTEN_ADDRESS_H_
#define SERVICES_COMMON_LISTEN_ADDRESS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tandem::common {

struct ListenAddress {
  std::string host;       // "127.0.0.1", "::1"; empty for a Unix socket
  int port = 0;           // 0 picks a free one
  std::string unix_path;  // empty for TCP

  // As gRPC takes it: "127.0.0.1:7400", "[::1]:7400", "unix:/path".
  std::string ToString() const;
};

// From where a listener can be reached.
enum class Reach { kThisMachine, kAnywhere };

// Takes "127.x.y.z:PORT", "[::1]:PORT", "localhost:PORT", "unix:PATH"; and with kAnywhere, which
// needs TLS, any numeric address: "0.0.0.0:PORT", "[::]:PORT". INVALID_ARGUMENT for anything else,
// saying what is accepted.
absl::StatusOr<ListenAddress> ParseListenAddress(absl::string_view text,
                                                 Reach reach = Reach::kThisMachine);

// OK when it can be bound now; ALREADY_EXISTS when another process listens there, else
// INVALID_ARGUMENT or PERMISSION_DENIED, with what to do.
absl::Status CheckFree(const ListenAddress& address);

// Listens there: the descriptor of a non-blocking socket, the caller's to close. Sets the real port
// of `address`. A socket file that nobody answers at is replaced; nothing removes the new one at
// the end. Errors: those of CheckFree.
absl::StatusOr<int> Listen(ListenAddress* address);

}  // namespace tandem::common

#endif  // SERVICES_COMMON_LISTEN_ADDRESS_H_
