#include "services/matching/engine/ranking/candidate.h"

#include "absl/strings/string_view.h"
#include "services/matching/engine/assignment/draws.h"

namespace tandem::engine {
namespace {

absl::string_view TextOf(int32_t row, const PreparedNeed& need) {
  return need.roster.dictionaries().mentors.TextOf(static_cast<uint32_t>(row));
}

}  // namespace

Candidate CandidateOf(int32_t row, uint64_t id_hash, int64_t total, const PreparedNeed& need) {
  Candidate candidate;
  candidate.total = total;
  candidate.id_hash = id_hash;
  candidate.draw = Draw(need.seed, need.id_hash, id_hash);
  candidate.row = row;
  return candidate;
}

bool RanksBefore(const Candidate& a, const Candidate& b, const PreparedNeed& need) {
  if (a.total != b.total) return a.total > b.total;
  if (a.draw != b.draw) return a.draw > b.draw;
  if (a.row == b.row) return false;
  const int64_t again_a = Draw(need.seed + 1, need.id_hash, a.id_hash);
  const int64_t again_b = Draw(need.seed + 1, need.id_hash, b.id_hash);
  if (again_a != again_b) return again_a > again_b;
  return TextOf(a.row, need) < TextOf(b.row, need);
}

std::string IdOf(int32_t row, const PreparedNeed& need) { return std::string(TextOf(row, need)); }

}  // namespace tandem::engine
