// Small solved problems of every option, for fuzzing what reads and checks results.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_FUZZ_SOLVED_EXAMPLES_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_FUZZ_SOLVED_EXAMPLES_H_

#include <cstdint>
#include <string>

#include "services/matching/engine/assignment/problem.h"

namespace tandem::engine::fuzz {

struct SolvedExample {
  AssignmentProblem problem;
  AssignmentResult result;
  std::string json;  // RESULT.json of it.
};

// Example number `i` modulo their count; each is solved when first asked for.
const SolvedExample& ExampleNumber(uint64_t i);

// Checks `result`, and ends the process if it is found valid although what it says is not true of
// the example's problem: another plan than the optimum, another number, a conflict of a feasible
// problem.
void ExpectCheckedRightly(const SolvedExample& example, const AssignmentResult& result);

}  // namespace tandem::engine::fuzz

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_FUZZ_SOLVED_EXAMPLES_H_
