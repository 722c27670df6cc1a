#include "services/matching/engine/assignment/fairness.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "base/status_macros.h"
#include "services/matching/engine/assignment/network.h"
#include "services/matching/engine/assignment/preferences.h"

namespace tandem::engine {
namespace {

class BlockingPairFinder {
 public:
  BlockingPairFinder(const AssignmentProblem& problem, const std::vector<Match>& matches)
      : problem_(problem),
        index_(problem),
        preferences_(problem, index_),
        need_load_(problem.needs.size(), 0),
        mentor_load_(problem.mentors.size(), 0),
        worst_of_need_(problem.needs.size(), -1),
        worst_of_mentor_(problem.mentors.size(), -1),
        request_(problem.needs.size()) {
    NumberRequests();
    for (const Match& match : matches) chosen_keys_.insert(Key(match.need, match.mentor));
    for (size_t i = 0; i < problem.pairs.size(); ++i) NoteIfChosen(static_cast<int32_t>(i));
  }

  std::vector<BlockingPair> Find() const {
    std::vector<BlockingPair> blocking;
    for (int32_t pair : index_.AllowedPairs(problem_)) {
      const AssignmentPair& p = problem_.pairs[pair];
      BlockingPair found;
      if (chosen_keys_.contains(Key(p.need, p.mentor))) continue;
      if (!NeedWants(pair, &found) || !MentorWants(pair, &found)) continue;
      found.need = p.need;
      found.mentor = p.mentor;
      found.score = p.score;
      found.mentor_score = preferences_.MentorScore(pair);
      blocking.push_back(found);
    }
    return blocking;
  }

 private:
  static uint64_t Key(int32_t high, int32_t low) {
    return static_cast<uint64_t>(high) << 32 | static_cast<uint32_t>(low);
  }

  void NumberRequests() {
    absl::flat_hash_map<absl::string_view, int32_t> numbers;
    for (size_t i = 0; i < problem_.needs.size(); ++i) {
      const int32_t next = static_cast<int32_t>(numbers.size());
      request_[i] = numbers.emplace(RequestOf(problem_.needs[i]), next).first->second;
    }
  }

  void NoteIfChosen(int32_t pair) {
    const AssignmentPair& p = problem_.pairs[pair];
    if (!chosen_keys_.contains(Key(p.need, p.mentor))) return;
    ++need_load_[p.need];
    ++mentor_load_[p.mentor];
    role_of_[Key(request_[p.need], p.mentor)] = pair;
    if (index_.pinned[pair]) return;
    int32_t& of_need = worst_of_need_[p.need];
    if (of_need < 0 || preferences_.NeedPrefers(of_need, pair)) of_need = pair;
    int32_t& of_mentor = worst_of_mentor_[p.mentor];
    if (of_mentor < 0 || preferences_.MentorPrefers(of_mentor, pair)) of_mentor = pair;
  }

  bool NeedWants(int32_t pair, BlockingPair* found) const {
    const int32_t need = problem_.pairs[pair].need;
    if (need_load_[need] < problem_.needs[need].max) return true;
    const int32_t worst = worst_of_need_[need];
    if (worst < 0 || !preferences_.NeedPrefers(pair, worst)) return false;
    found->instead_of_mentor = problem_.pairs[worst].mentor;
    return true;
  }

  bool MentorWants(int32_t pair, BlockingPair* found) const {
    const AssignmentPair& p = problem_.pairs[pair];
    const auto role = role_of_.find(Key(request_[p.need], p.mentor));
    int32_t leaves = worst_of_mentor_[p.mentor];
    if (role != role_of_.end()) {
      if (index_.pinned[role->second]) return false;
      leaves = role->second;
    } else if (mentor_load_[p.mentor] < problem_.mentors[p.mentor].max) {
      return true;
    }
    if (leaves < 0 || !preferences_.MentorPrefers(pair, leaves)) return false;
    found->instead_of_need = problem_.pairs[leaves].need;
    return true;
  }

  const AssignmentProblem& problem_;
  const ProblemIndex index_;
  const Preferences preferences_;
  absl::flat_hash_set<uint64_t> chosen_keys_;
  std::vector<int64_t> need_load_;
  std::vector<int64_t> mentor_load_;
  // The chosen unpinned pair that each likes least, or -1.
  std::vector<int32_t> worst_of_need_;
  std::vector<int32_t> worst_of_mentor_;
  std::vector<int32_t> request_;  // A number for each need's request.
  // The chosen pair by which a mentor serves a request.
  absl::flat_hash_map<uint64_t, int32_t> role_of_;
};

// Both have every component of `total`; the other may have more.
std::vector<ValueComponent> CostAgainst(const std::vector<ValueComponent>& total,
                                        const std::vector<ValueComponent>& other) {
  std::vector<ValueComponent> cost;
  for (const ValueComponent& component : total) {
    if (absl::StartsWith(component.name, "draws")) continue;
    const auto same = std::find_if(
        other.begin(), other.end(),
        [&](const ValueComponent& candidate) { return candidate.name == component.name; });
    if (same == other.end()) continue;
    cost.push_back({component.name, component.amount - same->amount, false});
  }
  return cost;
}

absl::StatusOr<ObjectivePrice> PriceOf(Objective objective, const AssignmentResult& total,
                                       AssignmentProblem* problem, const SolveOptions& options) {
  problem->objective = objective;
  ObjectivePrice price;
  absl::StatusOr<AssignmentResult> result = Solve(*problem, options);
  // The problem was fine for kTotal.
  if (absl::IsFailedPrecondition(result.status())) {
    price.refusal = std::string(result.status().message());
    return price;
  }
  if (!result.ok()) return result.status();
  price.result = *std::move(result);
  price.cost = CostAgainst(total.value, price.result.value);
  return price;
}

}  // namespace

std::vector<BlockingPair> FindBlockingPairs(const AssignmentProblem& problem,
                                            const std::vector<Match>& matches) {
  return BlockingPairFinder(problem, matches).Find();
}

absl::StatusOr<FairnessReport> ReportFairness(const AssignmentProblem& problem,
                                              const SolveOptions& options) {
  AssignmentProblem asked = problem;
  asked.objective = Objective::kTotal;
  asked.fill = Fill::kFirst;
  FairnessReport report;
  TANDEM_ASSIGN_OR_RETURN(report.total, Solve(asked, options));
  if (report.total.outcome == Outcome::kInfeasible) return report;
  report.blocking_pairs = FindBlockingPairs(asked, report.total.matches);
  TANDEM_ASSIGN_OR_RETURN(report.coverage,
                          PriceOf(Objective::kCoverage, report.total, &asked, options));
  TANDEM_ASSIGN_OR_RETURN(report.floor, PriceOf(Objective::kFloor, report.total, &asked, options));
  return report;
}

}  // namespace tandem::engine
