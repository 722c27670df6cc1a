// Who calls, by what the call carries: the one seam at which credentials become a Principal.
//
//   AuthenticatorChain chain({tokens, certificates});
//   TANDEM_ASSIGN_OR_RETURN(Principal caller, chain.Identify(credentials));
//
// Each kind of credential has an Authenticator of its own; a server asks them in order. On loopback
// without TLS the last of them is DevelopmentAuthenticator, which believes what the caller states.
//
// Thread-safe: every implementation is called from all threads of a server at once.
#ifndef SERVICES_COMMON_AUTHENTICATION_AUTHENTICATOR_H_
#define SERVICES_COMMON_AUTHENTICATION_AUTHENTICATOR_H_

#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/common/principal.h"

namespace tandem::common {

// What a call carries; all of it is valid during the call of Authenticate only.
struct CallCredentials {
  const ClientMetadata& metadata;
  // The certificate that the TLS handshake verified, in PEM; empty without one.
  absl::string_view peer_certificate_pem;
};

class Authenticator {
 public:
  virtual ~Authenticator() = default;

  // The caller; std::nullopt when the call carries no credential of this kind, so that others are
  // asked. UNAUTHENTICATED: it carries one that is not valid. INVALID_ARGUMENT: it cannot be
  // understood. Neither the error nor a log may repeat the credential.
  virtual absl::StatusOr<std::optional<Principal>> Authenticate(
      const CallCredentials& credentials) const = 0;
};

// Believes the metadata of principal.h, and so accepts every call: for development on loopback, and
// for Tandem's services among themselves within a process.
class DevelopmentAuthenticator final : public Authenticator {
 public:
  absl::StatusOr<std::optional<Principal>> Authenticate(
      const CallCredentials& credentials) const override;
};

class AuthenticatorChain {
 public:
  explicit AuthenticatorChain(std::vector<std::shared_ptr<const Authenticator>> authenticators);

  // By the first that finds a credential of its kind, or its error; std::nullopt when none does.
  absl::StatusOr<std::optional<Principal>> Find(const CallCredentials& credentials) const;
  // The same, but UNAUTHENTICATED (CREDENTIALS_MISSING) when none does.
  absl::StatusOr<Principal> Identify(const CallCredentials& credentials) const;

 private:
  const std::vector<std::shared_ptr<const Authenticator>> authenticators_;
};

}  // namespace tandem::common

#endif  // SERVICES_COMMON_AUTHENTICATION_AUTHENTICATOR_H_
