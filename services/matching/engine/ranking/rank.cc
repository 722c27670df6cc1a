#include "services/matching/engine/ranking/rank.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/matching/engine/parallel.h"
#include "services/matching/engine/ranking/candidate.h"
#include "services/matching/engine/ranking/kept_sentences.h"
#include "services/matching/engine/ranking/nearest.h"
#include "services/matching/engine/ranking/roster_scan.h"
#include "services/matching/engine/rules/eligibility.h"

namespace tandem::engine {
namespace {

std::shared_ptr<const RosterScan> Scan(PreparedNeed* need) {
  return ScanRoster(need, ThreadsFor(need->roster.size()));
}

// One of the best, with the mentor that it stands for.
struct Best {
  Candidate candidate;
  const ScoredMentor* mentor = nullptr;
};

// The best `k`, best first; they point into `scan`.
std::vector<Best> BestOf(size_t k, const RosterScan& scan, const PreparedNeed& need) {
  const auto before = [&need](const Best& a, const Best& b) {
    return RanksBefore(a.candidate, b.candidate, need);
  };
  std::vector<Best> heap;  // Its front is the worst of them.
  for (const ScoredMentor& mentor : scan.eligible) {
    const bool full = heap.size() == k;
    if (full && (k == 0 || mentor.bound < heap.front().candidate.total)) break;
    const Best best = {CandidateOf(mentor, need), &mentor};
    if (full) {
      if (!before(best, heap.front())) continue;
      std::pop_heap(heap.begin(), heap.end(), before);
      heap.pop_back();
    }
    heap.push_back(best);
    std::push_heap(heap.begin(), heap.end(), before);
  }
  std::sort_heap(heap.begin(), heap.end(), before);
  return heap;
}

// How many of the eligible rank before somebody.
int64_t CountBefore(const Candidate& asked, const RosterScan& scan, const PreparedNeed& need) {
  int64_t count = 0;
  for (const ScoredMentor& mentor : scan.eligible) {
    if (mentor.bound < asked.total) break;
    count += RanksBefore(CandidateOf(mentor, need), asked, need);
  }
  return count;
}

// The examples of a rule in the order in which they would rank.
std::vector<std::string> IdsInOrder(const std::vector<RosterScan::Example>& examples,
                                    const PreparedNeed& need) {
  std::vector<std::pair<Candidate, const std::string*>> candidates;
  candidates.reserve(examples.size());
  for (const RosterScan::Example& example : examples) {
    candidates.emplace_back(CandidateOf(example.mentor, need), &example.id);
  }
  std::sort(candidates.begin(), candidates.end(),
            [&need](const auto& a, const auto& b) { return RanksBefore(a.first, b.first, need); });
  std::vector<std::string> ids;
  ids.reserve(candidates.size());
  for (const auto& [candidate, id] : candidates) ids.push_back(*id);
  return ids;
}

PoolCounts CountsOf(const RosterScan& scan, const PreparedNeed& need) {
  PoolCounts pool;
  pool.considered = scan.considered;
  pool.eligible = static_cast<int64_t>(scan.eligible.size());
  for (int i = 0; i < kRuleCount; ++i) {
    const RosterScan::PerRule& rule = scan.rules[i];
    RuleCount& count = pool.rules[i];
    count.failed = rule.failed;
    count.sole = rule.sole;
    count.sole_examples = IdsInOrder(rule.examples, need);
    count.nearest = rule.nearest;
    if (!rule.nearest_among.empty()) {
      count.nearest = NearestToPassing(RuleAt(i), rule.nearest_among, need);
    }
  }
  return pool;
}

// Two neighbours in rank differ by no more than the policy's margin: says so, and which weight
// would swap them.
void MarkNearTie(const Candidate& first, const Candidate& second, const Score& second_score,
                 int64_t margin, const PreparedNeed& need, RankedMentor* ranked) {
  if (first.total - second.total > margin) return;
  ranked->near_tie_with_next = true;
  Candidate level = second;
  level.total = first.total;
  ranked->tie_turner = FindTieTurner(ranked->score, second_score, need.policy.interpreter_cost,
                                     RanksBefore(level, first, need));
}

}  // namespace

std::optional<Rule> BindingRule(const PoolCounts& pool) {
  const int index = BindingRuleIndex(pool.eligible, [&pool](int i) { return pool.rules[i].sole; });
  if (index < 0) return std::nullopt;
  return RuleAt(index);
}

absl::StatusOr<Ranking> Rank(const NeedFacts& need, const DecisionInputs& inputs, int k) {
  if (k < 0)
    return absl::InvalidArgumentError("The number of mentors to rank must not be below 0.");
  TANDEM_ASSIGN_OR_RETURN(PreparedNeed prepared, Prepare(need, inputs));
  const std::shared_ptr<const RosterScan> scan = Scan(&prepared);
  // One more than asked for, to know whether the last one is nearly tied.
  const std::vector<Best> in_order = BestOf(static_cast<size_t>(k) + 1, *scan, prepared);

  Ranking ranking;
  ranking.pool = CountsOf(*scan, prepared);
  std::vector<Score> scores;
  scores.reserve(in_order.size());
  for (const Best& best : in_order) scores.push_back(ScoreNow(*best.mentor, prepared));
  const size_t count = std::min(in_order.size(), static_cast<size_t>(k));
  ranking.best.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    const Candidate& candidate = in_order[i].candidate;
    RankedMentor ranked;
    ranked.mentor = IdOf(candidate.row, prepared);
    ranked.score = scores[i];
    ranked.criterion_sentences =
        scan->sentences->Of(prepared.roster.mentor(candidate.row), prepared);
    if (i + 1 < in_order.size()) {
      MarkNearTie(candidate, in_order[i + 1].candidate, scores[i + 1],
                  inputs.policy->near_tie_margin, prepared, &ranked);
    }
    ranking.best.push_back(std::move(ranked));
  }
  return ranking;
}

