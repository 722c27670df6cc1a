// The changes that a plan of a market allows, as a graph (its residual network): node 0 is the
// ground, then needs, then mentors. A step from need to mentor chooses a pair, one back gives a
// chosen pair up; steps between the ground and a need, or a mentor and the ground, change a load.
//
// With the market's prices (price of the ground 0, of a need minus its level) no step gains money;
// its loss is how much it falls short. Steps without loss are where ties are.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_GRAPH_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_GRAPH_H_

#include <cstdint>
#include <vector>

#include "services/matching/engine/assignment/bipartite/market.h"

namespace tandem::engine::bipartite {

// Places taken by pinned pairs, which are no part of a market. Empty: none.
struct PinnedLoad {
  std::vector<int32_t> need;
  std::vector<int32_t> mentor;

  int32_t OfNeed(int32_t i) const { return need.empty() ? 0 : need[i]; }
  int32_t OfMentor(int32_t j) const { return mentor.empty() ? 0 : mentor[j]; }
};

inline int32_t NeedNode(int32_t i) { return 1 + i; }
template <typename M>
int32_t MentorNode(const M& market, int32_t j) {
  return 1 + market.needs() + j;
}
template <typename M>
int32_t NodeCount(const M& market) {
  return 1 + market.needs() + market.mentors();
}

// The price of a node, such that value + price(tail) - price(head) <= 0 for every step.
template <typename M>
typename M::Price PriceOfNode(const M& market, int32_t node) {
  if (node == 0) return 0;
  if (node <= market.needs()) return -market.level[node - 1];
  return market.price[node - 1 - market.needs()];
}

}  // namespace tandem::engine::bipartite

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_GRAPH_H_
