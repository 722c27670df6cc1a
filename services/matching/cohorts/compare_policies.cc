#include "services/matching/cohorts/compare_policies.h"

#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/points.h"
#include "base/status_macros.h"
#include "services/common/errors.h"
#include "services/common/timestamps.h"
#include "services/matching/cohorts/decide_cohort.h"
#include "services/matching/decisions/pair_rules.h"
#include "services/matching/engine/rules/words.h"

namespace tandem::matching {
namespace {

constexpr int64_t kNotEligible = -1;

using PairName = std::pair<std::string, std::string>;  // need, mentor

// A cohort decided under one policy, by names.
struct Side {
  CohortQuestion question;
  CohortDecision decision;
  std::map<PairName, int64_t> scores;  // of all eligible pairs
  std::set<PairName> matched;

  int64_t ScoreOf(const PairName& pair) const {
    const auto found = scores.find(pair);
    return found == scores.end() ? kNotEligible : found->second;
  }
};

absl::StatusOr<CohortQuestion> Ask(const DecisionSources& sources,
                                   const v1::ComparePoliciesRequest& request,
                                   absl::string_view policy) {
  QuestionOptions options;
  options.policy = policy;
  options.policy_in_force = policy.empty();
  if (request.has_decision_time())
    options.decision_time = common::FromTimestamp(request.decision_time());
  return AskCohort(sources, request.cohort(), options);
}

absl::StatusOr<Side> Decide(const common::CallContext& call, CohortQuestion question) {
  Side side;
  side.question = std::move(question);
  TANDEM_ASSIGN_OR_RETURN(side.decision, DecideCohort(side.question, [&call](CohortStep, int) {
                            return !call.CheckAlive().ok();
                          }));
  const engine::AssignmentProblem& problem = side.decision.problem;
  const auto name_of = [&problem](const auto& pair) {
    return PairName(problem.needs[pair.need].id, problem.mentors[pair.mentor].id);
  };
  for (const engine::AssignmentPair& pair : problem.pairs) side.scores[name_of(pair)] = pair.score;
  for (const engine::Match& match : side.decision.result.matches) {
    side.matched.insert(name_of(match));
  }
  return side;
}

// The first rule that excludes the pair on this side, in words; empty if none does.
std::string FirstBrokenRule(const Side& side, const PairName& pair) {
  for (const engine::NeedFacts& need : side.decision.needs) {
    if (need.id != pair.first) continue;
    const auto broken = BrokenRulesOf(need, pair.second, InputsOf(side.question, side.decision));
    if (broken.ok() && !broken->empty()) return engine::SentenceOf(broken->front());
  }
  return "";
}

// Why `without` does not match a pair that `with` matches.
std::string Reason(const PairName& pair, const Side& with, const Side& without,
                   absl::string_view without_name) {
  const int64_t score = without.ScoreOf(pair);
  if (score == kNotEligible) {
    return absl::StrCat("Under ", without_name,
                        " the mentor is not eligible: ", FirstBrokenRule(without, pair), ".");
  }
  if (without.decision.result.outcome == engine::Outcome::kInfeasible) {
    return absl::StrCat("Under ", without_name,
                        " no plan is possible: its hard minimums cannot be kept.");
  }
  return absl::StrCat("Eligible under both, with ", base::ExactPoints(with.ScoreOf(pair)),
                      " against ", base::ExactPoints(score), " points under ", without_name,
                      ": there the plan is better without this match.");
}

void AddDifferences(const Side& base, const Side& candidate,
                    v1::ComparePoliciesResponse* response) {
  const auto add = [&](const PairName& pair, bool in_candidate, v1::PolicyDifference* difference) {
    difference->set_need(pair.first);
    difference->set_mentor(pair.second);
    difference->set_matched_in_base(!in_candidate);
    difference->set_matched_in_candidate(in_candidate);
    difference->set_base_score_micropoints(base.ScoreOf(pair));
    difference->set_candidate_score_micropoints(candidate.ScoreOf(pair));
    difference->set_sentence(in_candidate
                                 ? Reason(pair, candidate, base, base.question.policy.name())
                                 : Reason(pair, base, candidate, candidate.question.policy.name()));
  };
  int unchanged = 0;
  for (const PairName& pair : candidate.matched) {
    if (base.matched.count(pair) > 0) {
      ++unchanged;
    } else {
      add(pair, true, response->add_winners());
    }
  }
  for (const PairName& pair : base.matched) {
    if (candidate.matched.count(pair) == 0) add(pair, false, response->add_losers());
  }
  response->set_unchanged_count(unchanged);
}

int64_t CountMissing(const Side& from, const Side& in) {
  int64_t missing = 0;
  for (const auto& [pair, score] : from.scores) missing += in.scores.count(pair) == 0;
  return missing;
}

}  // namespace

absl::StatusOr<v1::ComparePoliciesResponse> ComparePolicies(
    const DecisionSources& sources, const common::CallContext& call,
    const v1::ComparePoliciesRequest& request) {
  common::FieldViolations violations;
  if (request.candidate_policy().empty()) {
    violations.Add("candidate_policy", "is required: name the version to look at");
  }
  if (request.cohort().empty()) violations.Add("cohort", "is required: \"cohorts/ID\"");
  TANDEM_RETURN_IF_ERROR(violations.ToStatus());
  TANDEM_ASSIGN_OR_RETURN(CohortQuestion base_question,
                          Ask(sources, request, request.base_policy()));
  TANDEM_ASSIGN_OR_RETURN(CohortQuestion candidate_question,
                          Ask(sources, request, request.candidate_policy()));
  // Nothing but the policy differs, whatever came in between the two.
  v1::Policy candidate_policy = std::move(candidate_question.policy);
  candidate_question = base_question;
  candidate_question.policy = std::move(candidate_policy);
  TANDEM_ASSIGN_OR_RETURN(const Side base, Decide(call, std::move(base_question)));
  TANDEM_ASSIGN_OR_RETURN(const Side candidate, Decide(call, std::move(candidate_question)));
  v1::ComparePoliciesResponse response;
  AddDifferences(base, candidate, &response);
  response.set_newly_eligible_count(CountMissing(candidate, base));
  response.set_no_longer_eligible_count(CountMissing(base, candidate));
  response.set_base_policy(base.question.policy.name());
  response.set_candidate_policy(candidate.question.policy.name());
  response.set_base_needs_served(static_cast<int32_t>(base.decision.result.needs_served));
  response.set_candidate_needs_served(static_cast<int32_t>(candidate.decision.result.needs_served));
  return response;
}

}  // namespace tandem::matching
