// The hard rules held against one pair, without ranking the roster.
#ifndef TANDEM_SERVICES_MATCHING_DECISIONS_PAIR_RULES_H_
#define TANDEM_SERVICES_MATCHING_DECISIONS_PAIR_RULES_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/matching/engine/facts.h"
#include "services/matching/engine/rules/prepared_need.h"
#include "services/matching/engine/rules/verdict.h"

namespace tandem::matching {

// The verdicts of the rules that the mentor breaks, in the order of the rules; empty: eligible.
// NOT_FOUND for a mentor who is not in the roster; else the errors of engine/ranking/rank.h.
absl::StatusOr<std::vector<engine::Verdict>> BrokenRulesOf(const engine::NeedFacts& need,
                                                           absl::string_view mentor,
                                                           const engine::DecisionInputs& inputs);

// FAILED_PRECONDITION, reason RULE_BROKEN, naming the rules with their sentences; OK for none.
absl::Status RulesError(absl::string_view mentor, const std::vector<engine::Verdict>& broken);

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_DECISIONS_PAIR_RULES_H_
