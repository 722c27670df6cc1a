#include "services/gateway/call_metadata.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "services/common/errors.h"
#include "services/common/principal.h"
#include "services/common/status_conversion.h"

namespace tandem::gateway {
namespace {

constexpr absl::string_view kHttpNames[] = {
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "cache-control",
    "connection",
    "cookie",
    "date",
    "dnt",
    "expect",
    "forwarded",
    "host",
    "keep-alive",
    "origin",
    "pragma",
    "priority",
    "proxy-connection",
    "referer",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "upgrade-insecure-requests",
    "user-agent",
    "via",
    "x-grpc-web",
    "x-real-ip",
    "x-user-agent",
};
constexpr absl::string_view kHttpPrefixes[] = {
    "connect-", "content-", "if-", "proxy-", "sec-", "x-forwarded-", "access-control-",
};

bool IsOfHttp(absl::string_view name) {
  return std::any_of(std::begin(kHttpNames), std::end(kHttpNames),
                     [name](absl::string_view known) { return name == known; }) ||
         std::any_of(std::begin(kHttpPrefixes), std::end(kHttpPrefixes),
                     [name](absl::string_view prefix) { return absl::StartsWith(name, prefix); });
}

bool IsReserved(absl::string_view name) {
  return absl::StartsWith(name, "tandem-") || absl::StartsWith(name, "grpc-");
}

// What gRPC takes as a key and as a value.
bool IsValidName(absl::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-' || c == '_' || c == '.';
  });
}

bool IsValidValue(absl::string_view value) {
  return std::all_of(value.begin(), value.end(),
                     [](unsigned char c) { return c >= 0x20 && c < 0x7F; });
}

absl::string_view View(grpc::string_ref text) { return {text.data(), text.size()}; }

}  // namespace

bool PassesFromOutside(absl::string_view name) {
  return name == common::kActorHeader || name == common::kRoleHeader ||
         name == common::kSubjectHeader;
}

absl::StatusOr<CallMetadata> MetadataFromHeaders(const HttpHeaders& headers) {
  CallMetadata metadata;
  for (const HttpHeader& header : headers) {
    if (IsOfHttp(header.name) || !IsValidName(header.name)) continue;
    if (IsReserved(header.name) && !PassesFromOutside(header.name)) continue;
    if (!absl::EndsWith(header.name, "-bin")) {
      if (IsValidValue(header.value)) metadata.emplace_back(header.name, header.value);
      continue;
    }
    std::string bytes;
    if (!FromBase64(header.value, &bytes)) {
      return common::MakeError(absl::StatusCode::kInvalidArgument, "METADATA_INVALID",
                               absl::StrCat("the header ", header.name, " is no base64"));
    }
    metadata.emplace_back(header.name, std::move(bytes));
  }
  metadata.emplace_back(kViaHeader, kViaGateway);
  // Details stand in the body here, so that HTTP's limits on headers do not count.
  metadata.emplace_back(common::kAcceptDetailsHeader, absl::StrCat(common::kMaxDetailsBytes));
  return metadata;
}

HttpHeaders HeadersFromMetadata(const std::multimap<grpc::string_ref, grpc::string_ref>& metadata,
                                absl::string_view prefix) {
  HttpHeaders headers;
  for (const auto& [key, value] : metadata) {
    const absl::string_view name = View(key);
    if (IsOfHttp(name) || IsReserved(name)) continue;
    const bool binary = absl::EndsWith(name, "-bin");
    headers.push_back(
        {absl::StrCat(prefix, name), binary ? ToBase64(View(value)) : std::string(View(value))});
  }
  return headers;
}

std::string ToBase64(absl::string_view bytes) {
  const std::string padded = absl::Base64Escape(bytes);
  return std::string(padded, 0, padded.find('='));
}

bool FromBase64(absl::string_view text, std::string* bytes) {
  const std::string plain = absl::StrReplaceAll(text, {{"-", "+"}, {"_", "/"}});
  return absl::Base64Unescape(plain, bytes);
}

}  // namespace tandem::gateway
