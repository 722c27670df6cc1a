#include "services/matching/engine/assignment/why_not.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "base/status_macros.h"
#include "services/matching/engine/assignment/what_if/what_if.h"

namespace tandem::engine {
namespace {

bool IsDraw(const ValueComponent& component) { return absl::StartsWith(component.name, "draws"); }

// -1, 0 or 1: whether gain `a` is less than `b`, as much or more, draws apart. To end up without a
// floor, or not, is better than any number; `had_floor` says which of the two it means.
int CompareGains(const std::vector<ValueComponent>& a, const std::vector<ValueComponent>& b,
                 bool had_floor) {
  for (size_t i = 0; i < a.size() && i < b.size() && !IsDraw(a[i]); ++i) {
    if (a[i].unbounded != b[i].unbounded) return a[i].unbounded == had_floor ? 1 : -1;
    if (a[i].amount != b[i].amount) return a[i].amount < b[i].amount ? -1 : 1;
  }
  return 0;
}

bool GainsNothing(const std::vector<ValueComponent>& gain) {
  for (const ValueComponent& component : gain) {
    if (IsDraw(component)) break;
    if (component.amount != 0 || component.unbounded) return false;
  }
  return true;
}

// By how much places can gain at the most: for each mentor without a free place the reduced value
// of the arc that leaves the mentor, in the components before the draws, without "unreached". The
// most first, equal ones by id; mentors whose next place cannot gain are left out.
class GainBounds {
 public:
  using Bound = std::pair<std::vector<absl::int128>, int32_t>;

  explicit GainBounds(const PlanFlow& plan)
      : plan_(plan),
        floor_(plan.problem.objective == Objective::kFloor),
        space_(floor_ ? ValueSpace::ForFilling(plan.problem) : ValueSpace::ForPlan(plan.problem)),
        prices_(PricesOf(plan, space_, floor_ ? PricePurpose::kFilling : PricePurpose::kPlan)) {
    for (int32_t mentor : plan.index.mentors_by_id) Add(mentor);
    std::stable_sort(bounds_.begin(), bounds_.end(),
                     [](const Bound& a, const Bound& b) { return b.first < a.first; });
  }

  const std::vector<Bound>& bounds() const { return bounds_; }

  // Whether the bound is less than a gain that is known.
  static bool IsLess(const Bound& bound, const PlaceGain& known) {
    for (size_t c = 0; c < bound.first.size(); ++c) {
      if (bound.first[c] != known.gain[c].amount) return bound.first[c] < known.gain[c].amount;
    }
    return false;
  }

 private:
  void Add(int32_t mentor) {
    const int32_t a = plan_.mentor_arc[mentor];
    const NetworkArc& arc = plan_.network.arcs[a];
    if (plan_.flow[a] < arc.upper) return;
    Bound bound = {{}, mentor};
    bool positive = false;
    for (int c = 0; c < space_.size(); ++c) {
      if (c == space_.draws() || c == space_.draws2()) break;
      const size_t size = space_.size();
      const absl::int128 part = prices_[arc.tail * size + c] - prices_[arc.head * size + c];
      if (!positive && part < 0) return;
      positive = positive || part > 0;
      if (c > 0) bound.first.push_back(part);
    }
    // A better floor, or a better total at it, is not in the bound of the filling.
    if (positive || floor_) bounds_.push_back(std::move(bound));
  }

