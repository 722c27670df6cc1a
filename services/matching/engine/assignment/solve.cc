#include "services/matching/engine/assignment/solve.h"

#include <utility>

#include "base/status_macros.h"
#include "services/matching/engine/assignment/bipartite/bipartite_solver.h"
#include "services/matching/engine/assignment/earlier_plan.h"
#include "services/matching/engine/assignment/plan.h"

namespace tandem::engine {
namespace {

// kTotal of a shape that the fast path handles.
absl::StatusOr<AssignmentResult> SolveBipartite(const AssignmentProblem& problem,
                                                const ProblemIndex& index,
                                                const SolveOptions& options,
                                                bipartite::BipartiteSolver& solver) {
  const auto enter = [&options](SolvePhase phase) {
    if (options.progress) options.progress({phase, 0});
  };
  enter(SolvePhase::kSolve);
  const EarlierPlan before(problem, options.before);
  TANDEM_RETURN_IF_ERROR(
      solver.SolveFrom(before.pairs(), before.MentorFigures(ValueSpace::ForPlan(problem))));
  TANDEM_RETURN_IF_ERROR(solver.BreakTies());
  enter(SolvePhase::kCertify);
  AssignmentResult result =
      DescribePlan(problem, index, ValueSpace::ForPlan(problem), solver.ChosenPairs());
  result.method = "auction";
  TANDEM_RETURN_IF_ERROR(solver.FindPrices());
  result.certificate.price_sets.push_back(solver.Prices());
  return result;
}

// kTotal and kCoverage: one flow.
absl::StatusOr<AssignmentResult> SolveFlowPlan(const AssignmentProblem& problem,
                                               const ProblemIndex& index,
                                               const SolveOptions& options) {
  if (options.method != SolveMethod::kGeneral && problem.objective == Objective::kTotal) {
    const auto solver =
        bipartite::BipartiteSolver::Create(problem, index, bipartite::kEveryScore, options);
    if (solver != nullptr) return SolveBipartite(problem, index, options, *solver);
  }
  const ValueSpace space = ValueSpace::ForPlan(problem);
  TANDEM_ASSIGN_OR_RETURN(SolvedNetwork solved,
                          SolvePairs(problem, index, space, bipartite::kEveryScore, options));
  if (!solved.solution.feasible) {
    TANDEM_ASSIGN_OR_RETURN(Conflict conflict,
                            FindConflict(problem, index, solved.network, options));
    return DescribeConflict(std::move(conflict));
  }
  AssignmentResult result = DescribePlan(problem, index, space, solved.ChosenPairs());
  result.certificate.price_sets.push_back(MakePriceSet(PricePurpose::kPlan, space, solved));
  return result;
}

}  // namespace

absl::StatusOr<AssignmentResult> Solve(const AssignmentProblem& problem,
                                       const SolveOptions& options) {
  TANDEM_RETURN_IF_ERROR(ValidateProblem(problem));
  if (options.progress) options.progress({SolvePhase::kBuild, 0});
  const ProblemIndex index(problem);
  if (!index.impossible_pins.empty()) {
    return DescribeConflict(ImpossiblePin(index.impossible_pins.front()));
  }
  if (problem.objective == Objective::kFloor) return SolveFloor(problem, index, options);
  if (problem.objective == Objective::kStable) return SolveStable(problem, index, options);
  return SolveFlowPlan(problem, index, options);
}

}  // namespace tandem::engine
