// Systems that call with a client certificate: which caller each certificate is.
//
// A CSV file says it, with the header "fingerprint,actor,role,subject" in any order:
//   fingerprint   SHA-256 of the certificate's DER form, 64 hexadecimal digits, colons allowed, as
//                 `openssl x509 -noout -fingerprint -sha256` prints it
//   actor         the name recorded with changes, 1 to 100 printable ASCII characters
//   role          as RoleFromText takes it
//   subject       "mentors/ID" or "organisations/ID" for the roles mentor and nsb, else empty
//
// A changed file counts within a second, see reloaded_file.h. Thread-safe.
#ifndef SERVICES_COMMON_AUTHENTICATION_CERTIFICATES_H_
#define SERVICES_COMMON_AUTHENTICATION_CERTIFICATES_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "services/common/authentication/authenticator.h"
#include "services/common/authentication/reloaded_file.h"
#include "services/common/principal.h"

namespace tandem::common {

// By fingerprint in lower case, without colons.
using CertificateMap = std::map<std::string, Principal, std::less<>>;

// A fingerprint as the map has it.
std::string PlainFingerprint(absl::string_view text);

// INVALID_ARGUMENT: "FILE:LINE:COLUMN: what is wrong".
absl::StatusOr<CertificateMap> ParseCertificates(absl::string_view csv,
                                                 const std::string& file_name);

class CertificateAuthenticator final : public Authenticator {
 public:
  // The errors of ReadSmallFile and ParseCertificates.
  static absl::StatusOr<std::shared_ptr<const CertificateAuthenticator>> Open(
      const std::string& path);

  // UNAUTHENTICATED (CERTIFICATE_UNKNOWN): the file does not name the certificate. INVALID_ARGUMENT
  // (METADATA_INVALID): the call also states who calls, which the certificate says.
  absl::StatusOr<std::optional<Principal>> Authenticate(
      const CallCredentials& credentials) const override;

 private:
  explicit CertificateAuthenticator(std::unique_ptr<ReloadedFile<CertificateMap>> callers)
      : callers_(std::move(callers)) {}

  absl::StatusOr<std::string> FingerprintOf(absl::string_view pem) const;

  const std::unique_ptr<ReloadedFile<CertificateMap>> callers_;
  mutable absl::Mutex mutex_;
  // Decoding a certificate takes longer than all the rest, and a system shows the same one always.
  mutable std::map<std::string, std::string, std::less<>> fingerprints_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tandem::common

#endif  // SERVICES_COMMON_AUTHENTICATION_CERTIFICATES_H_
