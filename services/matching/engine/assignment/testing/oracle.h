// What the answer of a small problem must be, by trying every plan and every cut.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_TESTING_ORACLE_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_TESTING_ORACLE_H_

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "services/matching/engine/assignment/problem.h"

namespace tandem::engine::testing {

// A plan as chosen pairs (indices into the problem's pairs), ascending.
using Plan = std::vector<int32_t>;

// Every plan that keeps all hard rules: minimums, maximums, quotas, pins, forbidden pairs,
// requests.
std::vector<Plan> AllPlans(const AssignmentProblem& problem);

// A plan's value vector as DESIGN defines it; larger is better, from left to right.
std::vector<absl::int128> ValueOf(const AssignmentProblem& problem, const Plan& plan);

// The allowed pairs (indices) that are not in `plan` and block it: need and mentor both have room
// or an unpinned partner that they like less. A mentor who serves the request already can only
// swap.
std::vector<int32_t> BlockingPairs(const AssignmentProblem& problem, const Plan& plan);

// Whether no allowed pair blocks `plan`.
bool IsStable(const AssignmentProblem& problem, const Plan& plan);

// Whether each need has in `a` partners at least as good, place by place, as in `b`.
bool EveryNeedLikes(const AssignmentProblem& problem, const Plan& a, const Plan& b);

// The names of the nodes ("n0", "m1", "q2", "b:X", "m0/r1") of the least cut with the largest
// shortage, and that shortage. Only for networks of at most `max_nodes` nodes; false otherwise.
struct LeastCut {
  std::set<std::string> nodes;
  int64_t demand = 0;
  int64_t supply = 0;
};
bool FindLeastCutByEnumeration(const AssignmentProblem& problem, int max_nodes, LeastCut* cut);

}  // namespace tandem::engine::testing

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_TESTING_ORACLE_H_
