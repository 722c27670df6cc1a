// Authenticated encryption of one text under one secret: AES-256-GCM by OpenSSL, with a random
// 96-bit nonce (NIST SP 800-38D, section 8.2.2: safe for up to 2^32 texts per secret).
//
// A sealed text is nonce (12 bytes), ciphertext (as long as the text), tag (16 bytes). The
// associated data is not part of it but must be the same on opening: it binds a sealed text to its
// place, so that one record's text cannot be moved to another.
//
// Thread-safe.
#ifndef SERVICES_PROFILES_IDENTITY_AEAD_H_
#define SERVICES_PROFILES_IDENTITY_AEAD_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/profiles/identity/secret.h"

namespace tandem::profiles {

// By how much a sealed text is longer than the text.
inline constexpr size_t kSealOverheadBytes = 28;

// INTERNAL when OpenSSL fails, which it does only without random numbers or memory.
absl::StatusOr<std::string> SealText(const Secret& secret, absl::string_view text,
                                     absl::string_view associated_data);

// The text. DATA_LOSS when `sealed` was not made by SealText with this secret and these associated
// data, or was changed since.
absl::StatusOr<std::string> OpenText(const Secret& secret, absl::string_view sealed,
                                     absl::string_view associated_data);

}  // namespace tandem::profiles

#endif  // SERVICES_PROFILES_IDENTITY_AEAD_H_
