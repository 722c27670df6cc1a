// Which pages of other origins may call from a browser (the fetch standard's CORS protocol), and
// under which host names the gateway answers at all: a page that makes its own name resolve to this
// machine (DNS rebinding) must not reach it. Thread-safe.
#ifndef SERVICES_GATEWAY_CORS_H_
#define SERVICES_GATEWAY_CORS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/gateway/http_message.h"

namespace tandem::gateway {

struct BrowserRules {
  std::vector<std::string> origins;  // that may call: "https://programme.example"; none by default
  std::vector<std::string> hosts;    // names that a proxy in front passes on, without port
};

// INVALID_ARGUMENT when an origin is no "http(s)://host[:port]", or a host has a port or a path.
absl::Status CheckBrowserRules(const BrowserRules& rules);

// Whether the Host header names this machine's loopback or one of `rules.hosts`. A request without
// the header, which browsers always send, passes.
bool HostIsKnown(const HttpHeaders& headers, const BrowserRules& rules);

// The answer to a preflight (OPTIONS with Access-Control-Request-Method), std::nullopt when
// `request` is none.
std::optional<HttpResponse> AnswerPreflight(const HttpRequest& request, const BrowserRules& rules);

// Adds what lets the page of the request's Origin read the response, if it may.
void AllowOrigin(const HttpRequest& request, const BrowserRules& rules, HttpResponse* response);

}  // namespace tandem::gateway

#endif  // SERVICES_GATEWAY_CORS_H_
