// A store keeps the records of one service: every commit moves it, as a whole, from one revision to
// the next, and every revision that is still kept can be read as it was.
//
//   Invariants
//   1. Revisions are dense: the first commit is revision 1, each later one is its predecessor
//   plus 1.
//      Revision 0 is the empty store.
//   2. A commit is all or nothing: its expectations held, and its mutations, its feed record and
//   the
//      answer it keeps became durable together, before Apply returned OK.
//   3. The change feed has exactly one record per commit, in the order of the revisions.
//   4. A snapshot never changes, whatever is committed, trimmed or unpinned after it was taken.
//
// Thread safety: every method of Store and Snapshot may be called from any number of threads at
// once. Ownership: snapshots may outlive neither their store nor Close().
//
// Example:
//   Commit commit;
//   commit.expectations = {{"mentors/7", 41}};             // nobody changed it since I read it
//   commit.mutations = {{"mentors/7", record}};
//   commit.feed_entries = {entry};
//   absl::StatusOr<Revision> revision = store->Apply(std::move(commit));
//   if (std::optional<Conflict> conflict = ConflictOf(revision.status())) { /* read again */ }
#ifndef STORAGE_STORE_H_
#define STORAGE_STORE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "storage/cancellation.h"

namespace tandem::storage {

// The number of a commit, from 1 without gaps; 0 is the empty store.
using Revision = int64_t;

// Limits, checked by Apply before anything is queued.
inline constexpr size_t kMaxKeyBytes = 4096;                 // also of a request_id
inline constexpr size_t kMaxCommitBytes = 64 * 1024 * 1024;  // keys, values, entries and answer

// A key with its value as of some revision.
struct Record {
  std::string key;
  std::string value;
  Revision revision = 0;  // of the commit that wrote this value
};

// What must be true of a key for a commit to happen.
struct Expectation {
  std::string key;
  Revision revision = 0;  // that last wrote the key; 0: the key must be absent
};

// A write (value present) or a deletion (std::nullopt; deleting an absent key is allowed).
struct Mutation {
  std::string key;
  std::optional<std::string> value;
};

// What a request was answered, kept so that its repetition gets the same answer.
struct KeptAnswer {
  std::string request_id;      // unique within the store: the caller scopes it by method and caller
  std::string request_digest;  // of the request, to notice an id used again for another request
  std::string answer;          // never personal data: a reference that is rendered again
  absl::Time expires_at;       // may be forgotten from then on, by ForgetAnswers(); microseconds
  Revision revision = 0;       // of the commit that kept it; set by the store
};

// Everything that happens together. At least one of mutations, feed_entries and answer is present.
struct Commit {
  std::vector<Expectation> expectations;
  std::vector<Mutation> mutations;        // each key at most once
  std::vector<std::string> feed_entries;  // opaque payloads, delivered in this order
  std::optional<KeptAnswer> answer;
};

// One commit in the change feed. `entries` may be empty.
struct FeedRecord {
  Revision revision = 0;
  std::vector<std::string> entries;
};

struct FeedBatch {
  std::vector<FeedRecord> commits;  // consecutive revisions, the first is `after` + 1
  Revision head = 0;                // newest revision when the batch was read
};

// One kept version of a key.
struct Version {
  Revision revision = 0;
  std::optional<std::string> value;  // std::nullopt: the key was deleted here
};

struct PinnedRevision {
  Revision revision = 0;
  std::string owner;
};

// Which revisions can be read at the moment.
struct RevisionRange {
  Revision oldest =
      0;              // older ones were trimmed (save pinned ones); the feed is kept after this one
  Revision head = 0;  // the newest
};

// The expectation that failed a commit.
struct Conflict {
  std::string key;
  Revision expected = 0;
  Revision actual = 0;  // 0: the key is absent
};

// The state at one revision. Holding one keeps resources busy: drop it when done.
// Errors of every method: DATA_LOSS for damaged files (the message names the file and what to do).
class Snapshot {
 public:
  virtual ~Snapshot() = default;

  virtual Revision revision() const = 0;

  // The record, or std::nullopt when the key is absent at this revision.
  virtual absl::StatusOr<std::optional<Record>> Get(absl::string_view key) const = 0;

  // Calls `visit` with each record of start <= key < end in the order of the keys' bytes, until it
  // returns false. An empty `end` means no upper bound. The record is valid during the call only.
  virtual absl::Status Scan(absl::string_view start, absl::string_view end,
                            absl::FunctionRef<bool(const Record&)> visit) const = 0;

