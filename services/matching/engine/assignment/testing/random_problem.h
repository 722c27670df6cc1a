// Random small problems over all options, for comparing the solver with an oracle. The same seed
// gives the same problem. Ties are frequent: scores come from a handful of values.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_TESTING_RANDOM_PROBLEM_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_TESTING_RANDOM_PROBLEM_H_

#include <cstdint>
#include <functional>
#include <string>

#include "services/matching/engine/assignment/problem.h"

namespace tandem::engine::testing {

// A valid problem with at most 4 needs, 4 mentors, 4 quotas and 10 pairs.
AssignmentProblem RandomProblem(uint64_t seed);

// The same problem with needs, mentors, pairs, quotas and all lists in another order.
AssignmentProblem Shuffled(const AssignmentProblem& problem, uint64_t seed);

// All of a problem on one page, for failure messages.
std::string Describe(const AssignmentProblem& problem);

// All of a result by ids (indices depend on the order of the input), certificate included.
std::string Describe(const AssignmentProblem& problem, const AssignmentResult& result);

// Calls `test` for the instances of this shard: instance i has seed `first_seed` + i. Prints the
// seeds and how to run one again; with TANDEM_TEST_SEED=S in the environment runs only seed S.
// TANDEM_TEST_COUNT=N runs N instead of `count` instances.
void ForEachSeed(uint64_t first_seed, int64_t count, const std::function<void(uint64_t)>& test);

}  // namespace tandem::engine::testing

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_TESTING_RANDOM_PROBLEM_H_