  const PlanFlow& plan_;
  const bool floor_;
  const ValueSpace space_;
  const std::vector<absl::int128> prices_;
  std::vector<Bound> bounds_;
};

}  // namespace

SolvedPlan::SolvedPlan(std::unique_ptr<PlanFlow> plan, std::unique_ptr<WhatIf> what_if)
    : plan_(std::move(plan)), what_if_(std::move(what_if)) {}

SolvedPlan::~SolvedPlan() = default;

absl::StatusOr<std::unique_ptr<SolvedPlan>> SolvedPlan::Of(const AssignmentProblem& problem,
                                                           const AssignmentResult& result) {
  if (result.outcome == Outcome::kInfeasible) {
    return absl::FailedPreconditionError("there is no plan to compare with: it is infeasible");
  }
  auto plan = std::make_unique<PlanFlow>(problem, result);
  absl::StatusOr<std::unique_ptr<WhatIf>> what_if =
      problem.objective == Objective::kFloor    ? MakeFloorWhatIf(*plan)
      : problem.objective == Objective::kStable ? MakeStableWhatIf(*plan)
                                                : MakeFlowWhatIf(*plan);
  TANDEM_RETURN_IF_ERROR(what_if.status());
  return std::unique_ptr<SolvedPlan>(new SolvedPlan(std::move(plan), *std::move(what_if)));
}

absl::StatusOr<WhyNot> SolvedPlan::ExplainWhyNot(int32_t need, int32_t mentor) {
  const AssignmentProblem& problem = plan_->problem;
  if (need < 0 || need >= static_cast<int32_t>(problem.needs.size()) || mentor < 0 ||
      mentor >= static_cast<int32_t>(problem.mentors.size())) {
    return absl::InvalidArgumentError("no such need or mentor index");
  }
  const int32_t pair = plan_->AllowedPair(need, mentor);
  if (pair < 0) {
    return absl::FailedPreconditionError(
        "the pair is not eligible: ask which rule excludes it, not what it would cost");
  }
  absl::MutexLock lock(&mutex_);
  TANDEM_ASSIGN_OR_RETURN(Otherwise otherwise, what_if_->Pinned(pair));
  WhyNot answer;
  answer.already_matched = plan_->chosen[pair];
  answer.feasible = otherwise.feasible;
  answer.cost = std::move(otherwise.cost);
  answer.removed = std::move(otherwise.removed);
  answer.added = std::move(otherwise.added);
  answer.conflict = std::move(otherwise.conflict);
  return answer;
}

absl::StatusOr<PlaceGain> SolvedPlan::GainOf(int32_t mentor) {
  TANDEM_ASSIGN_OR_RETURN(Otherwise otherwise, what_if_->MorePlaces(mentor));
  PlaceGain gain;
  gain.mentor = mentor;
  gain.gain = std::move(otherwise.cost);
  for (ValueComponent& component : gain.gain) component.amount = -component.amount;
  gain.removed = std::move(otherwise.removed);
  gain.added = std::move(otherwise.added);
  return gain;
}

absl::StatusOr<PlaceGain> SolvedPlan::GainOfPlace(int32_t mentor) {
  if (mentor < 0 || mentor >= static_cast<int32_t>(plan_->problem.mentors.size())) {
    return absl::InvalidArgumentError("no such mentor index");
  }
  absl::MutexLock lock(&mutex_);
  return GainOf(mentor);
}

absl::StatusOr<std::vector<PlaceGain>> SolvedPlan::BestPlaces(int limit,
                                                              const SolveOptions& options) {
  const AssignmentProblem& problem = plan_->problem;
  if (problem.objective == Objective::kStable) {
    return absl::FailedPreconditionError(
        "a stable plan is not ranked by its value: one more place has no gain");
  }
  const bool had_floor = plan_->result.has_worst_pair;
  const auto comes_before = [&](const PlaceGain& a, const PlaceGain& b) {
    const int order = CompareGains(a.gain, b.gain, had_floor);
    if (order != 0) return order > 0;
    return plan_->index.mentor_rank[a.mentor] < plan_->index.mentor_rank[b.mentor];
  };
  const GainBounds bounds(*plan_);
  absl::MutexLock lock(&mutex_);
  std::vector<PlaceGain> best;
  for (const GainBounds::Bound& bound : bounds.bounds()) {
    if (options.cancelled && options.cancelled()) {
      return absl::CancelledError("looking for the best places was cancelled");
    }
    // Once the last of the best is known to gain more than the next can, they are the answer.
    const bool enough = static_cast<int>(best.size()) >= limit;
    if (enough && (best.empty() || GainBounds::IsLess(bound, best.back()))) break;
    TANDEM_ASSIGN_OR_RETURN(PlaceGain gain, GainOf(bound.second));
    if (GainsNothing(gain.gain)) continue;
    best.insert(std::upper_bound(best.begin(), best.end(), gain, comes_before), std::move(gain));
    if (static_cast<int>(best.size()) > limit) best.pop_back();
  }
  return best;
}

}  // namespace tandem::engine
