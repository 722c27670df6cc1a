// Finds the best assignment of mentors to needs, exactly, with a proof.
//
//   TANDEM_ASSIGN_OR_RETURN(AssignmentResult result, Solve(problem, SolveOptions()));
//   if (result.outcome == Outcome::kInfeasible) return Explain(result.conflict);
//   for (const Match& match : result.matches) Propose(match);
//
// A pure function: no clock, no random number, no global state. Thread-safe.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_SOLVE_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_SOLVE_H_

#include <cstdint>
#include <functional>

#include "absl/status/statusor.h"
#include "services/matching/engine/assignment/problem.h"

namespace tandem::engine {

enum class SolvePhase { kBuild, kSolve, kCertify };

struct SolveProgress {
  SolvePhase phase = SolvePhase::kBuild;
  int64_t steps = 0;  // Of the current phase so far; how many there will be is not known.
};

enum class SolveMethod {
  kAutomatic,  // The fast one where the problem's shape allows it.
  kGeneral,    // Always the flow network: the same answer, for comparison.
};

// A problem that was solved before, to start from. The more the new one has in common with it, by
// ids, the sooner it is solved: after a decline, with a new need, with changed scores or places.
// The answer does not depend on it.
struct SolvedBefore {
  const AssignmentProblem* problem = nullptr;  // Null: there is none.
  const AssignmentResult* result = nullptr;    // What Solve gave for it.
};

struct SolveOptions {
  // Asked now and then, from the solving thread; true stops with CANCELLED. Empty: never.
  std::function<bool()> cancelled;
  // Told at the start of each phase and now and then, from the solving thread. Empty: nobody.
  std::function<void(const SolveProgress&)> progress;
  SolveMethod method = SolveMethod::kAutomatic;
  // For kAutomatic, and not for kStable. Both parts must outlive the solving.
  SolvedBefore before;
};

// The optimum, the stable plan, or the conflict. Errors: those of ValidateProblem, and CANCELLED.
absl::StatusOr<AssignmentResult> Solve(const AssignmentProblem& problem,
                                       const SolveOptions& options);

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_SOLVE_H_
