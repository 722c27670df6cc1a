// An HTTP request and its response, as plain values: what the gateway reads and writes, apart from
// the library that carries them (http_server.h).
#ifndef SERVICES_GATEWAY_HTTP_MESSAGE_H_
#define SERVICES_GATEWAY_HTTP_MESSAGE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace tandem::gateway {

struct HttpHeader {
  std::string name;  // in lower case
  std::string value;
};

// In the order of the message; a name may stand more than once.
using HttpHeaders = std::vector<HttpHeader>;

// The first value of `name` (in lower case), or nullptr.
inline const std::string* FindHeader(const HttpHeaders& headers, absl::string_view name) {
  for (const HttpHeader& header : headers) {
    if (header.name == name) return &header.value;
  }
  return nullptr;
}

struct HttpRequest {
  std::string method;  // "POST"
  std::string target;  // "/package.Service/Method?query"
  HttpHeaders headers;
  std::string body;  // without any Transfer-Encoding, with its Content-Encoding
};

struct HttpResponse {
  int status = 200;
  HttpHeaders headers;  // neither Content-Length, Transfer-Encoding nor Connection
  std::string body;
};

}  // namespace tandem::gateway

#endif  // SERVICES_GATEWAY_HTTP_MESSAGE_H_
