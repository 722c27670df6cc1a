// The functions for SHA-256 alone, which OpenSSL 3 would rather have replaced by the general ones:
// those take 2.5 times as long for a short text, and ids of a cohort are 200,000 short texts.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "base/sha256.h"

#include <openssl/sha.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"

namespace tandem::base {

namespace {

[[noreturn]] void Fail() {
  std::fputs("OpenSSL cannot compute SHA-256; check its installation and free memory\n", stderr);
  std::abort();
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

std::string Sha256Hex(absl::string_view data) { return absl::BytesToHexString(Sha256(data)); }

}  // namespace tandem::base
