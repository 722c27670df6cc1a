#include "services/common/token_sealer.h"

#include <openssl/crypto.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/sha256.h"
#include "base/status_macros.h"
#include "services/common/resource_id.h"

namespace tandem::common {
namespace {

constexpr size_t kTagBytes = 16;
constexpr size_t kBlockBytes = 64;  // of SHA-256

// The key's block with each byte combined with `pad`.
std::string Padded(std::string block, char pad) {
  for (char& byte : block) byte = static_cast<char>(byte ^ pad);
  return block;
}

}  // namespace

// By its definition: OpenSSL 3 looks its own implementation up anew for each text, which takes ten
// times as long, and each write computes one.
std::string HmacSha256(absl::string_view key, absl::string_view text) {
  std::string block = key.size() > kBlockBytes ? base::Sha256(key) : std::string(key);
  block.resize(kBlockBytes, '\0');
  return base::Sha256(
      absl::StrCat(Padded(block, 0x5c), base::Sha256(absl::StrCat(Padded(block, 0x36), text))));
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
