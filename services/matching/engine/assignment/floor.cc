// The objective kFloor: fills as kTotal does, then makes the worst unpinned match as good as
// possible, then the total. By bisection over the scores: a floor holds if the pairs that keep it
// fill as much as all pairs do.

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "services/matching/engine/assignment/bipartite/bipartite_solver.h"
#include "services/matching/engine/assignment/earlier_plan.h"
#include "services/matching/engine/assignment/plan.h"

namespace tandem::engine {
namespace {

class FloorSolver {
 public:
  FloorSolver(const AssignmentProblem& problem, const ProblemIndex& index,
              const SolveOptions& options)
      : problem_(problem),
        index_(index),
        options_(options),
        filling_space_(ValueSpace::ForFilling(problem)) {}

  absl::StatusOr<AssignmentResult> Solve() {
    TANDEM_ASSIGN_OR_RETURN(SolvedNetwork filling, Fill(std::numeric_limits<int64_t>::min()));
    if (!filling.solution.feasible) {
      TANDEM_ASSIGN_OR_RETURN(Conflict conflict,
                              FindConflict(problem_, index_, filling.network, options_));
      return DescribeConflict(std::move(conflict));
    }
    best_filling_ = FillingOf(filling.ChosenPairs());
    TANDEM_RETURN_IF_ERROR(FindFloor());
    const ValueSpace space = ValueSpace::ForPlan(problem_);
    TANDEM_ASSIGN_OR_RETURN(BestPlan plan, SolveAtFloor(space));
    AssignmentResult result = DescribePlan(problem_, index_, space, plan.pairs);
    result.method = plan.method;
    std::vector<PriceSet>& sets = result.certificate.price_sets;
    sets.push_back(MakePriceSet(PricePurpose::kFilling, filling_space_, filling));
    TANDEM_RETURN_IF_ERROR(ProveFloor(&result.certificate));
    sets.push_back(std::move(plan.prices));
    return result;
  }

 private:
  struct BestPlan {
    std::string method;
    std::vector<int32_t> pairs;
    PriceSet prices;
  };

  // The best plan of pairs that keep the floor.
  absl::StatusOr<BestPlan> SolveAtFloor(const ValueSpace& space) const {
    const auto fast = MayBeFast()
                          ? bipartite::BipartiteSolver::Create(problem_, index_, floor_, options_)
                          : nullptr;
    if (fast == nullptr) {
      TANDEM_ASSIGN_OR_RETURN(SolvedNetwork plan,
                              SolvePairs(problem_, index_, space, floor_, options_));
      return BestPlan{"network-simplex", plan.ChosenPairs(),
                      MakePriceSet(PricePurpose::kPlan, space, plan)};
    }
    const EarlierPlan before(problem_, options_.before);
    TANDEM_RETURN_IF_ERROR(fast->SolveFrom(before.pairs(), before.MentorFigures(space)));
    TANDEM_RETURN_IF_ERROR(fast->BreakTies());
    TANDEM_RETURN_IF_ERROR(fast->FindPrices());
    return BestPlan{"auction", fast->ChosenPairs(), fast->Prices()};
  }

  bool MayBeFast() const { return options_.method != SolveMethod::kGeneral; }

  absl::StatusOr<SolvedNetwork> Fill(int64_t floor) const {
    return SolvePairs(problem_, index_, filling_space_, floor, options_);
  }

  std::vector<ValueComponent> FillingOf(const std::vector<int32_t>& pairs) const {
    return DescribePlan(problem_, index_, filling_space_, pairs).value;
  }

  absl::StatusOr<bool> Holds(int64_t floor) const {
    const auto fast = MayBeFast() ? bipartite::BipartiteSolver::CreateForFilling(problem_, index_,
                                                                                 floor, options_)
                                  : nullptr;
    if (fast != nullptr) {
      TANDEM_RETURN_IF_ERROR(fast->Solve());
      return FillingOf(fast->ChosenPairs()) == best_filling_;
    }
    TANDEM_ASSIGN_OR_RETURN(SolvedNetwork solved, Fill(floor));
    return solved.solution.feasible && FillingOf(solved.ChosenPairs()) == best_filling_;
  }

  // Sets floor_ to the best floor that holds and next_ to the first better one that does not.
  absl::Status FindFloor() {
    std::vector<int64_t> floors;
    for (int32_t pair : index_.AllowedPairs(problem_)) {
      if (!index_.pinned[pair]) floors.push_back(problem_.pairs[pair].score);
    }
    floors.push_back(kPinsOnly);
    std::sort(floors.begin(), floors.end());
    floors.erase(std::unique(floors.begin(), floors.end()), floors.end());
    size_t holds = 0;  // The lowest holds, since it excludes no pair.
    size_t fails = floors.size();
    // An earlier floor and the score above it come first: often they settle it.
    const AssignmentResult* const before = options_.before.result;
    const size_t guess = before == nullptr || !before->has_worst_pair
                             ? fails
                             : static_cast<size_t>(std::lower_bound(floors.begin(), floors.end(),
                                                                    before->worst_pair_score) -
                                                   floors.begin());
    for (int step = 0; fails - holds > 1; ++step) {
      size_t middle = holds + (fails - holds) / 2;
      if (step < 2 && guess + step > holds && guess + step < fails) middle = guess + step;
      TANDEM_ASSIGN_OR_RETURN(bool middle_holds, Holds(floors[middle]));
      (middle_holds ? holds : fails) = middle;
    }
    floor_ = floors[holds];
    has_next_ = fails < floors.size();
    if (has_next_) next_ = floors[fails];
    return absl::OkStatus();
  }

  absl::Status ProveFloor(Certificate* certificate) const {
    if (!has_next_) return absl::OkStatus();
    TANDEM_ASSIGN_OR_RETURN(SolvedNetwork next, Fill(next_));
    if (next.solution.feasible) {
      certificate->price_sets.push_back(
          MakePriceSet(PricePurpose::kNextFloor, filling_space_, next));
      return absl::OkStatus();
    }
    certificate->has_next_floor_conflict = true;
    TANDEM_ASSIGN_OR_RETURN(certificate->next_floor_conflict,
                            FindConflict(problem_, index_, next.network, options_));
    return absl::OkStatus();
  }

  const AssignmentProblem& problem_;
  const ProblemIndex& index_;
  const SolveOptions& options_;
  const ValueSpace filling_space_;
  std::vector<ValueComponent> best_filling_;
  int64_t floor_ = 0;
  bool has_next_ = false;
  int64_t next_ = 0;
};

}  // namespace

absl::StatusOr<AssignmentResult> SolveFloor(const AssignmentProblem& problem,
                                            const ProblemIndex& index,
                                            const SolveOptions& options) {
  return FloorSolver(problem, index, options).Solve();
}

}  // namespace tandem::engine
