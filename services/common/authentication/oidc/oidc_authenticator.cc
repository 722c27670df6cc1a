#include "services/common/authentication/oidc/oidc_authenticator.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/csv.h"
#include "base/status_macros.h"
#include "services/common/authentication/bearer.h"
#include "services/common/authentication/oidc/jwt.h"
#include "services/common/errors.h"

namespace tandem::common {
namespace {

using base::JsonValue;

constexpr int64_t kMaxFileBytes = 1 << 20;
constexpr double kMaxUnixSeconds = 253402300799;  // the end of the year 9999
constexpr absl::string_view kActorPrefix = "oidc:";
constexpr size_t kMaxActorBytes = 100;
// Of Tandem's own secrets, which another authenticator knows.
constexpr absl::string_view kOwnPrefix = "tandem_";

absl::Status Invalid(absl::string_view why) {
  return MakeError(absl::StatusCode::kUnauthenticated, "ACCESS_TOKEN_INVALID",
                   absl::StrCat("the identity provider's token is not taken: ", why));
}

absl::Status Unusable(absl::string_view what) { return absl::InvalidArgumentError(what); }

absl::StatusOr<std::string> ReadSmall(const std::string& path) {
  absl::StatusOr<std::string> text = base::ReadFile(path, kMaxFileBytes);
  if (text.ok()) return text;
  const bool known = absl::IsNotFound(text.status()) || absl::IsPermissionDenied(text.status());
  return known ? text.status() : Unusable(text.status().message());
}

absl::Status CheckOptions(const OidcOptions& options) {
  const std::pair<const char*, const std::string*> needed[] = {
      {"--oidc-audience", &options.audience},
      {"--oidc-algorithm", &options.algorithm},
      {"--oidc-keys", &options.keys},
      {"--oidc-roles", &options.roles},
      {"--oidc-roles-claim", &options.roles_claim}};
  for (const auto& [name, value] : needed) {
    if (value->empty()) return Unusable(absl::StrCat("--oidc-issuer needs ", name, ", too"));
  }
  return absl::OkStatus();
}

// Tokens of other kinds (of identity, of refreshing) have other types, or another audience.
bool IsAccessTokenType(absl::string_view type) {
  return absl::EqualsIgnoreCase(type, "at+jwt") ||
         absl::EqualsIgnoreCase(type, "application/at+jwt") || absl::EqualsIgnoreCase(type, "JWT");
}

// The instant of a claim such as exp: seconds since 1970.
std::optional<absl::Time> InstantOf(const JsonValue& claims, absl::string_view name) {
  const JsonValue* claim = claims.Find(name);
  double seconds = 0;
  if (claim == nullptr || claim->kind != JsonValue::Kind::kNumber ||
      !absl::SimpleAtod(claim->text, &seconds) || !(seconds >= 0 && seconds <= kMaxUnixSeconds)) {
    return std::nullopt;
  }
  return absl::FromUnixSeconds(static_cast<int64_t>(std::floor(seconds)));
}

// Whether a claim is that string, or a list with it.
bool Holds(const JsonValue* claim, absl::string_view text) {
  if (claim == nullptr) return false;
  if (claim->kind == JsonValue::Kind::kString) return claim->text == text;
  return claim->kind == JsonValue::Kind::kArray &&
         std::any_of(claim->items.begin(), claim->items.end(), [&](const JsonValue& item) {
           return item.kind == JsonValue::Kind::kString && item.text == text;
         });
}

// The member called `path`; else along its parts between dots.
const JsonValue* FindClaim(const JsonValue& claims, const std::string& path) {
  if (const JsonValue* claim = claims.Find(path)) return claim;
  const JsonValue* at = &claims;
  for (const absl::string_view part : absl::StrSplit(path, '.')) {
    at = at->Find(part);
    if (at == nullptr) return nullptr;
  }
  return at;
}

absl::StatusOr<std::string> ActorOf(const JsonValue& claims) {
  const auto subject = StringMember(claims, "sub");
  const bool printable =
      subject.has_value() && std::all_of(subject->begin(), subject->end(),
                                         [](unsigned char c) { return absl::ascii_isprint(c); });
  if (printable && !subject->empty() && subject->size() <= kMaxActorBytes - kActorPrefix.size()) {
    return absl::StrCat(kActorPrefix, *subject);
  }
  return Invalid("its subject (sub) has not 1 to 95 printable signs of ASCII");
}

}  // namespace

absl::StatusOr<std::shared_ptr<const OidcAuthenticator>> OidcAuthenticator::Open(
    const OidcOptions& options, std::function<absl::Time()> now) {
  TANDEM_RETURN_IF_ERROR(CheckOptions(options));
  TANDEM_ASSIGN_OR_RETURN(const JwtAlgorithm algorithm, JwtAlgorithmFromText(options.algorithm));
  std::shared_ptr<OidcAuthenticator> opened(
      new OidcAuthenticator(options, algorithm, std::move(now)));
  const auto load_keys = [algorithm](const std::string& path) -> absl::StatusOr<KeySet> {
    TANDEM_ASSIGN_OR_RETURN(const std::string json, ReadSmall(path));
    return KeySet::Parse(json, path, algorithm);
  };
  const auto load_roles = [](const std::string& path) -> absl::StatusOr<OidcRoles> {
    TANDEM_ASSIGN_OR_RETURN(const std::string csv, ReadSmall(path));
    return ParseOidcRoles(csv, path);
  };
  TANDEM_ASSIGN_OR_RETURN(opened->keys_, ReloadedFile<KeySet>::Open("keys of the identity provider",
                                                                    options.keys, load_keys));
  TANDEM_ASSIGN_OR_RETURN(
      opened->roles_,
      ReloadedFile<OidcRoles>::Open("roles of the identity provider", options.roles, load_roles));
  return std::shared_ptr<const OidcAuthenticator>(std::move(opened));
}

absl::StatusOr<std::optional<Principal>> OidcAuthenticator::Authenticate(
    const CallCredentials& credentials) const {
  TANDEM_ASSIGN_OR_RETURN(const std::optional<absl::string_view> token,
                          BearerToken(credentials.metadata));
  if (!token.has_value() || absl::StartsWith(*token, kOwnPrefix)) {
    return std::optional<Principal>();
  }
  TANDEM_ASSIGN_OR_RETURN(const JsonValue claims, VerifiedClaims(*token));
  TANDEM_RETURN_IF_ERROR(CheckClaims(claims));
  Principal principal;
  TANDEM_ASSIGN_OR_RETURN(principal.actor, ActorOf(claims));
  TANDEM_ASSIGN_OR_RETURN(principal.role, RoleOf(claims, credentials.metadata));
  principal.credential = "oidc";
  return std::optional<Principal>(std::move(principal));
}

absl::StatusOr<JsonValue> OidcAuthenticator::VerifiedClaims(absl::string_view token) const {
  const absl::StatusOr<Jwt> jwt = ParseJwt(token);
  if (!jwt.ok()) return Invalid(jwt.status().message());
  const auto algorithm = StringMember(jwt->header, "alg");
  const absl::string_view expected = JwtAlgorithmToText(algorithm_);
  if (!algorithm.has_value() || *algorithm != expected) {
    return Invalid(absl::StrCat("it is not signed by ", expected));
  }
  if (jwt->header.Find("crit") != nullptr) {
    return Invalid("it has extensions (crit) that would have to be understood");
  }
  const auto type = StringMember(jwt->header, "typ");
  if (!type.has_value() || !IsAccessTokenType(*type)) {
    return Invalid("its type (typ) is neither at+jwt nor JWT");
  }
  const auto kid = StringMember(jwt->header, "kid");
  if (!kid.has_value()) return Invalid("it does not name its key (kid)");
  if (!keys_->Get()->Verify(*kid, jwt->signed_part, jwt->signature)) {
    return Invalid(
        "its signature does not fit the key that it names, or there "
        "is no such key");
  }
  absl::StatusOr<JsonValue> claims = base::ParseJson(jwt->claims, "claims");
  if (!claims.ok() || claims->kind != JsonValue::Kind::kObject) {
    return Invalid("its claims are no JSON object with unique members");
  }
  return claims;
}

absl::Status OidcAuthenticator::CheckClaims(const JsonValue& claims) const {
  const JsonValue* issuer = claims.Find("iss");
  if (issuer == nullptr || issuer->kind != JsonValue::Kind::kString ||
      issuer->text != options_.issuer) {
    return Invalid("it is of another issuer (iss)");
  }
  if (!Holds(claims.Find("aud"), options_.audience)) return Invalid("it is for others (aud)");
  const absl::Time now = now_();
  const std::optional<absl::Time> expires = InstantOf(claims, "exp");
  const std::optional<absl::Time> issued = InstantOf(claims, "iat");
  if (!expires.has_value() || !issued.has_value()) {
    return Invalid("it does not say when it was issued and expires (iat, exp)");
  }
  if (now >= *expires + kClockSkew) return Invalid("it is expired: get another");
  if (*issued > now + kClockSkew) return Invalid("it was issued in the future (iat)");
  if (claims.Find("nbf") == nullptr) return absl::OkStatus();
  const std::optional<absl::Time> not_before = InstantOf(claims, "nbf");
  if (not_before.has_value() && *not_before <= now + kClockSkew) return absl::OkStatus();
  return Invalid("it is not valid yet (nbf)");
}

absl::StatusOr<v1::Role> OidcAuthenticator::RoleOf(const JsonValue& claims,
                                                   const ClientMetadata& metadata) const {
  TANDEM_ASSIGN_OR_RETURN(const auto stated, OneValue(metadata, kRoleHeader));
  v1::Role asked = v1::ROLE_UNSPECIFIED;
  if (stated.has_value()) {
    TANDEM_ASSIGN_OR_RETURN(asked, RoleFromText(*stated));
  }
  const JsonValue* claim = FindClaim(claims, options_.roles_claim);
  const std::shared_ptr<const OidcRoles> roles = roles_->Get();
  for (const auto& [value, role] : *roles) {
    if (!Holds(claim, value)) continue;
    if (asked == v1::ROLE_UNSPECIFIED || asked == role) return role;
  }
  return PermissionDenied(
      absl::StrCat(
          "the identity provider's token gives ",
          stated.has_value() ? absl::StrCat("not the role ", RoleToText(asked)) : "no role",
          ": ask whoever keeps your roles there"),
      "ROLE_MISSING");
}

absl::Status CheckOidc(const OidcOptions& options) {
  if (options.enabled()) return OidcAuthenticator::Open(options).status();
  const bool half = !options.audience.empty() || !options.algorithm.empty() ||
                    !options.keys.empty() || !options.roles.empty();
  return half ? Unusable("the options --oidc-... need --oidc-issuer, too") : absl::OkStatus();
}

}  // namespace tandem::common
