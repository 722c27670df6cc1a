// JSON Web Tokens in their compact form (RFC 7519, RFC 7515), read as RFC 8725 advises: strictly,
// one way only. Verifying them is key_set.h's, judging what they claim oidc_authenticator.h's.
//
// No error repeats a part of a token. Thread-safe: functions without state.
#ifndef SERVICES_COMMON_AUTHENTICATION_OIDC_JWT_H_
#define SERVICES_COMMON_AUTHENTICATION_OIDC_JWT_H_

#include <cstddef>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/json.h"

namespace tandem::common {

inline constexpr size_t kMaxJwtBytes = 8 << 10;

struct Jwt {
  base::JsonValue header;         // an object
  std::string claims;             // as they came: not to be looked at before the signature fits
  absl::string_view signed_part;  // of the token
  std::string signature;
};

// Takes a token apart; it must outlive the result. INVALID_ARGUMENT saying what is wrong: too long,
// not three parts, a part that is no base64url in its one canonical form without padding, a header
// that is no JSON object or has a member twice.
absl::StatusOr<Jwt> ParseJwt(absl::string_view token);

// The bytes that `text` stands for; std::nullopt unless it is base64url without padding, in the
// only form that these bytes have.
std::optional<std::string> FromBase64Url(absl::string_view text);

// The string member of an object; std::nullopt when it is missing or no string.
std::optional<absl::string_view> StringMember(const base::JsonValue& object, absl::string_view key);

}  // namespace tandem::common

#endif  // SERVICES_COMMON_AUTHENTICATION_OIDC_JWT_H_
