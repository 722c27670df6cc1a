// What if, for the objective kStable: deferred acceptance (Gale and Shapley 1962) run again over
// lists of preference that are sorted once. A proposal is a few instructions then; there are as
// many as places that needs lose on the way, not as many as pairs.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <queue>
#include <tuple>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "services/matching/engine/assignment/flow_of_plan.h"
#include "services/matching/engine/assignment/what_if/what_if.h"

namespace tandem::engine {
namespace {

// What is different from the problem.
struct Difference {
  int32_t pinned_pair = -1;
  int32_t mentor = -1;  // Who has a place more.
};

class StableWhatIf : public WhatIf {
 public:
  explicit StableWhatIf(const PlanFlow& plan)
      : plan_(plan),
        space_(ValueSpace::ForPlan(plan.problem)),
        pins_space_(ValueSpace::ForFilling(plan.problem)),
        arcs_of_pins_(plan.network.arcs),
        need_pins_(plan.problem.needs.size(), 0),
        mentor_pins_(plan.problem.mentors.size(), 0),
        wanted_(plan.problem.needs.size()),
        place_with_mentor_(plan.problem.pairs.size(), 0) {
    std::vector<std::vector<int32_t>> wanted_by(plan.problem.mentors.size());
    std::vector<std::pair<int64_t, int64_t>> draws(plan.problem.pairs.size());
    for (int32_t pair : plan.allowed_pairs) {
      const AssignmentPair& ends = plan.problem.pairs[pair];
      if (plan.index.pinned[pair]) {
        ++need_pins_[ends.need];
        ++mentor_pins_[ends.mentor];
        continue;
      }
      arcs_of_pins_[plan.pair_arc[pair]].upper = 0;
      draws[pair] = {plan.index.DrawOf(plan.problem, pair, plan.problem.seed),
                     plan.index.DrawOf(plan.problem, pair, plan.problem.seed + 1)};
      wanted_[ends.need].push_back(pair);
      wanted_by[ends.mentor].push_back(pair);
    }
    // The most wanted first: what is larger is better, ids the other way round.
    const auto need_key = [&](int32_t pair) {
      return std::make_tuple(-plan.problem.pairs[pair].score, -draws[pair].first,
                             -draws[pair].second,
                             plan.index.mentor_rank[plan.problem.pairs[pair].mentor]);
    };
    const auto mentor_key = [&](int32_t pair) {
      const AssignmentPair& ends = plan.problem.pairs[pair];
      const int64_t score = ends.mentor_score == kSameScore ? ends.score : ends.mentor_score;
      return std::make_tuple(plan.problem.needs[ends.need].tier, -score, -draws[pair].first,
                             -draws[pair].second, plan.index.need_rank[ends.need]);
    };
    for (std::vector<int32_t>& pairs : wanted_) {
      std::sort(pairs.begin(), pairs.end(),
                [&](int32_t a, int32_t b) { return need_key(a) < need_key(b); });
    }
    for (std::vector<int32_t>& pairs : wanted_by) {
      std::sort(pairs.begin(), pairs.end(),
                [&](int32_t a, int32_t b) { return mentor_key(a) < mentor_key(b); });
      for (size_t i = 0; i < pairs.size(); ++i) {
        place_with_mentor_[pairs[i]] = static_cast<int32_t>(i);
      }
    }
  }

  absl::StatusOr<Otherwise> Pinned(int32_t pair) override {
    const AssignmentPair& ends = plan_.problem.pairs[pair];
    if (plan_.index.pinned[pair]) return Run({});
    if (need_pins_[ends.need] == plan_.problem.needs[ends.need].max ||
        mentor_pins_[ends.mentor] == plan_.problem.mentors[ends.mentor].max) {
      return Impossible(pair);
    }
    Difference difference;
    difference.pinned_pair = pair;
    return Run(difference);
  }

  absl::StatusOr<Otherwise> MorePlaces(int32_t mentor) override {
    Difference difference;
    difference.mentor = mentor;
    return Run(difference);
  }

 private:
  // What a mentor holds by its place in the mentor's preference, the worst on top.
  using Held = std::priority_queue<std::pair<int32_t, int32_t>>;

