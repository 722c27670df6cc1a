// What the best total is bought with, and what other ideas of fairness would cost: for a cohort the
// plans of TOTAL, COVERAGE and FLOOR side by side, and the pairs who would both rather have each
// other than what TOTAL gives them.
//
//   TANDEM_ASSIGN_OR_RETURN(FairnessReport report, ReportFairness(problem, SolveOptions()));
//   for (const BlockingPair& pair : report.blocking_pairs) Tell(pair);
//
// Exact: every plan is solved and every eligible pair looked at. Thread-safe.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_FAIRNESS_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_FAIRNESS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/matching/engine/assignment/problem.h"
#include "services/matching/engine/assignment/solve.h"

namespace tandem::engine {

// The plan of another objective beside that of TOTAL.
struct ObjectivePrice {
  // Why the problem has no such plan, though it has one for TOTAL (kCoverage with a quota that
  // holds some needs of a beneficiary but not all); empty if it has one.
  std::string refusal;
  AssignmentResult result;
  // TOTAL's value minus this plan's, by TOTAL's components but for the draws: what the objective
  // costs. From left to right the first that is not 0 is positive.
  std::vector<ValueComponent> cost;
};

// A need and a mentor, eligible and not matched, who would both rather have each other: each has
// room, or an unpinned partner that it likes less (Gale and Shapley 1962). A mentor who serves the
// need's request in another role would have to leave that role. Minimums and quotas are not looked
// at: such a pair says what both would like, not that the plan may be changed so.
struct BlockingPair {
  int32_t need = 0;  // An index, as the others.
  int32_t mentor = 0;
  int64_t score = 0;               // Micro-points, as the need values it.
  int64_t mentor_score = 0;        // Micro-points, as the mentor values it.
  int32_t instead_of_mentor = -1;  // Whom the need would leave; -1: it has room.
  int32_t instead_of_need = -1;    // Which need the mentor would leave; -1: there is room.
};

struct FairnessReport {
  // kInfeasible: the problem has no plan whatever the objective; then all else is empty.
  AssignmentResult total;
  ObjectivePrice coverage;
  ObjectivePrice floor;
  std::vector<BlockingPair> blocking_pairs;  // Of TOTAL's plan, by need id, then mentor id.
};

// For the needs, mentors, pairs and rules of `problem`, whatever its own objective; filling comes
// first. Errors: those of ValidateProblem, and CANCELLED.
absl::StatusOr<FairnessReport> ReportFairness(const AssignmentProblem& problem,
                                              const SolveOptions& options);

// The pairs that block a plan of `problem`, by need id, then mentor id.
std::vector<BlockingPair> FindBlockingPairs(const AssignmentProblem& problem,
                                            const std::vector<Match>& matches);

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_FAIRNESS_H_
