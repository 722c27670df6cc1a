// Answers about every mentor that many needs ask for, kept between decisions: "who has
// testing.food at level 3?" is worked out once and then only for the chunks that changed.
//
// An answer is a pure function of a chunk and of what the key says, and each is kept with the
// state of its chunk, so a decision is the same with and without the memo.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ROSTER_ANSWER_MEMO_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ROSTER_ANSWER_MEMO_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "services/matching/engine/roster/row_set.h"

namespace tandem::engine {

// The mentors of whom the answer is yes, in the state of a chunk. State 0: not known.
struct ChunkAnswer {
  uint64_t state = 0;
  RowSet yes = {};
};

// By index of the chunk; may be shorter than the roster is by now.
using Answers = std::vector<ChunkAnswer>;

// Thread-safe.
class AnswerMemo {
 public:
  // Drops the answers that were not asked for longest when it would hold more than `max_bytes`.
  explicit AnswerMemo(size_t max_bytes) : max_bytes_(max_bytes) {}

  // nullptr if there are none. The key must say everything, apart from the chunk, that the answers
  // depend on.
  std::shared_ptr<const Answers> Find(const std::string& key);

  void Keep(const std::string& key, std::shared_ptr<const Answers> answers);

  size_t MemoryBytes() const;

 private:
  struct Entry {
    std::shared_ptr<const Answers> answers;
    uint64_t last_use = 0;
  };
  void DropUnused() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const size_t max_bytes_;
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<std::string, Entry> entries_ ABSL_GUARDED_BY(mutex_);
  uint64_t uses_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ROSTER_ANSWER_MEMO_H_
