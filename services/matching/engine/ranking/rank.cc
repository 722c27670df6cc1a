#include "services/matching/engine/ranking/rank.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/matching/engine/assignment/draws.h"
#include "services/matching/engine/criteria/words.h"
#include "services/matching/engine/parallel.h"
#include "services/matching/engine/ranking/scan.h"
#include "services/matching/engine/rules/eligibility.h"
#include "services/matching/engine/rules/shortfall.h"

namespace tandem::engine {
namespace {

std::string IdOf(int32_t row, const PreparedNeed& need) {
  return std::string(need.roster.dictionaries().mentors.TextOf(static_cast<uint32_t>(row)));
}

std::array<std::string, kCriterionCount> SentencesOf(const MentorView& mentor,
                                                     const PreparedNeed& need) {
  std::array<std::string, kCriterionCount> sentences;
  for (int i = 0; i < kCriterionCount; ++i) {
    sentences[i] = CriterionSentence(CriterionAt(i), mentor, need);
  }
  return sentences;
}

int ThreadsOf(const PreparedNeed& need) { return ThreadsFor(need.roster.size()); }

// Keeps the best k: a heap whose front is the worst of them.
class BestOf {
 public:
  BestOf(size_t k, const PreparedNeed& need) : k_(k), need_(&need) {}

  void Take(const MentorView& mentor) {
    // Most are far behind the best: seen before all of their score is worked out.
    if (heap_.size() == k_ && (k_ == 0 || !MayEnter(mentor))) return;
    Offer(CandidateOf(mentor, *need_));
  }
  void Merge(const BestOf& part) {
    for (const Candidate& candidate : part.heap_) Offer(candidate);
  }

  std::vector<Candidate> InOrder() && {
    std::sort(heap_.begin(), heap_.end(), Before{need_});
    return std::move(heap_);
  }

 private:
  struct Before {
    const PreparedNeed* need;
    bool operator()(const Candidate& a, const Candidate& b) const {
      return RanksBefore(a, b, *need);
    }
  };

  bool MayEnter(const MentorView& mentor) const {
    const int64_t worst = heap_.front().total;
    return worst <= 0 || MayReach(worst, mentor, *need_);
  }

  void Offer(const Candidate& candidate) {
    if (heap_.size() == k_) {
      if (k_ == 0 || !RanksBefore(candidate, heap_.front(), *need_)) return;
      std::pop_heap(heap_.begin(), heap_.end(), Before{need_});
      heap_.pop_back();
    }
    heap_.push_back(candidate);
    std::push_heap(heap_.begin(), heap_.end(), Before{need_});
  }

  size_t k_;
  const PreparedNeed* need_;
  std::vector<Candidate> heap_;
};

// Counts those who rank before somebody.
class CountBefore {
 public:
  CountBefore(const Candidate& asked, const PreparedNeed& need) : asked_(asked), need_(&need) {}

  void Take(const MentorView& mentor) {
    if (RanksBefore(CandidateOf(mentor, *need_), asked_, *need_)) ++count_;
  }
  void Merge(const CountBefore& part) { count_ += part.count_; }
  int64_t count() const { return count_; }

 private:
  Candidate asked_;
  const PreparedNeed* need_;
  int64_t count_ = 0;
};

// Keeps everybody.
class Everybody {
 public:
  explicit Everybody(const PreparedNeed& need) : need_(&need) {}

  void Take(const MentorView& mentor) {
    mentors_.push_back({IdOf(mentor.row(), *need_), ScoreOf(mentor, *need_)});
  }
  void Merge(Everybody part) {
    std::move(part.mentors_.begin(), part.mentors_.end(), std::back_inserter(mentors_));
  }
  std::vector<EligibleMentor> InOrderOfIds() && {
    std::sort(mentors_.begin(), mentors_.end(),
              [](const EligibleMentor& a, const EligibleMentor& b) { return a.mentor < b.mentor; });
    return std::move(mentors_);
  }

