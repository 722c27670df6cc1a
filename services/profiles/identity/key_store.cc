#include "services/profiles/identity/key_store.h"

#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/profiles/identity/aead.h"
#include "services/profiles/identity/master_key.h"

namespace tandem::profiles {

namespace {

namespace fs = std::filesystem;
using Change = KeyDatabase::Change;
using Table = KeyDatabase::Table;

constexpr char kFormatKey[] = "format";
constexpr char kFormat[] = "tandem-keys 1";
constexpr char kIdKey[] = "id";
constexpr char kDigestSecretKey[] = "digest_secret";
// Present from the removal of keys until they are gone from the files.
constexpr char kPurgeKey[] = "purge_pending";
constexpr char kErasedPayload[] = "tandem.profiles.erased";

std::string PlaceOfKey(absl::string_view person_id) { return absl::StrCat("key:", person_id); }

std::string PlaceOfDigestSecret(absl::string_view store_id) {
  return absl::StrCat("digest_secret:", store_id);
}

absl::Status ErasedError(absl::string_view person_id) {
  absl::Status status =
      absl::NotFoundError(absl::StrCat("the person ", person_id, " was erased; nothing is left"));
  status.SetPayload(kErasedPayload, absl::Cord("true"));
  return status;
}

absl::Status CreateDatabase(const std::string& folder, const Secret& master) {
  TANDEM_ASSIGN_OR_RETURN(const std::string id, RandomId());
  TANDEM_ASSIGN_OR_RETURN(const Secret digest_secret, Secret::Random());
  TANDEM_ASSIGN_OR_RETURN(std::string wrapped,
                          SealText(master, digest_secret.bytes(), PlaceOfDigestSecret(id)));
  return KeyDatabase::Create(folder, {{Table::kMeta, kFormatKey, kFormat},
                                      {Table::kMeta, kIdKey, id},
                                      {Table::kMeta, kDigestSecretKey, std::move(wrapped)}});
}

// The master key of the store in `folder`; makes a store where there is none.
absl::StatusOr<Secret> EnsureStore(const std::string& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return absl::ErrnoToStatus(error.value(), absl::StrCat("cannot make ", folder));
  fs::permissions(folder, fs::perms::owner_all, error);
  if (error) return absl::ErrnoToStatus(error.value(), absl::StrCat("cannot protect ", folder));
  const std::string database = absl::StrCat(folder, "/db");
  const std::string path = absl::StrCat(folder, "/master.key");
  const bool is_new = !fs::exists(database);
  absl::StatusOr<Secret> master = ReadMasterKey(path);
  if (absl::IsNotFound(master.status())) {
    if (!is_new) {
      return absl::FailedPreconditionError(absl::StrCat("the key store ", database,
                                                        " is there without its master key ", path,
                                                        "; restore that file from its backup"));
    }
    master = CreateMasterKey(path);
  }
  if (master.ok() && is_new) TANDEM_RETURN_IF_ERROR(CreateDatabase(database, *master));
  return master;
}

absl::StatusOr<std::string> ReadMeta(const KeyDatabase& database, absl::string_view key,
                                     absl::string_view folder) {
  TANDEM_ASSIGN_OR_RETURN(std::optional<std::string> value, database.Get(Table::kMeta, key));
  if (value.has_value()) return *std::move(value);
  return absl::DataLossError(absl::StrCat("the key store ", folder, " lacks its entry '", key,
                                          "'; restore it from its backup"));
}

std::string EncodeTime(absl::Time time) { return absl::StrCat(absl::ToUnixMicros(time)); }

}  // namespace

KeyStore::KeyStore(std::unique_ptr<KeyDatabase> database, Secret master, Secret digest_secret,
                   std::string id)
    : database_(std::move(database)),
      master_(master),
      digest_secret_(digest_secret),
      id_(std::move(id)) {}

absl::StatusOr<std::unique_ptr<KeyStore>> KeyStore::Open(const std::string& folder) {
  TANDEM_ASSIGN_OR_RETURN(const Secret master, EnsureStore(folder));
  TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<KeyDatabase> database,
                          KeyDatabase::Open(absl::StrCat(folder, "/db")));
  TANDEM_ASSIGN_OR_RETURN(const std::string format, ReadMeta(*database, kFormatKey, folder));
  if (format != kFormat) {
    return absl::FailedPreconditionError(
        absl::StrCat("the key store ", folder, " has the format '", format,
                     "', which this program does not know; use the program that made it"));
  }
  TANDEM_ASSIGN_OR_RETURN(std::string id, ReadMeta(*database, kIdKey, folder));
  TANDEM_ASSIGN_OR_RETURN(const std::string wrapped, ReadMeta(*database, kDigestSecretKey, folder));
  absl::StatusOr<std::string> opened = OpenText(master, wrapped, PlaceOfDigestSecret(id));
  if (!opened.ok()) {
    return absl::DataLossError(absl::StrCat(folder, "/master.key is not the key of ", folder,
                                            "/db; restore the one that belongs to it"));
  }
  absl::StatusOr<Secret> digest_secret = Secret::FromBytes(*opened);
  Wipe(&*opened);
  TANDEM_RETURN_IF_ERROR(digest_secret.status());
  std::unique_ptr<KeyStore> store(
      new KeyStore(std::move(database), master, *digest_secret, std::move(id)));
  absl::MutexLock lock(&store->destroy_mutex_);
  TANDEM_RETURN_IF_ERROR(store->FinishDestroying());
  return store;
}

