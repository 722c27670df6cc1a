// An identity provider for tests: a key pair made when it is needed, its JWKS, and what it signs.
// Ends the process when OpenSSL fails.
#ifndef SERVICES_COMMON_AUTHENTICATION_OIDC_TESTING_TEST_ISSUER_H_
#define SERVICES_COMMON_AUTHENTICATION_OIDC_TESTING_TEST_ISSUER_H_

#include <openssl/evp.h>

#include <string>

#include "absl/strings/string_view.h"

namespace tandem::common {

class TestIssuer {
 public:
  // `algorithm` is RS256, PS256, ES256 or ES384; `rsa_bits` the size of an RSA key.
  explicit TestIssuer(std::string algorithm, std::string kid = "key-1", int rsa_bits = 2048);
  ~TestIssuer();
  TestIssuer(const TestIssuer&) = delete;
  TestIssuer& operator=(const TestIssuer&) = delete;

  // The public key as a JSON Web Key; `more` are further members, such as ", \"use\": \"enc\"".
  std::string Jwk(absl::string_view more = "") const;
  std::string Jwks() const;
  std::string PublicKeyPem() const;

  // {"alg":...,"kid":...,"typ":"at+jwt"}
  std::string Header() const;
  // The compact token of that header and those claims, both JSON.
  std::string Sign(absl::string_view header, absl::string_view claims) const;
  std::string Sign(absl::string_view claims) const { return Sign(Header(), claims); }
  // The signature as OpenSSL makes it: of ECDSA in DER.
  std::string SignDer(absl::string_view data) const;

 private:
  const std::string algorithm_;
  const std::string kid_;
  EVP_PKEY* const key_;
};

// base64url without padding.
std::string Base64Url(absl::string_view bytes);
// "HEADER.CLAIMS" of a token.
std::string SignedPart(absl::string_view header, absl::string_view claims);

}  // namespace tandem::common

#endif  // SERVICES_COMMON_AUTHENTICATION_OIDC_TESTING_TEST_ISSUER_H_
