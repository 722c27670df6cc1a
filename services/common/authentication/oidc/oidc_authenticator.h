// Staff who call with an access token of their organisation's identity provider (OpenID Connect;
// the token as RFC 9068 profiles it): a JSON Web Token in the metadata "authorization: Bearer
// TOKEN".
//
// It is taken when its header has exactly the configured algorithm, a known key and a type (at+jwt
// or JWT), no extensions that must be understood (crit), its signature fits, and its claims say:
// the configured issuer, the configured audience among its own, not expired, not before its time,
// and not issued in the future, each with 60 seconds for clocks that differ. Who calls is "oidc:"
// and its subject (sub); the role comes from a claim by oidc_roles.h. The provider is never asked:
// a token is good until it expires, so have it give out short ones.
//
// Keys and roles are files that are read again when they change, see reloaded_file.h. Thread-safe.
#ifndef SERVICES_COMMON_AUTHENTICATION_OIDC_OIDC_AUTHENTICATOR_H_
#define SERVICES_COMMON_AUTHENTICATION_OIDC_OIDC_AUTHENTICATOR_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/json.h"
#include "services/common/authentication/authenticator.h"
#include "services/common/authentication/oidc/key_set.h"
#include "services/common/authentication/oidc/oidc_roles.h"
#include "services/common/authentication/reloaded_file.h"
#include "services/common/principal.h"

namespace tandem::common {

struct OidcOptions {
  std::string issuer;     // iss of its tokens; empty: none are taken
  std::string audience;   // what must be in aud: this installation, as the
                          // provider knows it
  std::string algorithm;  // the one that it signs with, see key_set.h
  std::string keys;       // file with its JWKS
  std::string roles;      // CSV file, see oidc_roles.h
  // Which claim holds the roles: its name, or a path of members, such as "realm_access.roles".
  std::string roles_claim = "roles";

  bool enabled() const { return !issuer.empty(); }
};

class OidcAuthenticator final : public Authenticator {
 public:
  static constexpr absl::Duration kClockSkew = absl::Seconds(60);

  // INVALID_ARGUMENT, NOT_FOUND or PERMISSION_DENIED: an option is missing or unknown, or a file
  // cannot be used; the message names it.
  static absl::StatusOr<std::shared_ptr<const OidcAuthenticator>> Open(
      const OidcOptions& options, std::function<absl::Time()> now = absl::Now);

  // std::nullopt without a bearer token, or with one of Tandem's own. UNAUTHENTICATED
  // (ACCESS_TOKEN_INVALID): saying which condition is not met. PERMISSION_DENIED (ROLE_MISSING):
  // the token has none of the roles, or not the one that tandem-role asks for.
  absl::StatusOr<std::optional<Principal>> Authenticate(
      const CallCredentials& credentials) const override;

 private:
  OidcAuthenticator(OidcOptions options, JwtAlgorithm algorithm, std::function<absl::Time()> now)
      : options_(std::move(options)), algorithm_(algorithm), now_(std::move(now)) {}

  // The claims of a token whose signature fits.
  absl::StatusOr<base::JsonValue> VerifiedClaims(absl::string_view token) const;
  absl::Status CheckClaims(const base::JsonValue& claims) const;
  absl::StatusOr<v1::Role> RoleOf(const base::JsonValue& claims,
                                  const ClientMetadata& metadata) const;

  const OidcOptions options_;
  const JwtAlgorithm algorithm_;
  const std::function<absl::Time()> now_;
  std::unique_ptr<ReloadedFile<KeySet>> keys_;      // set by Open
  std::unique_ptr<ReloadedFile<OidcRoles>> roles_;  // set by Open
};

// OK without an issuer, or when OidcAuthenticator::Open would do.
absl::Status CheckOidc(const OidcOptions& options);

}  // namespace tandem::common

#endif  // SERVICES_COMMON_AUTHENTICATION_OIDC_OIDC_AUTHENTICATOR_H_
