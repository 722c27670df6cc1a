// The records about persons in the profiles store: "identity/PERSON", sealed under the person's
// key, beside the pseudonymous record of the resource. PERSON is the resource name of a mentor
// ("mentors/ID") or of a contact ("organisations/ID/contacts/ID").
//
// The keys of new persons are collected per change set and made durable together, right before the
// commit that stores what they sealed.
//
// Thread-safe. Does not own the key store, which must outlive it.
#ifndef SERVICES_PROFILES_PERSON_RECORDS_H_
#define SERVICES_PROFILES_PERSON_RECORDS_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/common/change_set.h"
#include "services/profiles/identity/key_store.h"
#include "services/profiles/identity/keyed_digest.h"
#include "services/profiles/identity/vault.h"
#include "storage/store.h"

namespace tandem::profiles {

class PersonRecords {
 public:
  explicit PersonRecords(KeyStore* keys);

  // The key in the records' store.
  static std::string KeyOf(absl::string_view person);

  // Stages the record of a new person, with a new key. `index_key`: see StoredPerson.
  absl::Status StageNew(absl::string_view person, absl::string_view text,
                        absl::string_view index_key, common::ChangeSet* changes) const;

  // Stages a new state of a person's record. NOT_FOUND with IsErased() for an erased person.
  absl::Status StageChanged(absl::string_view person, absl::string_view text,
                            absl::string_view index_key, common::ChangeSet* changes) const;

  // Stages the removal of the record, and the destruction of the key right before the commit: it
  // comes first, since what is acknowledged as erased must be unreadable. If the process ends in
  // between, ReapplyErasures() (erasure.h) finishes at the next start.
  void StageErasure(absl::string_view person, absl::Time now, common::ChangeSet* changes) const;

  // The text as of `snapshot`; std::nullopt when the person was erased. DATA_LOSS when the record
  // is damaged or missing.
  absl::StatusOr<std::optional<std::string>> Read(const storage::Snapshot& snapshot,
                                                  absl::string_view person) const;

  // The index key kept with the record; empty when there is none.
  absl::StatusOr<std::string> IndexKeyOf(const storage::Snapshot& snapshot,
                                         absl::string_view person) const;

  // What stands for `external_id` in an index: says nothing to who lacks the store's secret.
  std::string IndexKey(absl::string_view external_id) const;

  KeyStore& keys() const { return keys_; }

 private:
  KeyStore& keys_;
  const Vault vault_;
  const KeyedDigest digest_;
};

}  // namespace tandem::profiles

#endif  // SERVICES_PROFILES_PERSON_RECORDS_H_
