// The keys of persons: one 256-bit key each, in a database of its own, so that destroying a key
// makes every record, old version and backup of records about its person unreadable at once.
//
//   Invariants
//   1. A key is durable before CreateKeys returns, hence before anything sealed with it is stored.
//   2. After Destroy no file of the folder holds the key, and the person stands in the list of
//      erasures for ever; no key is ever made again for that id.
//   3. What the files hold of a key is wrapped by the master key (master_key.h) and bound to its
//      person.
//
// Back the folder up separately from the records, and keep those backups for at most 30 days: a
// person is forgotten by a backup only when it is gone. After restoring an older backup,
// ApplyErasures() with the list of a newer one forgets again whom it had brought back.
//
// Thread-safe.
#ifndef SERVICES_PROFILES_IDENTITY_KEY_STORE_H_
#define SERVICES_PROFILES_IDENTITY_KEY_STORE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "services/profiles/identity/key_database.h"
#include "services/profiles/identity/secret.h"

namespace tandem::profiles {

// That a person was erased, and when (whole microseconds).
struct Erasure {
  std::string person_id;
  absl::Time time;
};

inline bool operator==(const Erasure& a, const Erasure& b) {
  return a.person_id == b.person_id && a.time == b.time;
}

// A key that a person is to have.
struct NewKey {
  std::string person_id;
  Secret key;
};

class KeyStore {
 public:
  // Opens the store in `folder` ("db" and "master.key" within), or makes a new one where there is
  // none. Errors name the file and what to do: those of KeyDatabase::Open and ReadMasterKey;
  // FAILED_PRECONDITION when the database is there without its master key, DATA_LOSS when the
  // master key is another one's.
  static absl::StatusOr<std::unique_ptr<KeyStore>> Open(const std::string& folder);

  // Random, made with the store: lets the records say which key store is theirs.
  const std::string& id() const { return id_; }

  // The secret of the keyed digests of the records (keyed_digest.h).
  const Secret& digest_secret() const { return digest_secret_; }

  // Stores the keys of new persons, durably and all together; repeating it changes nothing.
  // FAILED_PRECONDITION when one of them was erased, ALREADY_EXISTS when one has another key.
  // Keys left over because the process ended before anything was sealed with them do no harm.
  absl::Status CreateKeys(absl::Span<const NewKey> keys);

  // The key. NOT_FOUND for an erased person (IsErased() tells), DATA_LOSS for one without a key.
  absl::StatusOr<Secret> FetchKey(absl::string_view person_id) const;

  // Destroys keys for good: returns when they are gone from the files. Repeating it is fine. One
  // that was cut off is finished by the next Destroy or Open.
  absl::Status Destroy(absl::Span<const Erasure> erasures);

  // The erasures at or after `since`, by person id.
  absl::StatusOr<std::vector<Erasure>> ErasedSince(absl::Time since) const;

  // Repeats the erasures of another copy of this store, after a restore.
  absl::Status ApplyErasures(absl::Span<const Erasure> erasures) { return Destroy(erasures); }

  // What the files hold of a key, for the checks that they hold it no longer. NOT_FOUND if there
  // is none.
  absl::StatusOr<std::string> WrappedKey(absl::string_view person_id) const;

 private:
  KeyStore(std::unique_ptr<KeyDatabase> database, Secret master, Secret digest_secret,
           std::string id);

  absl::Status FinishDestroying() ABSL_EXCLUSIVE_LOCKS_REQUIRED(destroy_mutex_);

  const std::unique_ptr<KeyDatabase> database_;
  const Secret master_;
  const Secret digest_secret_;
  const std::string id_;
  absl::Mutex destroy_mutex_;  // one destruction at a time, from its mark to the mark's removal
};

// Whether `status` says that the person was erased.
bool IsErased(const absl::Status& status);

}  // namespace tandem::profiles

#endif  // SERVICES_PROFILES_IDENTITY_KEY_STORE_H_
