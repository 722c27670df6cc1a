#include "services/common/token_sealer.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/common/resource_id.h"

namespace tandem::common {
namespace {

constexpr size_t kTagBytes = 16;

}  // namespace

std::string HmacSha256(absl::string_view key, absl::string_view text) {
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac, &size);
  return std::string(reinterpret_cast<const char*>(mac), size);
}

std::string TokenSealer::TagOf(absl::string_view bound_to, absl::string_view text) const {
  // The length keeps the border between the two in its place.
  return HmacSha256(key_, absl::StrCat(bound_to.size(), "\n", bound_to, text)).substr(0, kTagBytes);
}

std::string TokenSealer::Seal(absl::string_view bound_to, absl::string_view text) const {
  return absl::WebSafeBase64Escape(absl::StrCat(TagOf(bound_to, text), text));
}

std::optional<std::string> TokenSealer::Open(absl::string_view bound_to,
                                             absl::string_view token) const {
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(token, &bytes) || bytes.size() < kTagBytes) return std::nullopt;
  std::string text = bytes.substr(kTagBytes);
  const std::string tag = TagOf(bound_to, text);
  if (CRYPTO_memcmp(tag.data(), bytes.data(), kTagBytes) != 0) return std::nullopt;
  return text;
}

absl::StatusOr<std::string> LoadOrMakeKey(storage::Store& store, const std::string& key_name) {
  while (true) {
    TANDEM_ASSIGN_OR_RETURN(const auto snapshot, store.Latest());
    TANDEM_ASSIGN_OR_RETURN(auto record, snapshot->Get(key_name));
    if (record.has_value()) return std::move(record->value);
    std::string key = RandomKey();
    storage::Commit commit;
    commit.expectations.push_back({key_name, 0});
    commit.mutations.push_back({key_name, key});
    const absl::StatusOr<storage::Revision> revision = store.Apply(std::move(commit));
    if (revision.ok()) return key;
    if (!storage::ConflictOf(revision.status()).has_value()) return revision.status();
  }
}

}  // namespace tandem::common
