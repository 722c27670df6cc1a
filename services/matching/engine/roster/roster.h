// The roster: all mentors' pseudonymous facts in memory, laid out for looking at every one of them
// in a few milliseconds. Ids and codes are interned as numbers.
//
// Rows: every mentor keeps one row from the first upsert on; rows are numbered from 0 and never
// move, deactivated mentors keep theirs. Row numbers depend on the order of arrival, so no decision
// may.
//
// Snapshots: a snapshot is one immutable state, cheap to take and to copy. Writers copy the part of
// the roster that a living snapshot still shows (256 mentors at a time), so neither waits for the
// other.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ROSTER_ROSTER_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ROSTER_ROSTER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "services/matching/engine/facts.h"
#include "services/matching/engine/roster/answers.h"
#include "services/matching/engine/roster/chunk.h"
#include "services/matching/engine/roster/dictionaries.h"
#include "services/matching/engine/roster/memo.h"

namespace tandem::engine {

struct RosterScan;                  // Of ranking/roster_scan.h: the roster only keeps them.
using ScanMemo = Memo<RosterScan>;  // By id of the need.

// One state of the roster. Immutable and thread-safe; stays valid when the roster changes or ends.
class RosterSnapshot {
 public:
  RosterSnapshot() = default;

  // Mentors, deactivated ones included; rows are 0 to size() - 1.
  int32_t size() const { return size_; }
  // The revision that the roster was complete up to; see Roster::AdvanceTo.
  int64_t revision() const { return revision_; }

  // The mentor in a row; the view lives as long as the snapshot.
  MentorView mentor(int32_t row) const {
    return MentorView(*(*chunks_)[row / kChunkRows], row % kChunkRows, row);
  }
  // The row of a mentor in this snapshot.
  std::optional<int32_t> RowOf(absl::string_view mentor_id) const;
  // The rows of many mentors; -1 for those that are not in this snapshot.
  std::vector<int32_t> RowsOf(const std::vector<absl::string_view>& mentor_ids) const;

  const std::vector<std::shared_ptr<Chunk>>& chunks() const { return *chunks_; }
  const Dictionaries& dictionaries() const { return *dictionaries_; }
  // Shared by all snapshots of a roster. They change no decision, only how long one takes.
  AnswerMemo& answers() const { return *answers_; }
  ScanMemo& scans() const { return *scans_; }

 private:
  friend class Roster;

  std::shared_ptr<const std::vector<std::shared_ptr<Chunk>>> chunks_ =
      std::make_shared<std::vector<std::shared_ptr<Chunk>>>();
  std::shared_ptr<const Dictionaries> dictionaries_ = std::make_shared<Dictionaries>();
  std::shared_ptr<AnswerMemo> answers_ = std::make_shared<AnswerMemo>(/*max_bytes=*/0);
  std::shared_ptr<ScanMemo> scans_ = std::make_shared<ScanMemo>(/*max_bytes=*/0);
  int32_t size_ = 0;
  int64_t revision_ = 0;
};

// The roster. Thread-safe.
class Roster {
 public:
  Roster();

  // Takes in the state of a mentor. Returns false, and changes nothing, if a later revision of the
  // mentor was taken in before. INVALID_ARGUMENT, and nothing changes, without an id.
  absl::StatusOr<bool> Upsert(const MentorFacts& mentor);

  // Takes a mentor out of use. NOT_FOUND if the roster has none of this id.
  absl::Status Deactivate(absl::string_view mentor_id, int64_t revision);

  // States that everything up to `revision` of the profiles store has been taken in. Never goes
  // back.
  void AdvanceTo(int64_t revision);

  RosterSnapshot Snapshot() const;

  // Bytes held, dictionaries included.
  size_t MemoryBytes() const;

 private:
  Chunk& WritableChunk(int32_t chunk) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::shared_ptr<Dictionaries> dictionaries_;  // Thread-safe by itself, as are the memos.
  const std::shared_ptr<AnswerMemo> answers_;
  const std::shared_ptr<ScanMemo> scans_;

  mutable absl::Mutex mutex_;
  std::shared_ptr<std::vector<std::shared_ptr<Chunk>>> chunks_ ABSL_GUARDED_BY(mutex_);
  int32_t size_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t revision_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ROSTER_ROSTER_H_
