#include "services/gateway/testing/http_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace tandem::gateway {

HttpClient::HttpClient(const std::string& address) {
  int port = 0;
  if (!absl::SimpleAtoi(address.substr(address.rfind(':') + 1), &port)) return;
  sockaddr_in target = {};
  target.sin_family = AF_INET;
  target.sin_port = htons(static_cast<uint16_t>(port));
  target.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd_ < 0) return;
  const timeval guard = absl::ToTimeval(kHangGuard);
  setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &guard, sizeof(guard));
  setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &guard, sizeof(guard));
  if (connect(fd_, reinterpret_cast<const sockaddr*>(&target), sizeof(target)) != 0) Close();
}

HttpClient::~HttpClient() { Close(); }

void HttpClient::Close() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

bool HttpClient::Send(absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

bool HttpClient::Fill() {
  char bytes[16384];
  const ssize_t got = recv(fd_, bytes, sizeof(bytes), 0);
  if (got <= 0) return false;
  buffer_.append(bytes, static_cast<size_t>(got));
  return true;
}

bool HttpClient::TakeLine(std::string* line) {
  size_t end = 0;
  while ((end = buffer_.find("\r\n")) == std::string::npos) {
    if (!Fill()) return false;
  }
  *line = buffer_.substr(0, end);
  buffer_.erase(0, end + 2);
  return true;
}

bool HttpClient::TakeBytes(size_t size, std::string* bytes) {
  while (buffer_.size() < size) {
    if (!Fill()) return false;
  }
  bytes->append(buffer_, 0, size);
  buffer_.erase(0, size);
  return true;
}

bool HttpClient::TakeChunks(std::string* body) {
  std::string line;
  while (TakeLine(&line)) {
    const size_t size = std::stoul("0" + line, nullptr, 16);
    if (!TakeBytes(size, body) || !TakeLine(&line)) return false;
    if (size == 0) return true;
  }
  return false;
}

int HttpClient::TakeHead(HttpHeaders* headers) {
  std::string line;
  int status = 0;
  if (!TakeLine(&line) || line.size() < 12 || !absl::SimpleAtoi(line.substr(9, 3), &status)) {
    return 0;
  }
  while (TakeLine(&line)) {
    if (line.empty()) return status;
    const size_t colon = line.find(':');
    headers->push_back(
        {absl::AsciiStrToLower(line.substr(0, colon)),
         std::string(absl::StripAsciiWhitespace(absl::string_view(line).substr(colon + 1)))});
  }
  return 0;
}

HttpResponse HttpClient::ReceiveHead() {
  HttpResponse response;
  response.status = TakeHead(&response.headers);
  return response;
}

HttpResponse HttpClient::Receive() {
  HttpResponse response;
  response.status = 0;
  const int status = TakeHead(&response.headers);
  if (status == 0) return response;
  const std::string* length = FindHeader(response.headers, "content-length");
  size_t size = 0;
  const bool complete = length != nullptr
                            ? absl::SimpleAtoi(*length, &size) && TakeBytes(size, &response.body)
                        : FindHeader(response.headers, "transfer-encoding") != nullptr
                            ? TakeChunks(&response.body)
                            : status == 204 || status == 100;
  if (complete) response.status = status;
  return response;
}

HttpResponse HttpClient::Call(absl::string_view method, absl::string_view target,
                              const HttpHeaders& headers, absl::string_view body) {
  std::string request = absl::StrCat(method, " ", target, " HTTP/1.1\r\n");
  if (FindHeader(headers, "host") == nullptr) request += "host: 127.0.0.1\r\n";
  for (const HttpHeader& header : headers) {
    absl::StrAppend(&request, header.name, ": ", header.value, "\r\n");
  }
  absl::StrAppend(&request, "content-length: ", body.size(), "\r\n\r\n", body);
  Send(request);
  return Receive();
}

bool HttpClient::ClosesWithin(absl::Duration timeout) {
  pollfd waiting = {fd_, POLLIN, 0};
  while (poll(&waiting, 1, static_cast<int>(absl::ToInt64Milliseconds(timeout))) > 0) {
    if (!Fill()) return true;
  }
  return false;
}

}  // namespace tandem::gateway
