#include "storage/rocksdb/ledger.h"

#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "rocksdb/write_batch.h"
#include "storage/rocksdb/errors.h"
#include "storage/rocksdb/format.h"
#include "storage/rocksdb/snapshot.h"

namespace tandem::storage {
namespace {

rocksdb::Status AddCommit(const Database& database, const NumberedCommit& numbered,
                          rocksdb::WriteBatch* batch) {
  const Commit& commit = numbered.commit;
  for (const Mutation& mutation : commit.mutations) {
    rocksdb::Status status =
        batch->Put(database.versions(), format::VersionKey(mutation.key, numbered.revision),
                   format::EncodeVersion(mutation.value));
    if (!status.ok()) return status;
  }
  if (commit.answer.has_value()) {
    rocksdb::Status status = batch->Put(database.answers(), commit.answer->request_id,
                                        format::EncodeAnswer(*commit.answer));
    if (!status.ok()) return status;
  }
  return batch->Put(database.feed(), format::EncodeNumber(static_cast<uint64_t>(numbered.revision)),
                    format::EncodeFeedEntries(commit.feed_entries));
}

}  // namespace

absl::StatusOr<std::optional<KeptAnswer>> ReadAnswer(const Database& database,
                                                     absl::string_view request_id) {
  std::string bytes;
  const rocksdb::Status status =
      database.db()->Get(rocksdb::ReadOptions(), database.answers(),
                         rocksdb::Slice(request_id.data(), request_id.size()), &bytes);
  if (status.IsNotFound()) return std::nullopt;
  TANDEM_RETURN_IF_ERROR(ReadError(database.path(), status));
  KeptAnswer answer;
  if (!format::DecodeAnswer(request_id, bytes, &answer)) {
    return DamagedError(database.path(),
                        absl::StrCat("the answer kept for request \"", absl::CHexEscape(request_id),
                                     "\" is not what was written"));
  }
  return answer;
}

absl::StatusOr<Revision> RocksDbLedger::RevisionOf(absl::string_view key) {
  return NewestRevisionOf(*database_, key);
}

absl::StatusOr<std::optional<KeptAnswer>> RocksDbLedger::FindAnswer(absl::string_view request_id) {
  return ReadAnswer(*database_, request_id);
}

absl::Status RocksDbLedger::Write(const std::vector<NumberedCommit>& group) {
  rocksdb::WriteBatch batch;
  for (const NumberedCommit& numbered : group) {
    TANDEM_RETURN_IF_ERROR(WriteError(database_->path(), AddCommit(*database_, numbered, &batch)));
  }
  const Revision head = group.back().revision;
  TANDEM_RETURN_IF_ERROR(
      WriteError(database_->path(), batch.Put(database_->meta(), format::kHeadKey,
                                              format::EncodeNumber(static_cast<uint64_t>(head)))));
  TANDEM_RETURN_IF_ERROR(database_->Write(&batch));
  cache_->Committed(group);
  // Not synced: this costs microseconds, and only what a power cut takes as well can be lost of it.
  if (absl::Status recorded = database_->RecordHead(head, /*sync=*/false); !recorded.ok()) {
    on_failure_(std::move(recorded));  // but this group is durable
  }
  return absl::OkStatus();
}

}  // namespace tandem::storage
