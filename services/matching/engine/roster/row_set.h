// A set of the mentors of one chunk.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ROSTER_ROW_SET_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ROSTER_ROW_SET_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "services/matching/engine/roster/chunk.h"

namespace tandem::engine {

// Bit i % 64 of word i / 64 stands for the chunk's i-th mentor.
constexpr size_t kRowSetWords = kChunkRows / 64;
static_assert(kRowSetWords * 64 == kChunkRows);
using RowSet = std::array<uint64_t, kRowSetWords>;

inline RowSet AllRows(const Chunk& chunk) {
  RowSet rows = {};
  const size_t count = chunk.rows.size();
  for (size_t word = 0; word < kRowSetWords && word * 64 < count; ++word) {
    const size_t left = count - word * 64;
    rows[word] = left >= 64 ? ~uint64_t{0} : (uint64_t{1} << left) - 1;
  }
  return rows;
}

// The mentors of a chunk, whose first is in row `first_row` of the roster, that `passes` says yes
// to.
template <typename Passes>
RowSet PassingRows(const Chunk& chunk, int32_t first_row, const Passes& passes) {
  RowSet passing = {};
  const int count = static_cast<int>(chunk.rows.size());
  for (int begin = 0; begin < count; begin += 64) {
    const int end = count - begin < 64 ? count : begin + 64;
    uint64_t word = 0;
    for (int i = begin; i < end; ++i) {
      const bool pass = passes(MentorView(chunk, i, first_row + i));
      word |= static_cast<uint64_t>(pass) << (i - begin);
    }
    passing[static_cast<size_t>(begin) / 64] = word;
  }
  return passing;
}

// Calls visit(index) for every mentor of the set, in rising order.
template <typename Visit>
void ForEachRow(const RowSet& rows, const Visit& visit) {
  for (size_t word = 0; word < kRowSetWords; ++word) {
    for (uint64_t bits = rows[word]; bits != 0; bits &= bits - 1) {
      visit(static_cast<int>(word) * 64 + __builtin_ctzll(bits));
    }
  }
}

inline int CountRows(const RowSet& rows) {
  int count = 0;
  for (const uint64_t word : rows) count += __builtin_popcountll(word);
  return count;
}

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ROSTER_ROW_SET_H_
