// Seals what a server hands out to get it back unchanged: page tokens and cursors. A sealed text
// opens only with the key of the server that made it, and only where it belongs: for the caller and
// the question that it is bound to. The text itself is not secret, but callers take it as opaque.
//
// HMAC-SHA-256 (RFC 2104) over binding and text, of which 128 bits are kept; in URL-safe base64.
//
//   TokenSealer sealer(*LoadOrMakeKey(store, "meta/token-key"));
//   std::string token = sealer.Seal(absl::StrCat("cursor\n", actor), "17");
//
// Thread-safe.
#ifndef SERVICES_COMMON_TOKEN_SEALER_H_
#define SERVICES_COMMON_TOKEN_SEALER_H_

#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "storage/store.h"

namespace tandem::common {

// HMAC-SHA-256, 32 bytes.
std::string HmacSha256(absl::string_view key, absl::string_view text);

class TokenSealer {
 public:
  // `key` has 32 random bytes.
  explicit TokenSealer(std::string key) : key_(std::move(key)) {}

  std::string Seal(absl::string_view bound_to, absl::string_view text) const;
  // std::nullopt when `token` was not made by Seal with this key and binding, or was changed since.
  std::optional<std::string> Open(absl::string_view bound_to, absl::string_view token) const;

 private:
  std::string TagOf(absl::string_view bound_to, absl::string_view text) const;

  const std::string key_;
};

// The random key (32 bytes) that `store` keeps at `key_name`; made at the first call, so that all
// processes on one store have the same. Errors: those of the store.
absl::StatusOr<std::string> LoadOrMakeKey(storage::Store& store, const std::string& key_name);

}  // namespace tandem::common

#endif  // SERVICES_COMMON_TOKEN_SEALER_H_
