// The fast exact path: problems without quotas, minimums, coverage and requests of several roles
// are an assignment between two sides, for which auctions and shortest paths are much quicker than
// a general flow. Gives the same plan and the same canonical prices as flow_solver.h.
//
//   auto solver = BipartiteSolver::Create(problem, index, kEveryScore, options);
//   if (solver == nullptr) ...;                       // The shape does not fit: the general way.
//   TANDEM_RETURN_IF_ERROR(solver->Solve());          // The largest value but for ties.
//   TANDEM_RETURN_IF_ERROR(solver->BreakTies());      // The plan.
//   Use(solver->ChosenPairs());
//   TANDEM_RETURN_IF_ERROR(solver->FindPrices());     // Its proof.
//
// Afterwards the object holds instance, plan and prices, and takes changes:
//
//   solver->ForbidPair(need, mentor);                 // Declined.
//   TANDEM_RETURN_IF_ERROR(solver->Resolve());        // Milliseconds at most: from the old prices.
//   TANDEM_RETURN_IF_ERROR(solver->BreakTies());      // As before.
//
// The same answer as solving the changed problem anew. (Plans of equal value except ties may differ
// between Solve and Resolve; after BreakTies they are equal.)
//
// Thread-compatible. The problem and its index must outlive the solver.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_BIPARTITE_SOLVER_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_BIPARTITE_SOLVER_H_

#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "services/matching/engine/assignment/network.h"
#include "services/matching/engine/assignment/problem.h"
#include "services/matching/engine/assignment/solve.h"

namespace tandem::engine::bipartite {

constexpr int64_t kEveryScore = std::numeric_limits<int64_t>::min();

class BipartiteSolver {
 public:
  // Null if the problem has another shape, pins more than there is room for, or numbers too large
  // (money.h). Unpinned pairs with a score below `min_score` (micro-points) take no part. The
  // market of the problem is built here.
  static std::unique_ptr<BipartiteSolver> Create(const AssignmentProblem& problem,
                                                 const ProblemIndex& index, int64_t min_score,
                                                 const SolveOptions& options);

  // The same for filling alone, without regard to points and ties: after Solve, ChosenPairs is one
  // of the plans that fill best. No ties, prices or changes.
  static std::unique_ptr<BipartiteSolver> CreateForFilling(const AssignmentProblem& problem,
                                                           const ProblemIndex& index,
                                                           int64_t min_score,
                                                           const SolveOptions& options);

  // The same for any problem, without regard to minimums, coverage, requests of several roles and
  // ties: after Solve, ChosenPairs and the figures below are where relaxation.h starts. Quotas are
  // kept nearly, where with points many units would break them.
  static std::unique_ptr<BipartiteSolver> CreateRelaxed(const AssignmentProblem& problem,
                                                        const ProblemIndex& index,
                                                        int64_t min_score, bool with_points,
                                                        const SolveOptions& options);

  virtual ~BipartiteSolver() = default;
  BipartiteSolver(const BipartiteSolver&) = delete;
  BipartiteSolver& operator=(const BipartiteSolver&) = delete;

  // All of these: CANCELLED if the options say so; then the object is of no more use.
  // A plan of the largest value, ties (changes, slots if filling is optional, draws) apart.
  virtual absl::Status Solve() = 0;
  // The same, from the plan of a similar problem and the prices of its mentors (as MentorFigures
  // gives them; empty: none), as far as they fit. With too little in common as from nothing.
  virtual absl::Status SolveFrom(const std::vector<PairRef>& plan,
                                 const std::vector<absl::int128>& mentor_figures) = 0;
  // Of those plans the best. After Solve, SolveFrom or Resolve.
  virtual absl::Status BreakTies() = 0;
  // The canonical prices. After BreakTies.
  virtual absl::Status FindPrices() = 0;

  // The plan, as indices of pairs, pins included, in the order of need and mentor id.
  virtual std::vector<int32_t> ChosenPairs() const = 0;
  // After FindPrices.
  virtual PriceSet Prices() const = 0;

  // The prices by which Solve's plan is optimal, not canonical: per need, or mentor, by index, its
  // vector of ValueSpace::ForPlan's components from needs served to points.
  using Figures = std::vector<absl::int128>;
  virtual Figures NeedFigures() const = 0;
  virtual Figures MentorFigures() const = 0;
  // Likewise per quota of the problem, as quotas of needs, or mentors; those of the other side hold
  // nothing of use.
  virtual Figures NeedQuotaFigures() const = 0;
  virtual Figures MentorQuotaFigures() const = 0;

  // Changes, each by indices into the problem. The next Resolve takes them in.
  // False if the pair takes no part (not listed, forbidden before, pinned).
  virtual bool ForbidPair(int32_t need, int32_t mentor) = 0;
  // `weight`: score plus, for a kept pair, change penalty, in micro-points; at most the largest of
  // the problem as it was when the solver was made. False likewise.
  virtual bool SetWeight(int32_t need, int32_t mentor, int64_t weight) = 0;
  // `max` as in the problem, at least the number of pinned pairs (else false).
  virtual bool SetNeedMax(int32_t need, int64_t max) = 0;
  virtual bool SetMentorMax(int32_t mentor, int64_t max) = 0;
  // Puts the plan right again, by shortest paths from the old prices.
  virtual absl::Status Resolve() = 0;
  // Builds what only changes need, so that the first Resolve does not have to.
  virtual void PrepareForChanges() = 0;
  // Pairs looked at by Solve's repairs and by Resolve so far.
  virtual int64_t pairs_scanned() const = 0;

 protected:
  BipartiteSolver() = default;
};

}  // namespace tandem::engine::bipartite

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_BIPARTITE_SOLVER_H_
