// SHA-256 (FIPS 180-4), computed by OpenSSL. Thread-safe.

#ifndef TANDEM_BASE_SHA256_H_
#define TANDEM_BASE_SHA256_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace tandem::base {

// The digest of `data` as 32 raw bytes. Ends the process if OpenSSL cannot compute it, which
// happens only when it is broken or out of memory: a digest must never be made up.
std::string Sha256(absl::string_view data);

// The same as 64 lower-case hexadecimal digits.
std::string Sha256Hex(absl::string_view data);

// The first 8 bytes of the digest as a big-endian number. Much quicker than the above for texts of
// at most 55 bytes, as ids are: they fill one block, and nothing is allocated.
uint64_t Sha256Prefix(absl::string_view data);

}  // namespace tandem::base

#endif  // TANDEM_BASE_SHA256_H_
