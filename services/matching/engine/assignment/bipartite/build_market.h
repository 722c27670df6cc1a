// Makes the market of a problem, in time and memory proportional to the number of pairs: a counting
// sort by need. Thread-safe.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_BUILD_MARKET_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_BUILD_MARKET_H_

#include <algorithm>
#include <cstdint>
#include <vector>

#include "services/matching/engine/assignment/bipartite/graph.h"
#include "services/matching/engine/assignment/bipartite/market.h"
#include "services/matching/engine/assignment/network.h"
#include "services/matching/engine/assignment/problem.h"

namespace tandem::engine::bipartite {

// Classes of needs: tier 1 to 9 without a pinned pair, then with one (which serves the need).
inline uint8_t NeedClass(const AssignmentNeed& need, int32_t pinned) {
  return static_cast<uint8_t>(need.tier - 1 + (pinned > 0 ? 9 : 0));
}
// Whose slots cost what filling them is worth, so that open ones lose nothing (quota_prices.h).
constexpr uint8_t kPaidSlots = 18;
constexpr int kNeedClasses = 19;

template <typename Numbers>
class MarketBuilder {
 public:
  using M = Market<Numbers>;

  // Pairs take part that are neither forbidden nor pinned, and score at least `min_score`.
  // `with_points`: else all weights are 0.
  MarketBuilder(const AssignmentProblem& problem, const ProblemIndex& index, int64_t min_score,
                bool with_points)
      : problem_(problem), index_(index), min_score_(min_score), with_points_(with_points) {}

  M Build(const PinnedLoad& pinned) {
    FillRows();
    const int32_t needs = static_cast<int32_t>(problem_.needs.size());
    const int32_t mentors = static_cast<int32_t>(problem_.mentors.size());
    market_.unit_begin.assign(needs + 1, 0);
    for (int32_t i = 0; i < needs; ++i) {
      const int64_t places = problem_.needs[i].max - pinned.OfNeed(i);
      market_.need_class.push_back(NeedClass(problem_.needs[i], pinned.OfNeed(i)));
      market_.capacity.push_back(static_cast<int32_t>(places));
      const int64_t most = std::min<int64_t>(places, market_.row_end[i] - market_.row_begin[i]);
      market_.unit_begin[i + 1] = market_.unit_begin[i] + static_cast<uint32_t>(most);
    }
    market_.place_begin.assign(mentors + 1, 0);
    for (int32_t j = 0; j < mentors; ++j) {
      const int64_t places = problem_.mentors[j].max - pinned.OfMentor(j);
      market_.mentor_capacity.push_back(static_cast<int32_t>(places));
      const int64_t most = std::min<int64_t>(places, arcs_of_mentor_[j]);
      market_.place_begin[j + 1] = market_.place_begin[j] + static_cast<uint32_t>(most);
    }
    market_.load.assign(needs, 0);
    market_.level.assign(needs, 0);
    market_.rest.assign(needs, M::kFar);
    market_.unit_mentor.assign(market_.unit_begin[needs], -1);
    market_.unit_weight.assign(market_.unit_begin[needs], 0);
    market_.mentor_load.assign(mentors, 0);
    market_.price.assign(mentors, 0);
    market_.place.assign(market_.place_begin[mentors], typename M::Place());
    market_.first_outside.assign(kNeedClasses, 0);
    market_.rest_outside.assign(kNeedClasses, 0);
    return std::move(market_);
  }

 private:
  bool TakesPart(size_t pair) const {
    return problem_.pairs[pair].score >= min_score_ && !index_.pinned[pair] &&
           !index_.IsForbidden(static_cast<int32_t>(pair));
  }

  void FillRows() {
    const bool everything = min_score_ <= 0 && problem_.pinned.empty() && !index_.any_forbidden();
    const size_t pairs = problem_.pairs.size();
    std::vector<uint32_t>& begin = market_.row_begin;
    begin.assign(problem_.needs.size() + 1, 0);
    arcs_of_mentor_.assign(problem_.mentors.size(), 0);
    for (size_t pair = 0; pair < pairs; ++pair) {
      if (!everything && !TakesPart(pair)) continue;
      ++begin[problem_.pairs[pair].need + 1];
      ++arcs_of_mentor_[problem_.pairs[pair].mentor];
    }
    for (size_t i = 0; i + 1 < begin.size(); ++i) begin[i + 1] += begin[i];
    market_.row_end.assign(begin.begin(), begin.end() - 1);
    market_.mentor_of.resize(begin.back());
    market_.weight.resize(begin.back());
    market_.pair_of.resize(begin.back());
    for (size_t pair = 0; pair < pairs; ++pair) {
      if (!everything && !TakesPart(pair)) continue;
      const AssignmentPair& source = problem_.pairs[pair];
      const uint32_t arc = market_.row_end[source.need]++;
      const bool kept = problem_.has_previous && index_.previous[pair];
      market_.mentor_of[arc] = source.mentor;
      const int64_t weight = source.score + (kept ? problem_.change_penalty : 0);
      market_.weight[arc] = static_cast<typename M::Weight>(with_points_ ? weight : 0);
      market_.pair_of[arc] = static_cast<int32_t>(pair);
    }
  }

  const AssignmentProblem& problem_;
  const ProblemIndex& index_;
  const int64_t min_score_;
  const bool with_points_;
  M market_;
  std::vector<uint32_t> arcs_of_mentor_;
};

}  // namespace tandem::engine::bipartite

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_BUILD_MARKET_H_
