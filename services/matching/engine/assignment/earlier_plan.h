// What a problem that was solved before gives to start from: its plan and its prices, for whatever
// both problems have by the same ids. Whoever starts from it puts right what does not fit any more
// (bipartite/repair.h, flow_repair.h), so nothing here need be right.
//
// Immutable once made.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_EARLIER_PLAN_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_EARLIER_PLAN_H_

#include <cstdint>
#include <vector>

#include "absl/numeric/int128.h"
#include "services/matching/engine/assignment/flow_solver.h"
#include "services/matching/engine/assignment/network.h"
#include "services/matching/engine/assignment/problem.h"
#include "services/matching/engine/assignment/solve.h"
#include "services/matching/engine/assignment/value_space.h"

namespace tandem::engine {

class EarlierPlan {
 public:
  // `problem` is the one to solve now. Both it and what `before` names must outlive this.
  EarlierPlan(const AssignmentProblem& problem, const SolvedBefore& before);

  // The earlier matches whose need and mentor are there, each once; maybe no pairs any more.
  const std::vector<PairRef>& pairs() const { return pairs_; }

  // Per mentor, by index, the components of `space` from needs served to points; 0 where nothing
  // is known. Empty without prices of a plan.
  std::vector<absl::int128> MentorFigures(const ValueSpace& space) const;

  // Empty without prices for the purpose, or if they are larger than `space` can hold.
  FlowStart StartOf(const Network& network, const ValueSpace& space, PricePurpose purpose) const;

 private:
  const PriceSet* Prices(PricePurpose purpose) const;
  // The chosen pairs of the problem, per pair.
  std::vector<bool> Chosen() const;

  const AssignmentProblem& problem_;
  const SolvedBefore before_;
  // Of each need, mentor and quota of the earlier problem the index now, or -1.
  std::vector<int32_t> needs_;
  std::vector<int32_t> mentors_;
  std::vector<int32_t> quotas_;
  std::vector<PairRef> pairs_;
};

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_EARLIER_PLAN_H_
