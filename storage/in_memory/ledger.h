// The data of an in-memory store: versions of every key, feed, kept answers, pins.
//
// Thread safety: all methods from any thread.
#ifndef STORAGE_IN_MEMORY_LEDGER_H_
#define STORAGE_IN_MEMORY_LEDGER_H_

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "storage/sequencer.h"
#include "storage/store.h"

namespace tandem::storage {

class InMemoryLedger : public Ledger {
 public:
  // Ledger.
  absl::StatusOr<Revision> RevisionOf(absl::string_view key) override;
  absl::StatusOr<std::optional<KeptAnswer>> FindAnswer(absl::string_view request_id) override;
  absl::Status Write(const std::vector<NumberedCommit>& group) override;

  // Opens a reader at `revision` (std::nullopt: the newest) and returns its revision. Until it is
  // closed, Trim() leaves alone what it reads.
  absl::StatusOr<Revision> OpenReader(std::optional<Revision> revision);
  void CloseReader(Revision revision);

  std::optional<Record> Get(absl::string_view key, Revision revision) const;
  // At most `limit` records of [start, end) (empty end: no bound) as of `revision`, in order.
  std::vector<Record> Range(absl::string_view start, absl::string_view end, Revision revision,
                            size_t limit) const;
  std::vector<Version> History(absl::string_view key, Revision newest, int limit) const;

  int64_t ForgetAnswers(absl::Time now);
  absl::StatusOr<FeedBatch> ReadFeed(Revision after, int max_commits, int64_t max_bytes) const;
  RevisionRange Revisions() const;
  absl::Status Pin(Revision revision, absl::string_view owner);
  void Unpin(Revision revision, absl::string_view owner);
  std::vector<PinnedRevision> Pins() const;
  absl::Status Trim(Revision oldest);

 private:
  using Versions = std::vector<Version>;  // oldest first

  static const Version* Find(const Versions& versions, Revision revision);
  bool Readable(Revision revision) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  std::set<Revision> KeptRevisions() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  std::map<std::string, Versions, std::less<>> records_ ABSL_GUARDED_BY(mutex_);
  std::deque<FeedRecord> feed_ ABSL_GUARDED_BY(mutex_);  // of range_.oldest + 1 to range_.head
  std::map<std::string, KeptAnswer, std::less<>> answers_ ABSL_GUARDED_BY(mutex_);
  std::set<std::pair<Revision, std::string>> pins_ ABSL_GUARDED_BY(mutex_);
  std::multiset<Revision> readers_ ABSL_GUARDED_BY(mutex_);
  RevisionRange range_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tandem::storage

#endif  // STORAGE_IN_MEMORY_LEDGER_H_
