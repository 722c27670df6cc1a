// Plans and their values in words: plain English for people who decide about matches.
#ifndef TANDEM_SERVICES_MATCHING_WORDS_PLAN_WORDS_H_
#define TANDEM_SERVICES_MATCHING_WORDS_PLAN_WORDS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/strings/string_view.h"
#include "services/matching/engine/assignment/problem.h"
#include "services/matching/engine/assignment/why_not.h"
#include "services/matching/engine/ranking/rank.h"
#include "tandem/matching/v1/matching_requests.pb.h"

namespace tandem::matching {

// "-12", "1844674407370955161600".
std::string DecimalString(absl::int128 number);

// "1,234,567".
std::string Grouped(absl::int128 number);

// A component of a plan's value: "needs served in tier 1", "total score in micro-points".
std::string ComponentWords(absl::string_view component);

// An amount of a component for people: "1 in needs served in tier 1", "3.00 points in total score".
// With `comparison` ("less", "more") behind the number.
std::string AmountWords(absl::string_view component, absl::int128 amount,
                        absl::string_view comparison = "");

// The first component in which a plan is worse or better, in words: "1 less in needs served in tier
// 1"; empty if there is none, the draws that decide ties apart. `cost` is the optimum less the
// plan.
std::string FirstCostWords(const std::vector<engine::ValueComponent>& cost);

// "1 place", "3 places".
std::string Counted(int64_t number, absl::string_view one, absl::string_view many);

// Why a need has open places, and what would help.
struct UnmatchedWords {
  engine::Rule binding_rule = engine::Rule::kInactive;
  bool has_binding_rule = false;
  std::string remedy;
};
// `full_quotas`: those that the need stands in, or that count mentors, and that the plan fills to
// the maximum. A full quota of the need stops it whoever is free, one of mentors perhaps.
struct FullQuotas {
  std::vector<std::string> of_need;
  std::vector<std::string> of_mentors;
};
// What a need still wants, and how many of its eligible mentors the plan has placed there.
struct Openings {
  int64_t slots = 0;
  int64_t placed = 0;
};
UnmatchedWords WordsOfUnmatched(const engine::PoolCounts& pool, const Openings& openings,
                                const FullQuotas& full_quotas = FullQuotas());

// The same where there is no plan, because hard minimums cannot be kept.
UnmatchedWords WordsOfUnplanned(const engine::PoolCounts& pool);

// Why an eligible mentor was not matched with a need, with its number.
std::string WhyNotSentence(const engine::WhyNot& why_not, v1::WhyNotKind kind);

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_WORDS_PLAN_WORDS_H_
