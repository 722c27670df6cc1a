// Messages in and out of the store, under the keys of keys.h.
#ifndef TANDEM_SERVICES_MATCHING_RECORDS_RECORD_IO_H_
#define TANDEM_SERVICES_MATCHING_RECORDS_RECORD_IO_H_

#include <optional>
#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/status_macros.h"
#include "services/common/change_set.h"
#include "services/common/errors.h"
#include "services/common/resource_fields.h"
#include "storage/store.h"

namespace tandem::matching {

// A message as stored, with the revision that wrote it.
template <typename T>
struct Stored {
  T value;
  storage::Revision revision = 0;  // 0: the key is absent, and `value` empty
};

// DATA_LOSS, naming the key.
template <typename T>
absl::Status Decode(absl::string_view key, const std::string& bytes, T* value) {
  if (value->ParseFromString(bytes)) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat("the record \"", key, "\" cannot be read: restore the store from a backup"));
}

// The message under `key`; empty with revision 0 when there is none.
template <typename T>
absl::StatusOr<Stored<T>> ReadRecord(const storage::Snapshot& snapshot, absl::string_view key) {
  absl::StatusOr<std::optional<storage::Record>> record = snapshot.Get(key);
  if (!record.ok()) return common::FromStorage(record.status());
  Stored<T> stored;
  if (!record->has_value()) return stored;
  TANDEM_RETURN_IF_ERROR(Decode(key, (*record)->value, &stored.value));
  stored.revision = (*record)->revision;
  return stored;
}

// Calls `visit` with each message under `prefix` in the order of keys, until it returns false.
template <typename T>
absl::Status ScanRecords(const storage::Snapshot& snapshot, const std::string& prefix,
                         absl::FunctionRef<bool(Stored<T>)> visit) {
  absl::Status decoded;
  const absl::Status scanned =
      snapshot.Scan(prefix, storage::EndOfPrefix(prefix), [&](const storage::Record& record) {
        Stored<T> stored;
        decoded = Decode(record.key, record.value, &stored.value);
        stored.revision = record.revision;
        return decoded.ok() && visit(std::move(stored));
      });
  TANDEM_RETURN_IF_ERROR(common::FromStorage(scanned));
  return decoded;
}

// Stages `value` under `key`, expecting that nobody wrote it after it was read at `read_revision`.
template <typename T>
void PutRecord(std::string key, storage::Revision read_revision, const T& value,
               common::ChangeSet* changes) {
  changes->Expect(key, read_revision);
  changes->Put(std::move(key), common::CanonicalBytes(value));
}

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_RECORDS_RECORD_IO_H_
