// Seals what identifies a person under that person's own key: with the key destroyed, every copy of
// it, old versions and backups included, is unreadable.
//
// Thread-safe. Does not own the key store, which must outlive it.
//
// Example:
//   keys->CreateKeys({{person, key}});                             // durable before anything else
//   sealed = vault.Seal(person, "mentor-identity", identity.SerializeAsString());
//   ... store `sealed` beside the pseudonymous record ...
//   text = vault.Open(person, "mentor-identity", *sealed);         // or IsErased(text.status())
#ifndef SERVICES_PROFILES_IDENTITY_VAULT_H_
#define SERVICES_PROFILES_IDENTITY_VAULT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/profiles/identity/key_store.h"

namespace tandem::profiles {

class Vault {
 public:
  explicit Vault(const KeyStore* keys) : keys_(*keys) {}

  // Encrypts `text` (AES-256-GCM), bound to the person and to the `kind` of record: it opens as
  // nothing else. NOT_FOUND with IsErased() for an erased person, DATA_LOSS for one without a key.
  absl::StatusOr<std::string> Seal(absl::string_view person_id, absl::string_view kind,
                                   absl::string_view text) const;

  // The same with a key that is yet to be stored, for a new person.
  static absl::StatusOr<std::string> SealWith(const NewKey& person, absl::string_view kind,
                                              absl::string_view text);

  // The text. NOT_FOUND with IsErased() when the person was erased; DATA_LOSS when `sealed` was
  // changed or belongs to another person or kind.
  absl::StatusOr<std::string> Open(absl::string_view person_id, absl::string_view kind,
                                   absl::string_view sealed) const;

 private:
  const KeyStore& keys_;
};

}  // namespace tandem::profiles

#endif  // SERVICES_PROFILES_IDENTITY_VAULT_H_
