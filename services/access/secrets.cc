#include "services/access/secrets.h"

#include <openssl/crypto.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/sha256.h"
#include "services/common/resource_id.h"

namespace tandem::access {
namespace {

constexpr size_t kSecretDigits = 64;
constexpr size_t kLookupBytes = 16;

}  // namespace

std::string NewSecret(absl::string_view prefix) {
  return absl::StrCat(prefix, absl::BytesToHexString(common::RandomKey()));
}

bool IsSecret(absl::string_view prefix, absl::string_view text) {
  return absl::ConsumePrefix(&text, prefix) && text.size() == kSecretDigits &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return absl::ascii_isdigit(c) || (c >= 'a' && c <= 'f');
         });
}

std::string DigestOf(absl::string_view secret) { return base::Sha256(secret); }

bool SameDigest(absl::string_view a, absl::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string LookupKeyOf(absl::string_view digest) {
  return absl::BytesToHexString(digest.substr(0, kLookupBytes));
}

}  // namespace tandem::access
