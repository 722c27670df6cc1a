#include "services/matching/engine/ranking/nearest.h"

#include <utility>

#include "services/matching/engine/ranking/candidate.h"
#include "services/matching/engine/rules/eligibility.h"
#include "services/matching/engine/rules/shortfall.h"

namespace tandem::engine {

Verdict NearestToPassing(Rule rule, const std::vector<int32_t>& rows, const PreparedNeed& need) {
  Verdict nearest;
  Shortfall least;
  Candidate first;
  for (size_t i = 0; i < rows.size(); ++i) {
    const MentorView mentor = need.roster.mentor(rows[i]);
    Verdict verdict = VerdictOf(rule, mentor, need);
    const Shortfall shortfall = ShortfallOf(verdict);
    // Scores play no part.
    const Candidate candidate = CandidateOf(rows[i], mentor.id_hash(), /*total=*/0, need);
    if (i > 0 && least < shortfall) continue;
    if (i > 0 && !(shortfall < least) && !RanksBefore(candidate, first, need)) continue;
    nearest = std::move(verdict);
    least = shortfall;
    first = candidate;
  }
  return nearest;
}

}  // namespace tandem::engine
