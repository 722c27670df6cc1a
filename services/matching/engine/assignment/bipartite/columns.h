// The arcs of a market by mentor: 8 bytes per arc with 32-bit weights. Only searches that start at
// a mentor need them, so they are built when the first one does. Thread-compatible.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_COLUMNS_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_COLUMNS_H_

#include <cstdint>
#include <vector>

#include "services/matching/engine/assignment/bipartite/market.h"

namespace tandem::engine::bipartite {

template <typename Numbers>
struct Columns {
  using M = Market<Numbers>;

  // Does nothing if they are there.
  void Build(const M& market) {
    if (!begin.empty()) return;
    begin.assign(market.mentors() + 1, 0);
    for (int32_t i = 0; i < market.needs(); ++i) {
      for (uint32_t arc = market.row_begin[i]; arc < market.row_end[i]; ++arc) {
        ++begin[market.mentor_of[arc] + 1];
      }
    }
    for (int32_t j = 0; j < market.mentors(); ++j) begin[j + 1] += begin[j];
    end.assign(begin.begin(), begin.end() - 1);
    need.resize(begin.back());
    weight.resize(begin.back());
    for (int32_t i = 0; i < market.needs(); ++i) {
      for (uint32_t arc = market.row_begin[i]; arc < market.row_end[i]; ++arc) {
        const uint32_t at = end[market.mentor_of[arc]]++;
        need[at] = i;
        weight[at] = market.weight[arc];
      }
    }
  }

  // Of a pair that is there.
  uint32_t Find(int32_t i, int32_t j) const {
    uint32_t at = begin[j];
    while (need[at] != i) ++at;
    return at;
  }
  void Remove(int32_t i, int32_t j) {
    if (begin.empty()) return;
    const uint32_t at = Find(i, j);
    const uint32_t last = --end[j];
    need[at] = need[last];
    weight[at] = weight[last];
  }
  void SetWeight(int32_t i, int32_t j, typename M::Weight value) {
    if (!begin.empty()) weight[Find(i, j)] = value;
  }

  std::vector<uint32_t> begin;  // Arcs of mentor j: begin[j] to end[j].
  std::vector<uint32_t> end;
  std::vector<int32_t> need;
  std::vector<typename M::Weight> weight;
};

}  // namespace tandem::engine::bipartite

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_COLUMNS_H_
