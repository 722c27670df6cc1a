#include "services/matching/engine/ranking/tally.h"

#include <algorithm>

#include "services/matching/engine/assignment/draws.h"

namespace tandem::engine {
namespace {

struct Breakers {
  RowSet some = {};     // Who breaks a rule,
  RowSet several = {};  // and who breaks more than one.
};

Breakers BreakersIn(const ChunkVerdicts& verdicts) {
  Breakers breakers;
  for (const RowSet& broken : verdicts.broken) {
    for (size_t word = 0; word < kRowSetWords; ++word) {
      breakers.several[word] |= breakers.some[word] & broken[word];
      breakers.some[word] |= broken[word];
    }
  }
  return breakers;
}

RowSet Without(RowSet rows, const RowSet& others) {
  for (size_t word = 0; word < kRowSetWords; ++word) rows[word] &= ~others[word];
  return rows;
}

// Keeps the example if it belongs to the largest draws so far.
void Keep(const Tally::Example& example, const PreparedNeed& need, Tally::PerRule* rule) {
  // Draws of 40 bits hardly ever tie; then the smaller id comes first.
  const auto comes_first = [&need](const Tally::Example& a, const Tally::Example& b) {
    if (a.draw != b.draw) return a.draw > b.draw;
    const Dictionary& ids = need.roster.dictionaries().mentors;
    return ids.TextOf(static_cast<uint32_t>(a.row)) < ids.TextOf(static_cast<uint32_t>(b.row));
  };
  std::vector<Tally::Example>& examples = rule->examples;
  const bool full = examples.size() == kMaxExamples;
  if (full && !comes_first(example, examples.back())) return;
  if (full) examples.pop_back();
  examples.insert(std::upper_bound(examples.begin(), examples.end(), example, comes_first),
                  example);
}

}  // namespace

RowSet EligibleRows(const ChunkVerdicts& verdicts) {
  return Without(verdicts.mentors, BreakersIn(verdicts).some);
}

void Count(const ChunkVerdicts& verdicts, const Chunk& chunk, int32_t first_row,
           const PreparedNeed& need, Tally* tally) {
  const Breakers breakers = BreakersIn(verdicts);
  for (size_t i = 0; i < verdicts.broken.size(); ++i) {
    Tally::PerRule& rule = tally->rules[i];
    rule.failed += CountRows(verdicts.broken[i]);
    ForEachRow(Without(verdicts.broken[i], breakers.several), [&](int index) {
      ++rule.sole;
      rule.sole_rows.push_back(first_row + index);
      const uint64_t id_hash = chunk.id_hashes[static_cast<size_t>(index)];
      Keep({Draw(need.seed, need.id_hash, id_hash), first_row + index}, need, &rule);
    });
  }
  tally->eligible += CountRows(Without(verdicts.mentors, breakers.some));
}

}  // namespace tandem::engine
