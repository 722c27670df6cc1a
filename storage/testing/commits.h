// Tiny builders of commits for tests, which show only what matters.
#ifndef STORAGE_TESTING_COMMITS_H_
#define STORAGE_TESTING_COMMITS_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/store.h"

namespace tandem::storage {

// A commit that writes one key, with a feed entry "KEY=VALUE".
Commit Put(const std::string& key, const std::string& value);
// The same, provided that the key is at `revision` (0: absent).
Commit PutAt(Revision revision, const std::string& key, const std::string& value);
// A commit that deletes a key, with a feed entry "KEY deleted".
Commit Delete(const std::string& key);
// `commit`, keeping "answer of ID" for request ID for an hour from the epoch.
Commit WithAnswer(Commit commit, const std::string& request_id);

// All records of the newest state.
absl::StatusOr<std::map<std::string, std::string>> Contents(const Snapshot& snapshot);
absl::StatusOr<std::map<std::string, std::string>> NewestContents(const Store& store);

// The whole feed after `after`, read in small batches.
absl::StatusOr<std::vector<FeedRecord>> ReadWholeFeed(const Store& store, Revision after);

}  // namespace tandem::storage

#endif  // STORAGE_TESTING_COMMITS_H_
