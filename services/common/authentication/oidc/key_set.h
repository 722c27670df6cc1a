// The public keys of an identity provider, from a JSON Web Key Set (RFC 7517), and the check of
// signatures by one algorithm that is fixed beforehand (RFC 7518). A key can therefore never be
// used in another way than it is meant for: no HMAC with a public key, no "none".
//
// Thread-safe.
#ifndef SERVICES_COMMON_AUTHENTICATION_OIDC_KEY_SET_H_
#define SERVICES_COMMON_AUTHENTICATION_OIDC_KEY_SET_H_

#include <openssl/evp.h>

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tandem::common {

enum class JwtAlgorithm { kRs256, kPs256, kEs256, kEs384 };

inline constexpr char kJwtAlgorithms[] = "RS256, PS256, ES256, ES384";

// INVALID_ARGUMENT naming the known ones.
absl::StatusOr<JwtAlgorithm> JwtAlgorithmFromText(absl::string_view text);
// "RS256", as the header of a token has it.
absl::string_view JwtAlgorithmToText(JwtAlgorithm algorithm);

class KeySet {
 public:
  // Takes the keys that are for signatures by `algorithm` and passes over others. INVALID_ARGUMENT
  // naming `file_name` and the key's place: no JWKS, a key for the algorithm without or with a
  // repeated `kid`, an RSA key of fewer than 2048 bits, a point that is not on its curve, a private
  // key; or there is no key for the algorithm.
  static absl::StatusOr<KeySet> Parse(absl::string_view json, const std::string& file_name,
                                      JwtAlgorithm algorithm);

  // Whether the key called `kid` made `signature` over `data`. Of ECDSA the signature is r and s
  // one after the other, as RFC 7518 has it, and nothing else.
  bool Verify(absl::string_view kid, absl::string_view data, absl::string_view signature) const;

  size_t size() const { return keys_.size(); }

 private:
  struct Freer {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  };
  using Key = std::unique_ptr<EVP_PKEY, Freer>;

  explicit KeySet(JwtAlgorithm algorithm) : algorithm_(algorithm) {}

  JwtAlgorithm algorithm_;
  std::map<std::string, Key, std::less<>> keys_;  // by kid
};

}  // namespace tandem::common

#endif  // SERVICES_COMMON_AUTHENTICATION_OIDC_KEY_SET_H_
