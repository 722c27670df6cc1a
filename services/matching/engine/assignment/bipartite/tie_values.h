// What decides between plans of equal money: kept pairs, slots (where filling is optional), draws.
// Packed into one wide integer. Thread-safe.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_TIE_VALUES_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_TIE_VALUES_H_

#include <cstdint>
#include <vector>

#include "services/matching/engine/assignment/network.h"
#include "services/matching/engine/assignment/problem.h"
#include "services/matching/engine/assignment/tie_links.h"
#include "services/matching/engine/assignment/value_space.h"

namespace tandem::engine::bipartite {

class TieValues {
 public:
  TieValues(const AssignmentProblem& problem, const ProblemIndex& index)
      : problem_(problem), index_(index), space_(ValueSpace::ForTies(problem)) {
    if (problem.fill == Fill::kOptional) slot_ = space_.Pack<4>({{space_.slots(1), 1}});
  }

  const ValueSpace& space() const { return space_; }
  // Of choosing a pair, and of filling a slot.
  Tie OfPair(int32_t pair) const {
    NetworkArc arc;
    arc.kind = ArcKind::kPair;
    arc.pair = pair;
    std::vector<ValuePart> parts;
    ArcValue(problem_, index_, space_, arc, &parts);
    return space_.Pack<4>(parts);
  }
  const Tie& slot() const { return slot_; }
  // Worse than any sum along a path.
  Tie Worst() const { return space_.Pack<4>({{0, -1}}); }

 private:
  const AssignmentProblem& problem_;
  const ProblemIndex& index_;
  const ValueSpace space_;
  Tie slot_;
};

}  // namespace tandem::engine::bipartite

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_TIE_VALUES_H_
