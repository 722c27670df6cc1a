#include "services/common/authentication/authenticator.h"

#include <utility>

#include "base/status_macros.h"
#include "services/common/errors.h"

namespace tandem::common {

absl::StatusOr<std::optional<Principal>> DevelopmentAuthenticator::Authenticate(
    const CallCredentials& credentials) const {
  TANDEM_ASSIGN_OR_RETURN(Principal principal, PrincipalFromMetadata(credentials.metadata));
  return std::optional<Principal>(std::move(principal));
}

AuthenticatorChain::AuthenticatorChain(
    std::vector<std::shared_ptr<const Authenticator>> authenticators)
    : authenticators_(std::move(authenticators)) {}

absl::StatusOr<std::optional<Principal>> AuthenticatorChain::Find(
    const CallCredentials& credentials) const {
  for (const std::shared_ptr<const Authenticator>& authenticator : authenticators_) {
    TANDEM_ASSIGN_OR_RETURN(std::optional<Principal> principal,
                            authenticator->Authenticate(credentials));
    if (principal.has_value()) return principal;
  }
  return std::optional<Principal>();
}

absl::StatusOr<Principal> AuthenticatorChain::Identify(const CallCredentials& credentials) const {
  TANDEM_ASSIGN_OR_RETURN(std::optional<Principal> principal, Find(credentials));
  if (principal.has_value()) return *std::move(principal);
  return MakeError(absl::StatusCode::kUnauthenticated, "CREDENTIALS_MISSING",
                   "the call carries no credentials that this server takes: connect with a client "
                   "certificate, or send a token as the metadata \"authorization: Bearer TOKEN\"");
}

}  // namespace tandem::common
