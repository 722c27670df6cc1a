#include "services/matching/engine/assignment/why_not.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/status_macros.h"

namespace tandem::engine {
namespace {

absl::Status CheckPair(const AssignmentProblem& problem, int32_t need, int32_t mentor) {
  if (need < 0 || need >= static_cast<int32_t>(problem.needs.size()) || mentor < 0 ||
      mentor >= static_cast<int32_t>(problem.mentors.size())) {
    return absl::InvalidArgumentError("no such need or mentor index");
  }
  const PairRef pair = {need, mentor};
  const bool listed =
      std::any_of(problem.pairs.begin(), problem.pairs.end(),
                  [&](const AssignmentPair& p) { return p.need == need && p.mentor == mentor; });
  const bool forbidden = std::find(problem.forbidden.begin(), problem.forbidden.end(), pair) !=
                         problem.forbidden.end();
  if (!listed || forbidden) {
    return absl::FailedPreconditionError(
        "the pair is not eligible: ask which rule excludes it, not what it would cost");
  }
  return absl::OkStatus();
}

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

absl::StatusOr<WhyNot> ExplainWhyNot(const AssignmentProblem& problem,
                                     const AssignmentResult& result, int32_t need, int32_t mentor,
                                     const SolveOptions& options) {
  if (result.outcome == Outcome::kInfeasible) {
    return absl::FailedPreconditionError("there is no plan to compare with: it is infeasible");
  }
  TANDEM_RETURN_IF_ERROR(CheckPair(problem, need, mentor));
  AssignmentProblem pinned = problem;
  const PairRef pair = {need, mentor};
  if (std::find(problem.pinned.begin(), problem.pinned.end(), pair) == problem.pinned.end()) {
    pinned.pinned.push_back(pair);
  }
  TANDEM_ASSIGN_OR_RETURN(AssignmentResult forced, Solve(pinned, options));
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

}  // namespace tandem::engine
