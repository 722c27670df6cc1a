// Answers about every mentor that many needs ask for: "who has testing.food at level 3?" is worked
// out once and then only for the chunks that changed.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ROSTER_ANSWERS_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ROSTER_ANSWERS_H_

#include <cstdint>
#include <vector>

#include "services/matching/engine/roster/memo.h"
#include "services/matching/engine/roster/row_set.h"

namespace tandem::engine {

// The mentors of whom the answer is yes, in the state of a chunk. State 0: not known.
struct ChunkAnswer {
  uint64_t state = 0;
  RowSet yes = {};
};

// By index of the chunk; may be shorter than the roster is by now.
using Answers = std::vector<ChunkAnswer>;

// By everything, apart from the chunk, that the answers depend on.
using AnswerMemo = Memo<Answers>;

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ROSTER_ANSWERS_H_
