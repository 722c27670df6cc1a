#include "base/sha256.h"

#include <openssl/evp.h>

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

// The algorithm, looked up once: the look-up takes longer than the digest of a short text. Never
// freed.
const EVP_MD* Algorithm() {
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  if (algorithm == nullptr) Fail();
  return algorithm;
}

}  // namespace

std::string Sha256(absl::string_view data) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (EVP_Digest(data.data(), data.size(), digest, &size, Algorithm(), nullptr) != 1) Fail();
  return std::string(reinterpret_cast<const char*>(digest), size);
}

std::string Sha256Hex(absl::string_view data) { return absl::BytesToHexString(Sha256(data)); }

}  // namespace tandem::base
