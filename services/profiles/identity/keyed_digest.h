// Digests that only the holder of a secret can compute: HMAC-SHA256 (RFC 2104, FIPS 198-1).
//
// An index over e-mail-like external ids, or the digest of a request that names a person, would
// give the person away to anybody who can guess: hashing a list of addresses is quick. Under a
// secret the guess cannot be checked.
//
// Thread-safe.
#ifndef SERVICES_PROFILES_IDENTITY_KEYED_DIGEST_H_
#define SERVICES_PROFILES_IDENTITY_KEYED_DIGEST_H_

#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "services/profiles/identity/secret.h"

namespace tandem::profiles {

class KeyedDigest {
 public:
  explicit KeyedDigest(const Secret& secret);
  ~KeyedDigest();

  KeyedDigest(const KeyedDigest&) = delete;
  KeyedDigest& operator=(const KeyedDigest&) = delete;

  // 32 bytes. `purpose` separates uses: equal data have unrelated digests under two purposes.
  std::string Digest(absl::string_view purpose, absl::string_view data) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tandem::profiles

#endif  // SERVICES_PROFILES_IDENTITY_KEYED_DIGEST_H_
