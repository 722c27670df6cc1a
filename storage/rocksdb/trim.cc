#include "storage/rocksdb/trim.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "base/status_macros.h"
#include "storage/retention.h"
#include "storage/rocksdb/errors.h"
#include "storage/rocksdb/format.h"

namespace tandem::storage {
namespace {

constexpr int kDeletionsPerBatch = 5000;

absl::string_view View(const rocksdb::Slice& slice) {
  return absl::string_view(slice.data(), slice.size());
}

// The pins whose keys start with `prefix`, while `visit` returns true.
absl::Status VisitPins(const Database& database, const std::string& prefix,
                       absl::FunctionRef<bool(PinnedRevision)> visit) {
  std::unique_ptr<rocksdb::Iterator> it(
      database.db()->NewIterator(rocksdb::ReadOptions(), database.meta()));
  for (it->Seek(prefix); it->Valid() && it->key().starts_with(prefix); it->Next()) {
    PinnedRevision pin;
    if (!format::DecodePinKey(View(it->key()), &pin)) {
      return DamagedError(database.path(), "a record of a pinned revision is not what was written");
    }
    if (!visit(std::move(pin))) break;
  }
  return ReadError(database.path(), it->status());
}

// Collects deletions, and writes them in batches of bounded size.
class Deletions {
 public:
  Deletions(Database* database, rocksdb::ColumnFamilyHandle* family)
      : database_(database), family_(family) {}

  absl::Status Add(const rocksdb::Slice& key) {
    TANDEM_RETURN_IF_ERROR(WriteError(database_->path(), batch_.Delete(family_, key)));
    ++total_;
    return batch_.Count() < kDeletionsPerBatch ? absl::OkStatus() : Flush();
  }

  absl::Status Flush() {
    if (batch_.Count() == 0) return absl::OkStatus();
    TANDEM_RETURN_IF_ERROR(database_->Write(&batch_));
    batch_.Clear();
    return absl::OkStatus();
  }

  int64_t total() const { return total_; }

 private:
  Database* const database_;
  rocksdb::ColumnFamilyHandle* const family_;
  rocksdb::WriteBatch batch_;
  int64_t total_ = 0;
};

// Deletes the versions of one key that `retention` drops.
absl::Status DropOf(const std::string& escaped_key, const std::vector<VersionMark>& newest_first,
                    const Retention& retention, Deletions* deletions) {
  for (Revision revision : retention.Dropped(newest_first)) {
    TANDEM_RETURN_IF_ERROR(deletions->Add(format::VersionKeyOf(escaped_key, revision)));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status WritePin(Database* database, Revision revision, absl::string_view owner) {
  rocksdb::WriteBatch batch;
  TANDEM_RETURN_IF_ERROR(WriteError(
      database->path(), batch.Put(database->meta(), format::PinKey(revision, owner), "")));
  return database->Write(&batch);
}

absl::Status DeletePin(Database* database, Revision revision, absl::string_view owner) {
  rocksdb::WriteBatch batch;
  TANDEM_RETURN_IF_ERROR(WriteError(
      database->path(), batch.Delete(database->meta(), format::PinKey(revision, owner))));
  return database->Write(&batch);
}

absl::StatusOr<std::vector<PinnedRevision>> ReadPins(const Database& database) {
  std::vector<PinnedRevision> pins;
  TANDEM_RETURN_IF_ERROR(VisitPins(database, format::kPinPrefix, [&](PinnedRevision pin) {
    pins.push_back(std::move(pin));
    return true;
  }));
  return pins;
}

absl::StatusOr<bool> IsPinned(const Database& database, Revision revision) {
  if (revision < 0) return false;
  bool pinned = false;
  TANDEM_RETURN_IF_ERROR(
      VisitPins(database, format::PinKey(revision, ""), [&](const PinnedRevision&) {
        pinned = true;
        return false;
      }));
  return pinned;
}

absl::Status WriteOldest(Database* database, Revision oldest) {
  rocksdb::WriteBatch batch;
  rocksdb::Status added = batch.Put(database->meta(), format::kOldestKey,
                                    format::EncodeNumber(static_cast<uint64_t>(oldest)));
  if (added.ok()) {
    added = batch.DeleteRange(database->feed(), format::EncodeNumber(0),
                              format::EncodeNumber(static_cast<uint64_t>(oldest) + 1));
  }
  TANDEM_RETURN_IF_ERROR(WriteError(database->path(), added));
  return database->Write(&batch);
}

absl::Status DropVersions(Database* database, Revision oldest, const std::set<Revision>& pinned) {
  const Retention retention(oldest, pinned);
  Deletions deletions(database, database->versions());
  rocksdb::ReadOptions options;
  options.total_order_seek = true;
  options.fill_cache = false;
  std::unique_ptr<rocksdb::Iterator> it(database->db()->NewIterator(options, database->versions()));
  std::string escaped_key;
  std::vector<VersionMark> versions;  // of escaped_key, newest first
  for (it->SeekToFirst(); it->Valid(); it->Next()) {
    format::DecodedVersionKey decoded;
    std::optional<absl::string_view> value;
    if (!format::DecodeVersionKey(View(it->key()), &decoded) ||
        !format::DecodeVersion(View(it->value()), &value)) {
      return DamagedError(database->path(), "a record is not what was written");
    }
    const absl::string_view escaped =
        View(it->key()).substr(0, it->key().size() - format::kRevisionBytes);
    if (escaped != escaped_key) {
      TANDEM_RETURN_IF_ERROR(DropOf(escaped_key, versions, retention, &deletions));
      escaped_key = std::string(escaped);
      versions.clear();
    }
    versions.push_back({decoded.revision, !value.has_value()});
  }
  TANDEM_RETURN_IF_ERROR(ReadError(database->path(), it->status()));
  TANDEM_RETURN_IF_ERROR(DropOf(escaped_key, versions, retention, &deletions));
  return deletions.Flush();
}

absl::StatusOr<int64_t> DeleteExpiredAnswers(Database* database, absl::Time now) {
  Deletions deletions(database, database->answers());
  std::unique_ptr<rocksdb::Iterator> it(
      database->db()->NewIterator(rocksdb::ReadOptions(), database->answers()));
  for (it->SeekToFirst(); it->Valid(); it->Next()) {
    KeptAnswer answer;
    if (!format::DecodeAnswer(View(it->key()), View(it->value()), &answer)) {
      return DamagedError(database->path(), "a kept answer is not what was written");
    }
    if (answer.expires_at <= now) TANDEM_RETURN_IF_ERROR(deletions.Add(it->key()));
  }
  TANDEM_RETURN_IF_ERROR(ReadError(database->path(), it->status()));
  TANDEM_RETURN_IF_ERROR(deletions.Flush());
  return deletions.total();
}

}  // namespace tandem::storage