  // The kept versions of `key` with a revision <= min(`newest`, revision()), newest first, at most
  // `limit`. For the next page pass the last revision minus 1. Trimmed versions are missing.
  virtual absl::StatusOr<std::vector<Version>> History(absl::string_view key, Revision newest,
                                                       int limit) const = 0;
};

class Store {
 public:
  using Callback = absl::AnyInvocable<void(absl::StatusOr<Revision>)>;

  // Close()s.
  virtual ~Store() = default;

  // Makes `commit` durable and returns its revision. Blocks until then. Errors:
  //   ABORTED             an expectation failed: ConflictOf() tells which; read again and retry.
  //   ALREADY_EXISTS      the request_id is kept already: KeptAnswerOf() gives that answer.
  //   INVALID_ARGUMENT    an empty commit or key, a key written twice, a limit exceeded.
  //   UNAVAILABLE         the store refuses writes (closed, or after an error: see Health()).
  //   RESOURCE_EXHAUSTED  the disk is full   } the outcome is unknown: restart the process, then
  //   UNKNOWN             the write failed   } FindAnswer(request_id) tells it.
  // Nothing was written except in the last two cases.
  absl::StatusOr<Revision> Apply(Commit commit);

  // The same without blocking. `done` runs exactly once, on the store's own thread or on the
  // caller's: it must be quick and must not call Apply() or Close().
  virtual void ApplyAsync(Commit commit, Callback done) = 0;

  // The state at the newest revision.
  virtual absl::StatusOr<std::unique_ptr<Snapshot>> Latest() const = 0;

  // The state at `revision`; OUT_OF_RANGE when it was trimmed or does not exist yet.
  virtual absl::StatusOr<std::unique_ptr<Snapshot>> At(Revision revision) const = 0;

  // The answer kept for a request, or std::nullopt. An expired one may still be found.
  virtual absl::StatusOr<std::optional<KeptAnswer>> FindAnswer(
      absl::string_view request_id) const = 0;

  // Forgets the answers that expired at or before `now`; returns how many.
  virtual absl::StatusOr<int64_t> ForgetAnswers(absl::Time now) = 0;

  // The commits after revision `after` in order: at most `max_commits`, and, after the first, at
  // most `max_bytes` of entries. Empty when there is none yet. OUT_OF_RANGE when commits after
  // `after` were trimmed (list at Latest(), then follow from its revision) or `after` > head.
  virtual absl::StatusOr<FeedBatch> ReadFeed(Revision after, int max_commits,
                                             int64_t max_bytes) const = 0;

  // Blocks until a revision greater than `after` exists (OK), the deadline passes
  // (DEADLINE_EXCEEDED), `cancellation` is cancelled or the store is closed (CANCELLED).
  virtual absl::Status WaitForCommit(Revision after, absl::Time deadline,
                                     Cancellation* cancellation = nullptr) const = 0;

  virtual RevisionRange Revisions() const = 0;

  // Keeps `revision` readable across Trim() and restarts until Unpin() with the same owner. Durable
  // when it returns; repeating it changes nothing. OUT_OF_RANGE when it is not readable.
  virtual absl::Status Pin(Revision revision, absl::string_view owner) = 0;
  // OK also when there is no such pin.
  virtual absl::Status Unpin(Revision revision, absl::string_view owner) = 0;
  // All pins, by revision, then owner.
  virtual absl::StatusOr<std::vector<PinnedRevision>> Pins() const = 0;

  // Forgets the states before revision `oldest`, save the pinned ones, and the feed up to and
  // including it. Going back changes nothing. OUT_OF_RANGE when `oldest` > head.
  virtual absl::Status Trim(Revision oldest) = 0;

  // OK, or why writes are refused and what to do. Reads go on where possible.
  virtual absl::Status Health() const = 0;

  // Finishes queued commits, wakes waiters, refuses new commits. Repeating it is OK.
  virtual absl::Status Close() = 0;
};

// The failed expectation in a status of Apply, or std::nullopt for any other status.
std::optional<Conflict> ConflictOf(const absl::Status& status);

// The answer kept before, in an ALREADY_EXISTS of Apply, or std::nullopt for any other status.
std::optional<KeptAnswer> KeptAnswerOf(const absl::Status& status);

// The end of the range of all keys that start with `prefix`, for Scan(prefix, EndOfPrefix(prefix)).
// Empty (no bound) when the prefix is empty or all 0xFF bytes.
std::string EndOfPrefix(absl::string_view prefix);

}  // namespace tandem::storage

#endif  // STORAGE_STORE_H_
