#include "services/matching/engine/assignment/testing/solve_anew.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/status_macros.h"

namespace tandem::engine::testing {
namespace {

std::vector<ValueComponent> Difference(const std::vector<ValueComponent>& plan,
                                       const std::vector<ValueComponent>& forced) {
  std::vector<ValueComponent> cost;
  for (size_t i = 0; i < plan.size() && i < forced.size(); ++i) {
    const bool unbounded = plan[i].unbounded != forced[i].unbounded;
    cost.push_back(
        {plan[i].name, unbounded ? absl::int128(0) : plan[i].amount - forced[i].amount, unbounded});
  }
  return cost;
}

// The matches of `from` that `without` lacks, in the order of `from`.
std::vector<Match> Lacking(const std::vector<Match>& from, const std::vector<Match>& without) {
  std::set<std::pair<int32_t, int32_t>> present;
  for (const Match& match : without) present.insert({match.need, match.mentor});
  std::vector<Match> lacking;
  for (const Match& match : from) {
    if (present.count({match.need, match.mentor}) == 0) lacking.push_back(match);
  }
  return lacking;
}

}  // namespace

absl::StatusOr<WhyNot> WhyNotBySolvingAnew(const AssignmentProblem& problem,
                                           const AssignmentResult& result, int32_t need,
                                           int32_t mentor) {
  AssignmentProblem pinned = problem;
  const PairRef pair = {need, mentor};
  if (std::find(problem.pinned.begin(), problem.pinned.end(), pair) == problem.pinned.end()) {
    pinned.pinned.push_back(pair);
  }
  TANDEM_ASSIGN_OR_RETURN(AssignmentResult forced, Solve(pinned, SolveOptions()));
  WhyNot answer;
  answer.already_matched =
      std::any_of(result.matches.begin(), result.matches.end(),
                  [&](const Match& match) { return match.need == need && match.mentor == mentor; });
  if (forced.outcome == Outcome::kInfeasible) {
    answer.feasible = false;
    answer.conflict = std::move(forced.conflict);
    return answer;
  }
  answer.cost = Difference(result.value, forced.value);
  answer.removed = Lacking(result.matches, forced.matches);
  answer.added = Lacking(forced.matches, result.matches);
  return answer;
}

absl::StatusOr<PlaceGain> PlaceGainBySolvingAnew(const AssignmentProblem& problem,
                                                 const AssignmentResult& result, int32_t mentor) {
  AssignmentProblem roomier = problem;
  ++roomier.mentors[mentor].max;
  TANDEM_ASSIGN_OR_RETURN(const AssignmentResult better, Solve(roomier, SolveOptions()));
  PlaceGain gain;
  gain.mentor = mentor;
  gain.gain = Difference(better.value, result.value);
  gain.removed = Lacking(result.matches, better.matches);
  gain.added = Lacking(better.matches, result.matches);
  return gain;
}

}  // namespace tandem::engine::testing
