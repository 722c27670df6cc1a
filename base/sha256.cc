// The functions for SHA-256 alone, which OpenSSL 3 would rather have replaced by the general ones:
// those take 2.5 times as long for a short text, and ids of a cohort are 200,000 short texts.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "base/sha256.h"

#include <openssl/sha.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"

namespace tandem::base {

namespace {

[[noreturn]] void Fail() {
  std::fputs("OpenSSL cannot compute SHA-256; check its installation and free memory\n", stderr);
  std::abort();
}

// The longest text that fits one block together with its padding: a bit and its length in 8 bytes.
constexpr size_t kOneBlock = SHA256_CBLOCK - 9;

// The padding of FIPS 180-4, section 5.1.1.
uint64_t PrefixOfOneBlock(absl::string_view data) {
  unsigned char block[SHA256_CBLOCK] = {};
  std::memcpy(block, data.data(), data.size());
  block[data.size()] = 0x80;
  const size_t bits = 8 * data.size();
  block[SHA256_CBLOCK - 2] = static_cast<unsigned char>(bits >> 8);
  block[SHA256_CBLOCK - 1] = static_cast<unsigned char>(bits);
  SHA256_CTX state;
  if (SHA256_Init(&state) != 1) Fail();
  SHA256_Transform(&state, block);
  return uint64_t{state.h[0]} << 32 | state.h[1];
}

}  // namespace

std::string Sha256(absl::string_view data) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256_CTX state;
  if (SHA256_Init(&state) != 1 || SHA256_Update(&state, data.data(), data.size()) != 1 ||
      SHA256_Final(digest, &state) != 1) {
    Fail();
  }
  return std::string(reinterpret_cast<const char*>(digest), sizeof(digest));
}

uint64_t Sha256Prefix(absl::string_view data) {
  if (data.size() <= kOneBlock) return PrefixOfOneBlock(data);
  const std::string digest = Sha256(data);
  uint64_t prefix = 0;
  for (size_t i = 0; i < sizeof(prefix); ++i) {
    prefix = prefix << 8 | static_cast<unsigned char>(digest[i]);
  }
  return prefix;
}

std::string Sha256Hex(absl::string_view data) { return absl::BytesToHexString(Sha256(data)); }

}  // namespace tandem::base