absl::Status KeyStore::CreateKeys(absl::Span<const NewKey> keys) {
  std::vector<Change> changes;
  changes.reserve(keys.size());
  for (const NewKey& wanted : keys) {
    const absl::StatusOr<Secret> present = FetchKey(wanted.person_id);
    if (IsErased(present.status())) {
      return absl::FailedPreconditionError(
          absl::StrCat("the person ", wanted.person_id, " was erased and cannot be stored again"));
    }
    if (present.ok() && present->bytes() == wanted.key.bytes()) continue;
    if (present.ok()) {
      return absl::AlreadyExistsError(
          absl::StrCat("the person ", wanted.person_id, " has another key already"));
    }
    if (!absl::IsDataLoss(present.status())) return present.status();
    TANDEM_ASSIGN_OR_RETURN(std::string wrapped,
                            SealText(master_, wanted.key.bytes(), PlaceOfKey(wanted.person_id)));
    changes.push_back({Table::kKeys, wanted.person_id, std::move(wrapped)});
  }
  return changes.empty() ? absl::OkStatus() : database_->Apply(changes);
}

absl::StatusOr<std::string> KeyStore::WrappedKey(absl::string_view person_id) const {
  TANDEM_ASSIGN_OR_RETURN(std::optional<std::string> wrapped,
                          database_->Get(Table::kKeys, person_id));
  if (wrapped.has_value()) return *std::move(wrapped);
  return absl::NotFoundError(absl::StrCat("the person ", person_id, " has no key"));
}

absl::StatusOr<Secret> KeyStore::FetchKey(absl::string_view person_id) const {
  absl::StatusOr<std::string> wrapped = WrappedKey(person_id);
  if (absl::IsNotFound(wrapped.status())) {
    TANDEM_ASSIGN_OR_RETURN(std::optional<std::string> erased,
                            database_->Get(Table::kErased, person_id));
    if (erased.has_value()) return ErasedError(person_id);
    return absl::DataLossError(
        absl::StrCat("the key store has no key of the person ", person_id,
                     "; it is older than the records: restore its newest backup"));
  }
  TANDEM_RETURN_IF_ERROR(wrapped.status());
  TANDEM_ASSIGN_OR_RETURN(std::string bytes, OpenText(master_, *wrapped, PlaceOfKey(person_id)));
  absl::StatusOr<Secret> key = Secret::FromBytes(bytes);
  Wipe(&bytes);
  return key;
}

absl::Status KeyStore::Destroy(absl::Span<const Erasure> erasures) {
  absl::MutexLock lock(&destroy_mutex_);
  std::vector<Change> changes;
  for (const Erasure& erasure : erasures) {
    TANDEM_ASSIGN_OR_RETURN(std::optional<std::string> before,
                            database_->Get(Table::kErased, erasure.person_id));
    TANDEM_ASSIGN_OR_RETURN(std::optional<std::string> key,
                            database_->Get(Table::kKeys, erasure.person_id));
    if (before.has_value() && !key.has_value()) continue;
    changes.push_back({Table::kKeys, erasure.person_id, std::nullopt});
    changes.push_back({Table::kErased, erasure.person_id, EncodeTime(erasure.time)});
  }
  if (!changes.empty()) {
    changes.push_back({Table::kMeta, kPurgeKey, "yes"});
    TANDEM_RETURN_IF_ERROR(database_->Apply(changes));
  }
  return FinishDestroying();
}

absl::Status KeyStore::FinishDestroying() {
  TANDEM_ASSIGN_OR_RETURN(std::optional<std::string> pending,
                          database_->Get(Table::kMeta, kPurgeKey));
  if (!pending.has_value()) return absl::OkStatus();
  TANDEM_RETURN_IF_ERROR(database_->PurgeRemoved());
  return database_->Apply({{Table::kMeta, kPurgeKey, std::nullopt}});
}

absl::StatusOr<std::vector<Erasure>> KeyStore::ErasedSince(absl::Time since) const {
  std::vector<Erasure> erasures;
  bool readable = true;
  TANDEM_RETURN_IF_ERROR(
      database_->Scan(Table::kErased, [&](absl::string_view person_id, absl::string_view value) {
        int64_t micros = 0;
        readable = absl::SimpleAtoi(value, &micros) && readable;
        const absl::Time time = absl::FromUnixMicros(micros);
        if (time >= since) erasures.push_back({std::string(person_id), time});
      }));
  if (!readable) return absl::DataLossError("the list of erasures in the key store is damaged");
  return erasures;
}

bool IsErased(const absl::Status& status) { return status.GetPayload(kErasedPayload).has_value(); }

}  // namespace tandem::profiles
