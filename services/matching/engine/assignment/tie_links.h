// Of the flows of largest value, finds the one with the largest tie value.
//
// Only arcs without loss, relative to optimal prices, lead from one such flow to another, and only
// along cycles: so it is enough to look at the strongly connected parts (Tarjan 1972) of the graph
// of those steps. Usually they are tiny or absent, and a network simplex over them is quick; where
// they are not, whoever knows the network's shape may do better (DecideInsideBy).
//
// Beside the flow this finds tie prices: with them and the prices of value, no step gains, compared
// as (value, tie). Thread-compatible.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_TIE_LINKS_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_TIE_LINKS_H_

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "services/matching/engine/assignment/wide_int.h"

namespace tandem::engine {

// A tie value. 10^7 needs take at most 6 + 2 x 30 + 2 x 70 bits, so 256 are enough for any problem.
using Tie = WideInt<4>;

// An arc without loss whose flow may change, at least one way. Node 0 is the ground.
struct TieLink {
  int32_t tail = 0;
  int32_t head = 0;
  int64_t capacity = 1;
  int64_t flow = 0;
};

class TieSolver {
 public:
  // `value` of a unit on link number k; `worst`: less than any sum along a path.
  TieSolver(int32_t nodes, std::vector<TieLink> links, std::function<Tie(size_t k)> value,
            const Tie& worst);

  // Finds the best flow of the links inside parts, by number, and prices of their nodes by which no
  // step along them gains, that of the ground 0. False if stopped.
  using InsideSolver = std::function<bool(const std::vector<size_t>& inside,
                                          std::vector<TieLink>* links, std::vector<Tie>* prices)>;
  // Instead of the network simplex method.
  void DecideInsideBy(InsideSolver solver) { inside_solver_ = std::move(solver); }

  // False if `stop`, asked now and then with the number of steps, said true.
  bool Run(const std::function<bool(int64_t steps)>& stop);

  // After Run. By link.
  int64_t flow(size_t k) const { return links_[k].flow; }
  const TieLink& link(size_t k) const { return links_[k]; }
  // By node.
  const std::vector<Tie>& prices() const { return prices_; }

 private:
  bool SolveParts(const std::function<bool(int64_t)>& stop);
  bool SolveInside(const std::vector<size_t>& inside, const std::function<bool(int64_t)>& stop);
  std::vector<char> LonelyNodes() const;
  void PriceLonely(size_t k, const std::vector<char>& lonely);
  void ShiftParts();
  bool IsInside(size_t k) const { return part_[links_[k].tail] == part_[links_[k].head]; }

  std::vector<TieLink> links_;
  const std::function<Tie(size_t k)> value_;
  const Tie worst_;
  InsideSolver inside_solver_;
  std::vector<int32_t> part_;  // By node.
  std::vector<Tie> prices_;
};

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_TIE_LINKS_H_
