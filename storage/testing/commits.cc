#include "storage/testing/commits.h"

#include <memory>
#include <utility>

#include "base/status_macros.h"

namespace tandem::storage {

Commit Put(const std::string& key, const std::string& value) {
  Commit commit;
  commit.mutations = {{key, value}};
  commit.feed_entries = {key + "=" + value};
  return commit;
}

Commit PutAt(Revision revision, const std::string& key, const std::string& value) {
  Commit commit = Put(key, value);
  commit.expectations = {{key, revision}};
  return commit;
}

Commit Delete(const std::string& key) {
  Commit commit;
  commit.mutations = {{key, std::nullopt}};
  commit.feed_entries = {key + " deleted"};
  return commit;
}

Commit WithAnswer(Commit commit, const std::string& request_id) {
  KeptAnswer answer;
  answer.request_id = request_id;
  answer.request_digest = "digest of " + request_id;
  answer.answer = "answer of " + request_id;
  answer.expires_at = absl::UnixEpoch() + absl::Hours(1);
  commit.answer = answer;
  return commit;
}

absl::StatusOr<std::map<std::string, std::string>> Contents(const Snapshot& snapshot) {
  std::map<std::string, std::string> contents;
  TANDEM_RETURN_IF_ERROR(snapshot.Scan("", "", [&](const Record& record) {
    contents[record.key] = record.value;
    return true;
  }));
  return contents;
}

absl::StatusOr<std::map<std::string, std::string>> NewestContents(const Store& store) {
  TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<Snapshot> snapshot, store.Latest());
  return Contents(*snapshot);
}

absl::StatusOr<std::vector<FeedRecord>> ReadWholeFeed(const Store& store, Revision after) {
  std::vector<FeedRecord> feed;
  for (;;) {
    TANDEM_ASSIGN_OR_RETURN(FeedBatch batch, store.ReadFeed(after, 100, 1 << 20));
    if (batch.commits.empty()) return feed;
    after = batch.commits.back().revision;
    for (FeedRecord& record : batch.commits) feed.push_back(std::move(record));
  }
}

}  // namespace tandem::storage
