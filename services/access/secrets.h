// Secrets of access tokens and codes of invitations: 32 bytes of OpenSSL's generator, as text with
// a fixed prefix by which scanners of source code and logs find a leaked one.
//
// Thread-safe.
#ifndef SERVICES_ACCESS_SECRETS_H_
#define SERVICES_ACCESS_SECRETS_H_

#include <string>

#include "absl/strings/string_view.h"

namespace tandem::access {

inline constexpr absl::string_view kTokenPrefix = "tandem_at_";
inline constexpr absl::string_view kCodePrefix = "tandem_inv_";

// `prefix` and 64 hexadecimal digits.
std::string NewSecret(absl::string_view prefix);

// True for what NewSecret(prefix) may have made.
bool IsSecret(absl::string_view prefix, absl::string_view text);

// SHA-256, 32 bytes: what is kept. The secret has 256 random bits, so there is nothing to try out,
// and a slow hash would only slow down the calls.
std::string DigestOf(absl::string_view secret);

// Takes the same time wherever they differ.
bool SameDigest(absl::string_view a, absl::string_view b);

// The part of a digest that it is looked up by; the whole is then compared by SameDigest, so that
// the time of the look-up tells nothing of the other half.
std::string LookupKeyOf(absl::string_view digest);

}  // namespace tandem::access

#endif  // SERVICES_ACCESS_SECRETS_H_