 private:
  const PreparedNeed* need_;
  std::vector<EligibleMentor> mentors_;
};

// Those who fail one rule only, as many as the tally kept, in the order in which they would rank.
std::vector<Candidate> InOrderOfRank(const std::vector<Tally::Example>& examples,
                                     const PreparedNeed& need) {
  std::vector<Candidate> candidates;
  for (const Tally::Example& example : examples) {
    candidates.push_back(CandidateOf(need.roster.mentor(example.row), need));
  }
  std::sort(candidates.begin(), candidates.end(),
            [&need](const Candidate& a, const Candidate& b) { return RanksBefore(a, b, need); });
  return candidates;
}

std::vector<int32_t> RowsOf(const std::vector<Tally::Example>& examples) {
  std::vector<int32_t> rows;
  for (const Tally::Example& example : examples) rows.push_back(example.row);
  return rows;
}

// The verdict of the mentor to whom the rule would have to give least; equally near ones by draw,
// then by id.
Verdict NearestToPassing(Rule rule, const std::vector<int32_t>& rows, const PreparedNeed& need) {
  Verdict nearest;
  Shortfall least;
  Candidate first;
  for (const int32_t row : rows) {
    const MentorView mentor = need.roster.mentor(row);
    Verdict verdict = VerdictOf(rule, mentor, need);
    const Shortfall shortfall = ShortfallOf(verdict);
    // Scores play no part, so the total of a candidate stays 0.
    Candidate candidate;
    candidate.id_hash = mentor.id_hash();
    candidate.draw = Draw(need.seed, need.id_hash, candidate.id_hash);
    candidate.row = row;
    const bool found = !nearest.compared.empty();
    if (found && least < shortfall) continue;
    if (found && !(shortfall < least) && !RanksBefore(candidate, first, need)) continue;
    nearest = std::move(verdict);
    least = shortfall;
    first = candidate;
  }
  return nearest;
}

PoolCounts CountsOf(const Tally& tally, const PreparedNeed& need) {
  PoolCounts pool;
  pool.considered = tally.considered;
  pool.eligible = tally.eligible;
  for (int i = 0; i < kRuleCount; ++i) {
    RuleCount& count = pool.rules[i];
    count.failed = tally.rules[i].failed;
    count.sole = tally.rules[i].sole;
    for (const Candidate& example : InOrderOfRank(tally.rules[i].examples, need)) {
      count.sole_examples.push_back(IdOf(example.row, need));
    }
  }
  const std::optional<Rule> binding = BindingRule(pool);
  for (int i = 0; i < kRuleCount; ++i) {
    if (pool.rules[i].sole == 0) continue;
    const std::vector<int32_t> rows =
        binding == RuleAt(i) ? tally.rules[i].sole_rows : RowsOf(tally.rules[i].examples);
    pool.rules[i].nearest = NearestToPassing(RuleAt(i), rows, need);
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
  std::optional<Rule> binding;
  if (pool.eligible > 0) return binding;
  int64_t most = 0;
  for (int i = 0; i < kRuleCount; ++i) {
    if (pool.rules[i].sole <= most) continue;
    most = pool.rules[i].sole;
    binding = RuleAt(i);
  }
  return binding;
}

absl::StatusOr<Ranking> Rank(const NeedFacts& need, const DecisionInputs& inputs, int k) {
  if (k < 0)
    return absl::InvalidArgumentError("The number of mentors to rank must not be below 0.");
  TANDEM_ASSIGN_OR_RETURN(PreparedNeed prepared, Prepare(need, inputs));
  // One more than asked for, to know whether the last one is nearly tied.
  BestOf best(static_cast<size_t>(k) + 1, prepared);
  const Tally tally = ScanRoster(&prepared, ThreadsOf(prepared), &best);
  const std::vector<Candidate> in_order = std::move(best).InOrder();

  Ranking ranking;
  ranking.pool = CountsOf(tally, prepared);
  const size_t count = std::min(in_order.size(), static_cast<size_t>(k));
  for (size_t i = 0; i < count; ++i) {
    const MentorView mentor = prepared.roster.mentor(in_order[i].row);
    RankedMentor ranked;
    ranked.mentor = IdOf(in_order[i].row, prepared);
    ranked.score = ScoreOf(mentor, prepared);
    ranked.criterion_sentences = SentencesOf(mentor, prepared);
    if (i + 1 < in_order.size()) {
      const Score next = ScoreOf(prepared.roster.mentor(in_order[i + 1].row), prepared);
      MarkNearTie(in_order[i], in_order[i + 1], next, inputs.policy->near_tie_margin, prepared,
                  &ranked);
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
  CountBefore before(CandidateOf(mentor, prepared), prepared);
  ScanRoster(&prepared, ThreadsOf(prepared), &before);
  explanation.rank = before.count() + 1;
  return explanation;
}

absl::StatusOr<NeedEligibility> EligibleMentors(const NeedFacts& need,
                                                const DecisionInputs& inputs) {
  TANDEM_ASSIGN_OR_RETURN(PreparedNeed prepared, Prepare(need, inputs));
  NeedEligibility eligibility;
  Everybody everybody(prepared);
  const Tally tally = ScanRoster(&prepared, ThreadsOf(prepared), &everybody);
  eligibility.pool = CountsOf(tally, prepared);
  eligibility.mentors = std::move(everybody).InOrderOfIds();
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