  // The conflict lies among the pins alone.
  Otherwise Impossible(int32_t pair) const {
    const auto nodes = static_cast<int32_t>(plan_.network.nodes.size());
    const ArcValueFn nothing = [](const NetworkArc&, std::vector<ValuePart>* parts) {
      parts->clear();
    };
    std::vector<int64_t> flow = FlowOfPlan(plan_.network, plan_.index.pinned);
    const std::vector<absl::int128> prices(static_cast<size_t>(nodes) * pins_space_.size(), 0);
    const auto pins = MakeFlowEditor(nodes, arcs_of_pins_, pins_space_, nothing, flow, prices);
    return DescribeImpossible(plan_, arcs_of_pins_, *pins, plan_.pair_arc[pair]);
  }

  Otherwise Run(const Difference& difference) const {
    const AssignmentProblem& problem = plan_.problem;
    std::vector<int64_t> need_room(problem.needs.size());
    std::vector<int64_t> mentor_room(problem.mentors.size());
    for (size_t i = 0; i < need_room.size(); ++i)
      need_room[i] = problem.needs[i].max - need_pins_[i];
    for (size_t i = 0; i < mentor_room.size(); ++i) {
      mentor_room[i] = problem.mentors[i].max - mentor_pins_[i];
    }
    if (difference.mentor >= 0) ++mentor_room[difference.mentor];
    if (difference.pinned_pair >= 0) {
      --need_room[problem.pairs[difference.pinned_pair].need];
      --mentor_room[problem.pairs[difference.pinned_pair].mentor];
    }
    std::vector<Held> held(problem.mentors.size());
    std::vector<size_t> next(problem.needs.size(), 0);
    std::vector<int32_t> asking;
    for (size_t i = 0; i < need_room.size(); ++i) asking.push_back(static_cast<int32_t>(i));
    while (!asking.empty()) {
      const int32_t need = asking.back();
      if (need_room[need] <= 0 || next[need] == wanted_[need].size()) {
        asking.pop_back();
        continue;
      }
      const int32_t pair = wanted_[need][next[need]++];
      const int32_t mentor = problem.pairs[pair].mentor;
      if (pair == difference.pinned_pair || mentor_room[mentor] <= 0) continue;
      held[mentor].push({place_with_mentor_[pair], pair});
      --need_room[need];
      if (static_cast<int64_t>(held[mentor].size()) <= mentor_room[mentor]) continue;
      const int32_t displaced = problem.pairs[held[mentor].top().second].need;
      held[mentor].pop();
      ++need_room[displaced];
      asking.push_back(displaced);
    }
    return Told(difference, &held);
  }

  Otherwise Told(const Difference& difference, std::vector<Held>* held) const {
    std::vector<bool> chosen = plan_.index.pinned;
    if (difference.pinned_pair >= 0) chosen[difference.pinned_pair] = true;
    for (Held& pairs : *held) {
      for (; !pairs.empty(); pairs.pop()) chosen[pairs.top().second] = true;
    }
    const std::vector<int64_t> flow = FlowOfPlan(plan_.network, chosen);
    std::vector<FlowChange> changes;
    for (size_t arc = 0; arc < flow.size(); ++arc) {
      if (flow[arc] == plan_.flow[arc]) continue;
      changes.push_back({static_cast<int32_t>(arc), flow[arc] - plan_.flow[arc]});
    }
    return DescribeChanges(plan_, space_, changes);
  }

  const PlanFlow& plan_;
  const ValueSpace space_;
  const ValueSpace pins_space_;
  std::vector<NetworkArc> arcs_of_pins_;  // Pairs that are not pinned have no room.
  std::vector<int64_t> need_pins_;
  std::vector<int64_t> mentor_pins_;
  std::vector<std::vector<int32_t>> wanted_;  // Per need: its unpinned pairs, the best first.
  std::vector<int32_t> place_with_mentor_;    // Per pair: how many the mentor would rather have.
};

}  // namespace

absl::StatusOr<std::unique_ptr<WhatIf>> MakeStableWhatIf(const PlanFlow& plan) {
  return std::unique_ptr<WhatIf>(std::make_unique<StableWhatIf>(plan));
}

}  // namespace tandem::engine
