// A public key as OpenSSL takes it, from the numbers of a JSON Web Key. Thread-safe: functions
// without state. Internal to this package.
#ifndef SERVICES_COMMON_AUTHENTICATION_OIDC_PUBLIC_KEY_H_
#define SERVICES_COMMON_AUTHENTICATION_OIDC_PUBLIC_KEY_H_

#include <openssl/evp.h>

#include <string>

#include "absl/strings/string_view.h"

namespace tandem::common {

// Big-endian numbers, as bytes. Null when they are no valid key; the caller frees it.
EVP_PKEY* MakeRsaKey(absl::string_view modulus, absl::string_view exponent);
// `curve` as OpenSSL names it, "P-256"; the coordinates have its size.
EVP_PKEY* MakeEcKey(const char* curve, absl::string_view x, absl::string_view y);

// `signature` is r, then s, each of half its size; in the DER form that OpenSSL takes. "" on
// failure.
std::string EcSignatureToDer(absl::string_view signature);

}  // namespace tandem::common

#endif  // SERVICES_COMMON_AUTHENTICATION_OIDC_PUBLIC_KEY_H_
