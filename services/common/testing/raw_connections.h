// Connections that say what a test wants them to say, down to nothing. Not thread-safe.
#ifndef SERVICES_COMMON_TESTING_RAW_CONNECTIONS_H_
#define SERVICES_COMMON_TESTING_RAW_CONNECTIONS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace tandem::common {

class RawConnection {
 public:
  // A socket that is not connected yet.
  RawConnection();
  ~RawConnection();
  RawConnection(RawConnection&& other) noexcept;
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  // To "127.0.0.1:PORT"; false when nobody listens there. Takes no further descriptor.
  bool Connect(const std::string& address);
  bool Send(absl::string_view bytes);
  // Whether the other side closes within `timeout`. What it sent before is dropped.
  bool ClosesWithin(absl::Duration timeout);

 private:
  int fd_;
};

// `count` connections to `address` that say nothing; fewer when the process has no descriptors
// left.
std::vector<RawConnection> ConnectSilently(const std::string& address, int count);

// What an HTTP/2 client says first: its preface and empty settings.
std::string Http2Preface();

}  // namespace tandem::common

#endif  // SERVICES_COMMON_TESTING_RAW_CONNECTIONS_H_
