// What if, for the objective kFloor, in its three stages. First the filling: one cycle in the
// network of all pairs, valued by filling. Then the floor: the pairs of that plan are emptied from
// the worst up, as long as their units can be moved without filling less; the prices say which arcs
// lose nothing. Then the total at that floor: the plan's own network, with the pairs between the
// old floor and the new one let in or taken out, each by a shortest path.

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "services/matching/engine/assignment/what_if/what_if.h"

namespace tandem::engine {
namespace {

// Above every score: of a plan without unpinned matches.
constexpr int64_t kNoFloor = std::numeric_limits<int64_t>::max();

// A change of one arc's bounds.
struct Edit {
  int32_t arc = 0;
  int64_t lower = 0;
  int64_t upper = 0;
  int32_t pinned_pair = -1;  // If it pins one.
};

class FloorWhatIf : public WhatIf {
 public:
  explicit FloorWhatIf(const PlanFlow& plan)
      : plan_(plan),
        filling_space_(ValueSpace::ForFilling(plan.problem)),
        space_(ValueSpace::ForPlan(plan.problem)),
        floor_(plan.result.has_worst_pair ? plan.result.worst_pair_score : kNoFloor),
        arcs_at_floor_(plan.network.arcs) {
    for (int32_t pair : plan.allowed_pairs) {
      if (plan.index.pinned[pair]) continue;
      by_score_.push_back(pair);
      if (ScoreOf(pair) < floor_) arcs_at_floor_[plan.pair_arc[pair]].upper = 0;
    }
    std::sort(by_score_.begin(), by_score_.end(), [this](int32_t a, int32_t b) {
      return std::make_pair(ScoreOf(a), a) < std::make_pair(ScoreOf(b), b);
    });
  }

  absl::Status Begin() {
    TANDEM_ASSIGN_OR_RETURN(
        filling_, EditPlan(plan_, plan_.network.arcs, filling_space_, PricePurpose::kFilling));
    TANDEM_ASSIGN_OR_RETURN(total_, EditPlan(plan_, arcs_at_floor_, space_, PricePurpose::kPlan));
    return absl::OkStatus();
  }

  absl::StatusOr<Otherwise> Pinned(int32_t pair) override {
    return Change({plan_.pair_arc[pair], 1, 1, pair});
  }

  absl::StatusOr<Otherwise> MorePlaces(int32_t mentor) override {
    const int32_t arc = plan_.mentor_arc[mentor];
    const NetworkArc& bounds = plan_.network.arcs[arc];
    return Change({arc, bounds.lower, bounds.upper + 1, -1});
  }

 private:
  int64_t ScoreOf(int32_t pair) const { return plan_.problem.pairs[pair].score; }
  bool IsFree(int32_t pair, const Edit& edit) const {
    return !plan_.index.pinned[pair] && pair != edit.pinned_pair;
  }

  absl::StatusOr<Otherwise> Change(const Edit& edit) {
    filling_->Mark();
    if (!filling_->SetBounds(edit.arc, edit.lower, edit.upper)) {
      filling_->Rewind();
      return DescribeImpossible(plan_, plan_.network.arcs, *filling_, edit.arc);
    }
    const int64_t floor = FindFloor(edit);
    filling_->Rewind();
    total_->Mark();
    if (!MoveTo(floor, edit)) {
      total_->Rewind();
      return absl::InternalError("a floor that holds has no plan");
    }
    Otherwise otherwise = DescribeChanges(plan_, space_, total_->Changes());
    total_->Rewind();
    const bool has_floor = floor != kNoFloor;
    const bool unbounded = has_floor != plan_.result.has_worst_pair;
    const int64_t cost = unbounded || !has_floor ? 0 : floor_ - floor;
    const auto points = otherwise.cost.begin() + (space_.points() - 1);
    otherwise.cost.insert(points, {"floor", cost, unbounded});
    return otherwise;
  }

