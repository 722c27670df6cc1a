#include "services/matching/engine/ranking/scan.h"

#include <algorithm>

#include "absl/strings/string_view.h"
#include "services/matching/engine/assignment/draws.h"
#include "services/matching/engine/criteria/score.h"

namespace tandem::engine {
namespace {

absl::string_view IdOf(int32_t row, const PreparedNeed& need) {
  return need.roster.dictionaries().mentors.TextOf(static_cast<uint32_t>(row));
}

}  // namespace

bool RanksBefore(const Candidate& a, const Candidate& b, const PreparedNeed& need) {
  if (a.total != b.total) return a.total > b.total;
  if (a.draw != b.draw) return a.draw > b.draw;
  if (a.row == b.row) return false;
  const int64_t again_a = Draw(need.seed + 1, need.id_hash, a.id_hash);
  const int64_t again_b = Draw(need.seed + 1, need.id_hash, b.id_hash);
  if (again_a != again_b) return again_a > again_b;
  return IdOf(a.row, need) < IdOf(b.row, need);
}

Candidate CandidateOf(const MentorView& mentor, const PreparedNeed& need) {
  Candidate candidate;
  candidate.total = ScoreOf(mentor, need).total;
  candidate.id_hash = mentor.id_hash();
  candidate.draw = Draw(need.seed, need.id_hash, candidate.id_hash);
  candidate.row = mentor.row();
  return candidate;
}

namespace {

// Keeps the example if it belongs to the largest draws so far.
void Keep(const Tally::Example& example, const PreparedNeed& need, Tally::PerRule* rule) {
  // Draws of 40 bits hardly ever tie; then the smaller id comes first.
  const auto comes_first = [&need](const Tally::Example& a, const Tally::Example& b) {
    if (a.draw != b.draw) return a.draw > b.draw;
    return IdOf(a.row, need) < IdOf(b.row, need);
  };
  std::vector<Tally::Example>& examples = rule->examples;
  const bool full = examples.size() == kMaxExamples;
  if (full && !comes_first(example, examples.back())) return;
  if (full) examples.pop_back();
  examples.insert(std::upper_bound(examples.begin(), examples.end(), example, comes_first),
                  example);
}

}  // namespace

RowSet Count(const ChunkVerdicts& verdicts, const Chunk& chunk, int32_t first_row,
             const PreparedNeed& need, Tally* tally) {
  RowSet some = {};     // Who breaks a rule,
  RowSet several = {};  // and who breaks more than one.
  for (const RowSet& broken : verdicts.broken) {
    for (size_t word = 0; word < kRowSetWords; ++word) {
      several[word] |= some[word] & broken[word];
      some[word] |= broken[word];
    }
  }
  for (size_t i = 0; i < verdicts.broken.size(); ++i) {
    Tally::PerRule& rule = tally->rules[i];
    rule.failed += CountRows(verdicts.broken[i]);
    RowSet sole = verdicts.broken[i];
    for (size_t word = 0; word < kRowSetWords; ++word) sole[word] &= ~several[word];
    rule.sole += CountRows(sole);
    ForEachRow(sole, [&](int index) {
      const auto row = static_cast<size_t>(index);
      rule.sole_rows.push_back(first_row + index);
      Keep({Draw(need.seed, need.id_hash, chunk.id_hashes[row]), first_row + index}, need, &rule);
    });
  }
  RowSet eligible = verdicts.mentors;
  for (size_t word = 0; word < kRowSetWords; ++word) eligible[word] &= ~some[word];
  tally->eligible += CountRows(eligible);
  return eligible;
}

void Merge(const Tally& part, const PreparedNeed& need, Tally* tally) {
  tally->eligible += part.eligible;
  for (int i = 0; i < kRuleCount; ++i) {
    tally->rules[i].failed += part.rules[i].failed;
    tally->rules[i].sole += part.rules[i].sole;
    std::vector<int32_t>& rows = tally->rules[i].sole_rows;
    rows.insert(rows.end(), part.rules[i].sole_rows.begin(), part.rules[i].sole_rows.end());
    for (const Tally::Example& example : part.rules[i].examples) {
      Keep(example, need, &tally->rules[i]);
    }
  }
}

}  // namespace tandem::engine
