#include "services/gateway/cors.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "services/common/errors.h"
#include "services/common/status_conversion.h"
#include "services/gateway/connect_error.h"

namespace tandem::gateway {
namespace {

constexpr char kMethods[] = "GET, POST";
constexpr char kMaxAgeSeconds[] = "7200";
constexpr char kAlwaysExposed[] =
    "content-encoding, connect-content-encoding, grpc-status, grpc-message, "
    "grpc-status-details-bin, grpc-encoding, retry-after";

bool IsAllowed(absl::string_view origin, const BrowserRules& rules) {
  return std::find(rules.origins.begin(), rules.origins.end(), origin) != rules.origins.end();
}

bool IsHostText(absl::string_view host) {
  return !host.empty() && host.find_first_of("/?#@ *,") == absl::string_view::npos;
}

// Without the port: "127.0.0.1", "[::1]", "example.org".
std::string HostName(absl::string_view host) {
  const size_t end = host.find(':', absl::StartsWith(host, "[") ? host.find(']') : 0);
  return absl::AsciiStrToLower(host.substr(0, end));
}

bool IsLoopback(absl::string_view host) {
  if (host == "localhost" || host == "[::1]") return true;
  return absl::StartsWith(host, "127.") && std::all_of(host.begin(), host.end(), [](char c) {
           return absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '.';
         });
}

}  // namespace

absl::Status CheckBrowserRules(const BrowserRules& rules) {
  common::FieldViolations violations;
  for (const std::string& origin : rules.origins) {
    absl::string_view rest = origin;
    if (!(absl::ConsumePrefix(&rest, "https://") || absl::ConsumePrefix(&rest, "http://")) ||
        !IsHostText(rest)) {
      violations.Add("http-cors-origin",
                     absl::StrCat("\"", origin, "\" is no origin: give SCHEME://HOST[:PORT]"));
    }
  }
  for (const std::string& host : rules.hosts) {
    if (!IsHostText(host) || absl::StrContains(host, ":")) {
      violations.Add("http-host", absl::StrCat("\"", host, "\" is no host name without a port"));
    }
  }
  return violations.ToStatus();
}

bool HostIsKnown(const HttpHeaders& headers, const BrowserRules& rules) {
  const std::string* header = FindHeader(headers, "host");
  if (header == nullptr) return true;
  const std::string host = HostName(*header);
  return IsLoopback(host) ||
         std::any_of(rules.hosts.begin(), rules.hosts.end(), [&host](const std::string& known) {
           return absl::AsciiStrToLower(known) == host;
         });
}

std::optional<HttpResponse> AnswerPreflight(const HttpRequest& request, const BrowserRules& rules) {
  const std::string* method = FindHeader(request.headers, "access-control-request-method");
  const std::string* origin = FindHeader(request.headers, "origin");
  if (request.method != "OPTIONS" || method == nullptr || origin == nullptr) return std::nullopt;
  if (!IsAllowed(*origin, rules)) {
    return ConnectErrorResponse(common::ToGrpcStatus(common::PermissionDenied(
        "pages of this origin may not call: see --http-cors-origin", "ORIGIN_NOT_ALLOWED")));
  }
  HttpResponse response;
  response.status = 204;
  response.headers = {{"access-control-allow-methods", kMethods},
                      {"access-control-max-age", kMaxAgeSeconds}};
  // Which headers count is decided later, by call_metadata.h.
  if (const std::string* names = FindHeader(request.headers, "access-control-request-headers")) {
    response.headers.push_back({"access-control-allow-headers", *names});
  }
  return response;
}

void AllowOrigin(const HttpRequest& request, const BrowserRules& rules, HttpResponse* response) {
  const std::string* origin = FindHeader(request.headers, "origin");
  if (rules.origins.empty()) return;
  response->headers.push_back({"vary", "origin"});
  if (origin == nullptr || !IsAllowed(*origin, rules)) return;
  std::string exposed = kAlwaysExposed;
  for (const HttpHeader& header : response->headers) {
    if (absl::StartsWith(header.name, "trailer-")) absl::StrAppend(&exposed, ", ", header.name);
  }
  response->headers.push_back({"access-control-allow-origin", *origin});
  response->headers.push_back({"access-control-expose-headers", std::move(exposed)});
}

}  // namespace tandem::gateway