  // The best floor with the filling that the changed filling network has.
  int64_t FindFloor(const Edit& edit) {
    // With the same filling, and a pair above the floor pinned, a better floor would have been
    // one of the plan itself.
    const bool may_rise =
        edit.pinned_pair < 0 || ScoreOf(edit.pinned_pair) <= floor_ || FillingChanged();
    while (true) {
      const int64_t level = WorstScore(edit);
      if (level == kNoFloor || (level >= floor_ && !may_rise)) return level;
      std::vector<int32_t> worst;
      ForEachFreePairAt(level, edit, [&](int32_t arc) {
        if (filling_->flow(arc) > 0) worst.push_back(arc);
      });
      const bool moved = filling_->DrainWithoutLoss(worst, [&](int32_t arc) {
        const NetworkArc& with = plan_.network.arcs[arc];
        return with.kind != ArcKind::kPair || !IsFree(with.pair, edit) ||
               ScoreOf(with.pair) > level;
      });
      if (!moved) return level;
    }
  }

  bool FillingChanged() const {
    for (const ValueComponent& cost :
         DescribeChanges(plan_, filling_space_, filling_->Changes()).cost) {
      if (cost.amount != 0) return true;
    }
    return false;
  }

  int64_t WorstScore(const Edit& edit) const {
    int64_t worst = kNoFloor;
    for (const Match& match : plan_.result.matches) {
      const int32_t pair = plan_.AllowedPair(match.need, match.mentor);
      if (IsFree(pair, edit) && filling_->flow(plan_.pair_arc[pair]) > 0) {
        worst = std::min(worst, match.score);
      }
    }
    for (const FlowChange& change : filling_->Changes()) {
      const NetworkArc& arc = plan_.network.arcs[change.arc];
      if (arc.kind != ArcKind::kPair || change.change < 0 || !IsFree(arc.pair, edit)) continue;
      worst = std::min(worst, ScoreOf(arc.pair));
    }
    return worst;
  }

  std::vector<int32_t>::const_iterator FirstAt(int64_t score) const {
    return std::lower_bound(by_score_.begin(), by_score_.end(), score,
                            [this](int32_t pair, int64_t bound) { return ScoreOf(pair) < bound; });
  }

  template <typename Visit>
  void ForEachFreePairAt(int64_t score, const Edit& edit, const Visit& visit) const {
    for (auto at = FirstAt(score); at != by_score_.end() && ScoreOf(*at) == score; ++at) {
      if (IsFree(*at, edit)) visit(plan_.pair_arc[*at]);
    }
  }

  // Makes the edit in the plan's network and gives it another floor. Pairs are let in before the
  // edit and taken out after it: so there is a plan at every step.
  bool MoveTo(int64_t floor, const Edit& edit) {
    for (auto at = FirstAt(floor); at != by_score_.end() && ScoreOf(*at) < floor_; ++at) {
      if (!total_->SetBounds(plan_.pair_arc[*at], 0, 1)) return false;
    }
    if (!total_->SetBounds(edit.arc, edit.lower, edit.upper)) return false;
    for (auto at = FirstAt(floor_); at != by_score_.end() && ScoreOf(*at) < floor; ++at) {
      if (!IsFree(*at, edit)) continue;
      if (!total_->SetBounds(plan_.pair_arc[*at], 0, 0)) return false;
    }
    return true;
  }

  const PlanFlow& plan_;
  const ValueSpace filling_space_;
  const ValueSpace space_;
  const int64_t floor_;
  std::vector<NetworkArc> arcs_at_floor_;  // Pairs below the floor have no room.
  std::vector<int32_t> by_score_;          // Allowed pairs that are not pinned.
  std::unique_ptr<FlowEditor> filling_;
  std::unique_ptr<FlowEditor> total_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<WhatIf>> MakeFloorWhatIf(const PlanFlow& plan) {
  auto what_if = std::make_unique<FloorWhatIf>(plan);
  TANDEM_RETURN_IF_ERROR(what_if->Begin());
  return std::unique_ptr<WhatIf>(std::move(what_if));
}

}  // namespace tandem::engine
