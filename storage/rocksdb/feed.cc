#include "storage/rocksdb/feed.h"

#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "storage/rocksdb/errors.h"
#include "storage/rocksdb/format.h"

namespace tandem::storage {

absl::StatusOr<FeedBatch> ReadFeedRecords(const Database& database, Revision after, Revision head,
                                          int max_commits, int64_t max_bytes) {
  FeedBatch batch;
  batch.head = head;
  int64_t bytes = 0;
  std::unique_ptr<rocksdb::Iterator> it(
      database.db()->NewIterator(rocksdb::ReadOptions(), database.feed()));
  it->Seek(format::EncodeNumber(static_cast<uint64_t>(after + 1)));
  for (Revision expected = after + 1;
       expected <= head && static_cast<int>(batch.commits.size()) < max_commits; ++expected) {
    TANDEM_RETURN_IF_ERROR(ReadError(database.path(), it->status()));
    FeedRecord record;
    record.revision = expected;
    if (!it->Valid() ||
        format::DecodeNumber(absl::string_view(it->key().data(), it->key().size())) !=
            static_cast<uint64_t>(expected) ||
        !format::DecodeFeedEntries(absl::string_view(it->value().data(), it->value().size()),
                                   &record.entries)) {
      return DamagedError(database.path(),
                          absl::StrCat("revision ", expected, " is missing in its feed"));
    }
    for (const std::string& entry : record.entries) bytes += static_cast<int64_t>(entry.size());
    if (bytes > max_bytes && !batch.commits.empty()) break;
    batch.commits.push_back(std::move(record));
    it->Next();
  }
  TANDEM_RETURN_IF_ERROR(ReadError(database.path(), it->status()));
  return batch;
}

}  // namespace tandem::storage
