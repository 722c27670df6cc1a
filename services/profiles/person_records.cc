#include "services/profiles/person_records.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "tandem/profiles/v1/stored.pb.h"

namespace tandem::profiles {

namespace {

constexpr char kKind[] = "person";

absl::Status DamagedError(absl::string_view person) {
  return absl::DataLossError(
      absl::StrCat("the record of the person ", person,
                   " is damaged or missing; restore the records from their backup"));
}

std::string Encode(std::string sealed, absl::string_view index_key) {
  v1::StoredPerson stored;
  stored.set_sealed(std::move(sealed));
  stored.set_index_key(index_key.data(), index_key.size());
  return stored.SerializeAsString();
}

absl::StatusOr<std::optional<v1::StoredPerson>> ReadStored(const storage::Snapshot& snapshot,
                                                           absl::string_view person) {
  TANDEM_ASSIGN_OR_RETURN(std::optional<storage::Record> record,
                          snapshot.Get(PersonRecords::KeyOf(person)));
  if (!record.has_value()) return std::optional<v1::StoredPerson>();
  v1::StoredPerson stored;
  if (!stored.ParseFromString(record->value)) return DamagedError(person);
  return std::optional<v1::StoredPerson>(std::move(stored));
}

}  // namespace

PersonRecords::PersonRecords(KeyStore* keys)
    : keys_(*keys), vault_(keys), digest_(keys->digest_secret()) {}

std::string PersonRecords::KeyOf(absl::string_view person) {
  return absl::StrCat("identity/", person);
}

absl::Status PersonRecords::StageNew(absl::string_view person, absl::string_view text,
                                     absl::string_view index_key,
                                     common::ChangeSet* changes) const {
  TANDEM_ASSIGN_OR_RETURN(const Secret key, Secret::Random());
  NewKey new_key{std::string(person), key};
  TANDEM_ASSIGN_OR_RETURN(std::string sealed, Vault::SealWith(new_key, kKind, text));
  const auto new_keys = changes->Shared<std::vector<NewKey>>(this);
  if (new_keys->empty()) {
    changes->BeforeCommit([this, new_keys] { return keys_.CreateKeys(*new_keys); });
  }
  new_keys->push_back(std::move(new_key));
  changes->Put(KeyOf(person), Encode(std::move(sealed), index_key));
  return absl::OkStatus();
}

absl::Status PersonRecords::StageChanged(absl::string_view person, absl::string_view text,
                                         absl::string_view index_key,
                                         common::ChangeSet* changes) const {
  TANDEM_ASSIGN_OR_RETURN(std::string sealed, vault_.Seal(person, kKind, text));
  changes->Put(KeyOf(person), Encode(std::move(sealed), index_key));
  return absl::OkStatus();
}

void PersonRecords::StageErasure(absl::string_view person, absl::Time now,
                                 common::ChangeSet* changes) const {
  changes->Delete(KeyOf(person));
  const Erasure erasure{std::string(person), now};
  changes->BeforeCommit([this, erasure] { return keys_.Destroy({erasure}); });
}

absl::StatusOr<std::optional<std::string>> PersonRecords::Read(const storage::Snapshot& snapshot,
                                                               absl::string_view person) const {
  TANDEM_ASSIGN_OR_RETURN(std::optional<v1::StoredPerson> stored, ReadStored(snapshot, person));
  if (!stored.has_value()) {
    if (IsErased(keys_.FetchKey(person).status())) return std::optional<std::string>();
    return DamagedError(person);
  }
  absl::StatusOr<std::string> text = vault_.Open(person, kKind, stored->sealed());
  if (IsErased(text.status())) return std::optional<std::string>();
  TANDEM_RETURN_IF_ERROR(text.status());
  return std::optional<std::string>(*std::move(text));
}

absl::StatusOr<std::string> PersonRecords::IndexKeyOf(const storage::Snapshot& snapshot,
                                                      absl::string_view person) const {
  TANDEM_ASSIGN_OR_RETURN(std::optional<v1::StoredPerson> stored, ReadStored(snapshot, person));
  return stored.has_value() ? stored->index_key() : std::string();
}

std::string PersonRecords::IndexKey(absl::string_view external_id) const {
  return absl::BytesToHexString(digest_.Digest("external-id", external_id));
}

}  // namespace tandem::profiles
