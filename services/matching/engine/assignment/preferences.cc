#include "services/matching/engine/assignment/preferences.h"

namespace tandem::engine {

int64_t Preferences::MentorScore(int32_t pair) const {
  const AssignmentPair& p = problem_.pairs[pair];
  return p.mentor_score == kSameScore ? p.score : p.mentor_score;
}

int Preferences::CompareDraws(int32_t a, int32_t b) const {
  for (const uint64_t seed : {problem_.seed, problem_.seed + 1}) {
    const int64_t draw_a = index_.DrawOf(problem_, a, seed);
    const int64_t draw_b = index_.DrawOf(problem_, b, seed);
    if (draw_a != draw_b) return draw_a > draw_b ? 1 : -1;
  }
  return 0;
}

bool Preferences::NeedPrefers(int32_t a, int32_t b) const {
  const AssignmentPair& pair_a = problem_.pairs[a];
  const AssignmentPair& pair_b = problem_.pairs[b];
  if (pair_a.score != pair_b.score) return pair_a.score > pair_b.score;
  const int draws = CompareDraws(a, b);
  if (draws != 0) return draws > 0;
  return index_.mentor_rank[pair_a.mentor] < index_.mentor_rank[pair_b.mentor];
}

bool Preferences::MentorPrefers(int32_t a, int32_t b) const {
  const AssignmentPair& pair_a = problem_.pairs[a];
  const AssignmentPair& pair_b = problem_.pairs[b];
  const int tier_a = problem_.needs[pair_a.need].tier;
  const int tier_b = problem_.needs[pair_b.need].tier;
  if (tier_a != tier_b) return tier_a < tier_b;
  const int64_t score_a = MentorScore(a);
  const int64_t score_b = MentorScore(b);
  if (score_a != score_b) return score_a > score_b;
  const int draws = CompareDraws(a, b);
  if (draws != 0) return draws > 0;
  return index_.need_rank[pair_a.need] < index_.need_rank[pair_b.need];
}

}  // namespace tandem::engine
