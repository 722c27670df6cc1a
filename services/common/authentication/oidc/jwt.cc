#include "services/common/authentication/oidc/jwt.h"

#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_split.h"

namespace tandem::common {

std::optional<std::string> FromBase64Url(absl::string_view text) {
  std::string bytes;
  // Abseil's takes padding, spaces and loose bits at the end, too; its inverse makes none of these.
  if (!absl::WebSafeBase64Unescape(text, &bytes)) return std::nullopt;
  if (absl::WebSafeBase64Escape(bytes) != text) return std::nullopt;
  return bytes;
}

std::optional<absl::string_view> StringMember(const base::JsonValue& object,
                                              absl::string_view key) {
  const base::JsonValue* member = object.Find(key);
  if (member == nullptr || member->kind != base::JsonValue::Kind::kString) return std::nullopt;
  return absl::string_view(member->text);
}

absl::StatusOr<Jwt> ParseJwt(absl::string_view token) {
  if (token.size() > kMaxJwtBytes) return absl::InvalidArgumentError("it is longer than 8 KiB");
  const std::vector<absl::string_view> parts = absl::StrSplit(token, '.');
  if (parts.size() != 3) return absl::InvalidArgumentError("it has not three parts");
  std::optional<std::string> header = FromBase64Url(parts[0]);
  std::optional<std::string> claims = FromBase64Url(parts[1]);
  std::optional<std::string> signature = FromBase64Url(parts[2]);
  if (!header.has_value() || !claims.has_value() || !signature.has_value()) {
    return absl::InvalidArgumentError("a part of it is no base64url");
  }
  absl::StatusOr<base::JsonValue> json = base::ParseJson(*header, "header");
  if (!json.ok() || json->kind != base::JsonValue::Kind::kObject) {
    return absl::InvalidArgumentError("its header is no JSON object with unique members");
  }
  Jwt jwt;
  jwt.header = *std::move(json);
  jwt.claims = *std::move(claims);
  jwt.signed_part = token.substr(0, parts[0].size() + 1 + parts[1].size());
  jwt.signature = *std::move(signature);
  return jwt;
}

}  // namespace tandem::common
