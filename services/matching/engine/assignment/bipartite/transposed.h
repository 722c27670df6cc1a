// The market seen from the other side: mentors look for needs. Thread-safe.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_TRANSPOSED_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_TRANSPOSED_H_

#include <algorithm>
#include <cstdint>
#include <vector>

#include "services/matching/engine/assignment/bipartite/market.h"

namespace tandem::engine::bipartite {

// Without a plan and prices, and without what an auction does not use: levels and outsides.
template <typename Numbers>
Market<Numbers> Transposed(const Market<Numbers>& market) {
  using M = Market<Numbers>;
  M turned;
  std::vector<uint32_t>& begin = turned.row_begin;
  begin.assign(market.price.size() + 1, 0);
  for (int32_t i = 0; i < market.needs(); ++i) {
    for (uint32_t arc = market.row_begin[i]; arc < market.row_end[i]; ++arc) {
      ++begin[market.mentor_of[arc] + 1];
    }
  }
  for (size_t j = 0; j + 1 < begin.size(); ++j) begin[j + 1] += begin[j];
  turned.row_end.assign(begin.begin(), begin.end() - 1);
  turned.mentor_of.resize(begin.back());
  turned.weight.resize(begin.back());
  turned.pair_of.resize(begin.back());
  for (int32_t i = 0; i < market.needs(); ++i) {
    for (uint32_t arc = market.row_begin[i]; arc < market.row_end[i]; ++arc) {
      const uint32_t to = turned.row_end[market.mentor_of[arc]]++;
      turned.mentor_of[to] = i;
      turned.weight[to] = market.weight[arc];
      turned.pair_of[to] = market.pair_of[arc];
    }
  }
  turned.capacity = market.mentor_capacity;
  turned.load.assign(market.mentor_load.size(), 0);
  turned.mentor_capacity = market.capacity;
  turned.mentor_load.assign(market.load.size(), 0);
  turned.price.assign(market.load.size(), 0);
  turned.unit_begin = market.place_begin;
  turned.unit_mentor.assign(market.place.size(), -1);
  turned.unit_weight.assign(market.place.size(), 0);
  turned.place_begin = market.unit_begin;
  turned.place.assign(market.unit_mentor.size(), typename M::Place());
  turned.rest.assign(market.mentor_load.size(), M::kFar);
  return turned;
}

}  // namespace tandem::engine::bipartite

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_TRANSPOSED_H_
