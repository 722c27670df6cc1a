// A plain HTTP/1.1 client over a real socket, for tests that say every byte themselves. Not
// thread-safe. Every wait ends after kHangGuard.
#ifndef SERVICES_GATEWAY_TESTING_HTTP_CLIENT_H_
#define SERVICES_GATEWAY_TESTING_HTTP_CLIENT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/gateway/http_message.h"

namespace tandem::gateway {

inline constexpr absl::Duration kHangGuard = absl::Seconds(30);

class HttpClient {
 public:
  // Connects to "127.0.0.1:PORT"; see connected().
  explicit HttpClient(const std::string& address);
  ~HttpClient();
  HttpClient(HttpClient&& other) noexcept : fd_(other.fd_), buffer_(std::move(other.buffer_)) {
    other.fd_ = -1;
  }
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  bool connected() const { return fd_ >= 0; }

  // False when the server has closed.
  bool Send(absl::string_view bytes);
  // The next response, its chunks joined; status 0 when the connection ended before it was
  // complete.
  HttpResponse Receive();
  // The next response, to HEAD: it ends with its headers.
  HttpResponse ReceiveHead();
  // Sends a request with Content-Length and Host, and receives.
  HttpResponse Call(absl::string_view method, absl::string_view target, const HttpHeaders& headers,
                    absl::string_view body);
  // Whether the server closes within `timeout`.
  bool ClosesWithin(absl::Duration timeout);
  void Close();

 private:
  // The status, 0 when the connection ended before the headers did.
  int TakeHead(HttpHeaders* headers);
  // Reads more into the buffer; false at the end.
  bool Fill();
  bool TakeLine(std::string* line);
  bool TakeBytes(size_t size, std::string* bytes);
  bool TakeChunks(std::string* body);

  int fd_ = -1;
  std::string buffer_;
};

}  // namespace tandem::gateway

#endif  // SERVICES_GATEWAY_TESTING_HTTP_CLIENT_H_
