// The fairness of a plan in words: what another objective brings and costs, and the pairs that
// would rather have each other. Thread-safe: functions without state.
#ifndef TANDEM_SERVICES_MATCHING_WORDS_FAIRNESS_WORDS_H_
#define TANDEM_SERVICES_MATCHING_WORDS_FAIRNESS_WORDS_H_

#include <cstdint>
#include <string>

#include "services/matching/engine/assignment/fairness.h"
#include "services/matching/engine/assignment/problem.h"

namespace tandem::matching {

// "Coverage serves 1 beneficiary more than the best total would, for 0.06 points less in total
// score." `loss` is what it costs, in words; empty: nothing.
std::string CoverageSentence(int64_t more_beneficiaries, const std::string& loss);

// What COVERAGE or FLOOR brings against the plan `total`, and what it costs; or why it has no plan.
std::string CoveragePriceSentence(const engine::AssignmentResult& total,
                                  const engine::ObjectivePrice& coverage);
std::string FloorPriceSentence(const engine::AssignmentResult& total,
                               const engine::ObjectivePrice& floor);

// How many pairs block the best total, and what that means.
std::string BlockingSentence(int64_t blocking_pairs);

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_WORDS_FAIRNESS_WORDS_H_