absl::StatusOr<Explanation> Explain(const NeedFacts& need, absl::string_view mentor_id,
                                    const DecisionInputs& inputs) {
  TANDEM_ASSIGN_OR_RETURN(PreparedNeed prepared, Prepare(need, inputs));
  const std::optional<int32_t> row = prepared.roster.RowOf(mentor_id);
  if (!row.has_value()) {
    return absl::NotFoundError(absl::StrCat("The roster has no mentor ", mentor_id, "."));
  }
  const MentorView mentor = prepared.roster.mentor(*row);
  Explanation explanation;
  explanation.eligible = BrokenRules(mentor, prepared).empty();
  for (int i = 0; i < kRuleCount; ++i) {
    explanation.verdicts[i] = VerdictOf(RuleAt(i), mentor, prepared);
  }
  explanation.score = ScoreOf(mentor, prepared);
  explanation.criterion_sentences = SentencesOf(mentor, prepared);
  if (!explanation.eligible) return explanation;
  const Candidate asked = CandidateOf(*row, mentor.id_hash(), explanation.score.total, prepared);
  explanation.rank = CountBefore(asked, *Scan(&prepared), prepared) + 1;
  return explanation;
}

absl::StatusOr<NeedEligibility> EligibleMentors(const NeedFacts& need,
                                                const DecisionInputs& inputs) {
  TANDEM_ASSIGN_OR_RETURN(PreparedNeed prepared, Prepare(need, inputs));
  const std::shared_ptr<const RosterScan> scan = Scan(&prepared);
  NeedEligibility eligibility;
  eligibility.pool = CountsOf(*scan, prepared);
  for (const ScoredMentor& eligible : scan->eligible) {
    eligibility.mentors.push_back({IdOf(eligible.row, prepared), ScoreNow(eligible, prepared)});
  }
  std::sort(eligibility.mentors.begin(), eligibility.mentors.end(),
            [](const EligibleMentor& a, const EligibleMentor& b) { return a.mentor < b.mentor; });
  return eligibility;
}

absl::StatusOr<std::vector<NeedEligibility>> EligiblePairs(const std::vector<NeedFacts>& needs,
                                                           const DecisionInputs& inputs) {
  std::vector<NeedEligibility> pairs;
  pairs.reserve(needs.size());
  for (const NeedFacts& need : needs) {
    TANDEM_ASSIGN_OR_RETURN(NeedEligibility eligibility, EligibleMentors(need, inputs));
    pairs.push_back(std::move(eligibility));
  }
  return pairs;
}

}  // namespace tandem::engine
