// The sequencer's side of a RocksDB store: what commits are judged by, and how they are written.
#ifndef STORAGE_ROCKSDB_LEDGER_H_
#define STORAGE_ROCKSDB_LEDGER_H_

#include <functional>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/record_cache.h"
#include "storage/rocksdb/database.h"
#include "storage/sequencer.h"
#include "storage/store.h"

namespace tandem::storage {

// The answer kept for a request, or std::nullopt.
absl::StatusOr<std::optional<KeptAnswer>> ReadAnswer(const Database& database,
                                                     absl::string_view request_id);

class RocksDbLedger : public Ledger {
 public:
  // `database`, and `cache` of its records, must outlive this. `on_failure` is told when the store
  // can no longer record which revisions are durable.
  RocksDbLedger(Database* database, RecordCache* cache,
                std::function<void(absl::Status)> on_failure)
      : database_(database), cache_(cache), on_failure_(std::move(on_failure)) {}

  absl::StatusOr<Revision> RevisionOf(absl::string_view key) override;
  absl::StatusOr<std::optional<KeptAnswer>> FindAnswer(absl::string_view request_id) override;
  absl::Status Write(const std::vector<NumberedCommit>& group) override;

 private:
  Database* const database_;
  RecordCache* const cache_;
  const std::function<void(absl::Status)> on_failure_;
};

}  // namespace tandem::storage

#endif  // STORAGE_ROCKSDB_LEDGER_H_
