// How a match is decided: every mentor of the roster is held against every hard rule
// (rules/eligibility.h); whoever breaks none is eligible and gets a score (criteria/score.h); the
// best k are exact. For the others every rule counts whom it excludes.
//
// Everything is a pure function of its arguments: no clock, no hidden randomness, no dependence on
// the order in which mentors came into the roster. Thread-safe.
//
//   DecisionInputs inputs;
//   inputs.roster = roster.Snapshot();
//   inputs.policy = &policy;  inputs.load = &load;  inputs.zones = &zones;
//   inputs.decision_time = time;
//   absl::StatusOr<Ranking> ranking = Rank(need, inputs, 10);

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_RANKING_RANK_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_RANKING_RANK_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/matching/engine/criteria/score.h"
#include "services/matching/engine/facts.h"
#include "services/matching/engine/ranking/near_tie.h"
#include "services/matching/engine/rules/prepared_need.h"
#include "services/matching/engine/rules/verdict.h"

namespace tandem::engine {

struct RankedMentor {
  std::string mentor;
  Score score;
  std::array<std::string, kCriterionCount> criterion_sentences;
  // The score differs from the next one's in rank by at most the policy's margin.
  bool near_tie_with_next = false;
  std::optional<TieTurner> tie_turner;  // Only for near-ties; absent if no single weight turns it.
};

// How many mentors a rule excludes.
struct RuleCount {
  int64_t failed = 0;  // Whatever else they fail.
  int64_t sole = 0;    // Only this rule: relaxing it brings exactly these.
  // Of the sole ones up to five, chosen by draw, in the order in which they would rank.
  std::vector<std::string> sole_examples;
  // Of the one who is nearest to passing, with what would help: of all of `sole` for the binding
  // rule of a need that nobody is eligible for, else of `sole_examples`. Equally near: by draw.
  std::optional<Verdict> nearest;
};

struct PoolCounts {
  int64_t considered = 0;  // All mentors of the roster.
  int64_t eligible = 0;
  std::array<RuleCount, kRuleCount> rules;  // See IndexOf(Rule).
};

// The rule with the most sole failures, if nobody is eligible and some rule has one; ties go to the
// first in the order of the rules.
std::optional<Rule> BindingRule(const PoolCounts& pool);

struct Ranking {
  std::vector<RankedMentor> best;  // Best first; equal scores by draw (DESIGN, "Ties").
  PoolCounts pool;
};

// Errors of all functions below: FAILED_PRECONDITION if the policy says nothing about the need's
// service type; INVALID_ARGUMENT if the need breaks a limit named in facts.h; OUT_OF_RANGE if the
// zone table does not cover the need's period.

// The exact best `k` (at least 0).
absl::StatusOr<Ranking> Rank(const NeedFacts& need, const DecisionInputs& inputs, int k);

struct Explanation {
  bool eligible = false;
  std::array<Verdict, kRuleCount> verdicts;  // See IndexOf(Rule).
  Score score;                               // As if eligible.
  std::array<std::string, kCriterionCount> criterion_sentences;
  int64_t rank = 0;  // Among the eligible, from 1; 0 if not eligible.
};

// Every rule's verdict and every criterion for one pair. NOT_FOUND for an unknown mentor.
absl::StatusOr<Explanation> Explain(const NeedFacts& need, absl::string_view mentor_id,
                                    const DecisionInputs& inputs);

struct EligibleMentor {
  std::string mentor;
  Score score;
};

struct NeedEligibility {
  std::vector<EligibleMentor> mentors;  // All eligible ones, in the order of their ids.
  PoolCounts pool;
};

// All eligible mentors of one need: none is cut off.
absl::StatusOr<NeedEligibility> EligibleMentors(const NeedFacts& need,
                                                const DecisionInputs& inputs);

// The same for every need of a cohort, in the order given.
absl::StatusOr<std::vector<NeedEligibility>> EligiblePairs(const std::vector<NeedFacts>& needs,
                                                           const DecisionInputs& inputs);

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_RANKING_RANK_H_
