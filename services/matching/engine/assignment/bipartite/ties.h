// Of the plans of largest money, finds the one with the largest tie value.
//
// Only steps without loss (graph.h) lead from one plan of largest money to another, and only along
// cycles: so it is enough to look at the strongly connected parts (Tarjan 1972) of the graph of
// those steps. Usually they are tiny or absent, and a network simplex over them is quick; if all
// scores are equal they are the whole graph.
//
// Beside the plan this finds tie prices: with them and the market's, no step gains, compared as
// (money, tie).

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_TIES_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_TIES_H_

#include <algorithm>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "services/matching/engine/assignment/bipartite/components.h"
#include "services/matching/engine/assignment/bipartite/graph.h"
#include "services/matching/engine/assignment/bipartite/market.h"
#include "services/matching/engine/assignment/bipartite/tie_values.h"
#include "services/matching/engine/assignment/network_simplex.h"

namespace tandem::engine::bipartite {

template <typename Numbers>
class TieBreaker {
 public:
  using M = Market<Numbers>;
  using Price = typename M::Price;

  TieBreaker(M* market, const PinnedLoad& pinned, const TieValues& values,
             const std::function<bool()>& stop)
      : market_(*market), pinned_(pinned), values_(values), stop_(stop) {}

  // False if stopped. The market's plan must be optimal and its levels valid.
  bool Run() {
    prices_.assign(NodeCount(market_), Tie());
    ListLinks();
    std::vector<std::pair<int32_t, int32_t>> steps;
    for (const Link& link : links_) {
      if (link.flow < link.capacity) steps.emplace_back(link.tail, link.head);
      if (link.flow > 0) steps.emplace_back(link.head, link.tail);
    }
    part_ = StrongComponents(NodeCount(market_), steps);
    if (!SolveParts()) return false;
    ShiftParts();
    return true;
  }

  // By node.
  const std::vector<Tie>& prices() const { return prices_; }

 private:
  // Something whose flow may change without loss, at least one way.
  struct Link {
    int32_t tail = 0;
    int32_t head = 0;
    int32_t capacity = 1;
    int32_t flow = 0;
    int32_t pair = -1;  // Of the problem, for an arc of the market.
    typename M::Weight weight = 0;
    bool is_slot = false;
  };

  Tie ValueOf(const Link& link) const {
    if (link.pair >= 0) return values_.OfPair(link.pair);
    return link.is_slot ? values_.slot() : Tie();
  }

  void ListLinks() {
    for (int32_t i = 0; i < market_.needs(); ++i) {
      ListArcs(i);
      ListSlots(i);
    }
    for (int32_t j = 0; j < market_.mentors(); ++j) {
      if (market_.price[j] != 0) continue;
      Link link;
      link.tail = MentorNode(market_, j);
      link.capacity = market_.mentor_capacity[j] + pinned_.OfMentor(j);
      link.flow = market_.mentor_load[j] + pinned_.OfMentor(j);
      if (link.capacity > 0) links_.push_back(link);
    }
  }

  void ListArcs(int32_t i) {
    const bool whole_row = market_.load[i] > 0 || market_.rest[i] >= market_.level[i];
    const uint32_t end = whole_row ? market_.row_end[i] : market_.FrontEnd(i);
    for (uint32_t arc = market_.row_begin[i]; arc < end; ++arc) {
      if (market_.Value(arc) != market_.level[i]) continue;
      Link link;
      link.tail = NeedNode(i);
      link.head = MentorNode(market_, market_.mentor_of[arc]);
      link.flow = market_.IsChosen(i, market_.mentor_of[arc]) ? 1 : 0;
      link.pair = market_.pair_of[arc];
      link.weight = market_.weight[arc];
      links_.push_back(link);
    }
  }

  // The links between the ground and a need: one for the first unit and one for the rest, or one
  // for all if they are worth the same.
  void ListSlots(int32_t i) {
    const uint8_t kind = market_.need_class[i];
    const int32_t flow = market_.load[i] + pinned_.OfNeed(i);
    const int32_t capacity = market_.capacity[i] + pinned_.OfNeed(i);
    const Price first = market_.first_outside[kind];
    const Price rest = market_.rest_outside[kind];
    if (first == rest) return ListSlot(i, rest, flow, capacity);
    ListSlot(i, first, std::min(flow, 1), std::min(capacity, 1));
    ListSlot(i, rest, std::max(flow - 1, 0), std::max(capacity - 1, 0));
  }

  void ListSlot(int32_t i, Price outside, int32_t flow, int32_t capacity) {
    if (market_.level[i] != outside || capacity == 0) return;
    Link link;
    link.head = NeedNode(i);
    link.capacity = capacity;
    link.flow = flow;
    link.is_slot = true;
    links_.push_back(link);
  }

  bool SolveParts() {
    // Nodes of links inside a part get numbers, the ground always 0.
    std::vector<int32_t> number(prices_.size(), -1);
    std::vector<int32_t> nodes = {0};
    number[0] = 0;
    std::vector<size_t> inside;
    const std::vector<char> alone = LonelyNodes();
    for (size_t k = 0; k < links_.size(); ++k) {
      const Link& link = links_[k];
      if (part_[link.tail] != part_[link.head]) continue;
      if (alone[link.tail] || alone[link.head]) {
        PriceLonely(link, alone);
        continue;
      }
      inside.push_back(k);
      for (int32_t node : {link.tail, link.head}) {
        if (number[node] >= 0) continue;
        number[node] = static_cast<int32_t>(nodes.size());
        nodes.push_back(node);
      }
    }
    if (inside.empty()) return true;
    NetworkSimplex<Tie> simplex(static_cast<int32_t>(nodes.size()), inside.size(), values_.Worst());
    for (size_t k : inside) {
      const Link& link = links_[k];
      simplex.AddArc(number[link.tail], number[link.head], link.capacity, ValueOf(link));
      simplex.AddSupply(number[link.tail], link.flow);
      simplex.AddSupply(number[link.head], -link.flow);
    }
    if (!simplex.Run([this](int64_t) { return stop_(); })) return false;
    for (size_t v = 0; v < nodes.size(); ++v) {
      prices_[nodes[v]] = simplex.price(static_cast<int32_t>(v));
    }
    Apply(inside, simplex);
    return true;
  }

  // Nodes other than the ground whose only link inside their part is to the ground: the link's
  // value is their price, and they need no solving.
  std::vector<char> LonelyNodes() const {
    std::vector<char> links(prices_.size(), 0);
    std::vector<char> lonely(prices_.size(), 0);
    for (const Link& link : links_) {
      if (part_[link.tail] != part_[link.head]) continue;
      for (int32_t node : {link.tail, link.head}) {
        links[node] = static_cast<char>(std::min(links[node] + 1, 2));
      }
    }
    for (const Link& link : links_) {
      if (link.tail != 0 && link.head != 0) continue;
      const int32_t node = link.tail + link.head;
      lonely[node] = part_[node] == part_[0] && links[node] == 1 ? 1 : 0;
    }
    return lonely;
  }

  void PriceLonely(const Link& link, const std::vector<char>& lonely) {
    if (lonely[link.tail]) prices_[link.tail] = -ValueOf(link);
    if (lonely[link.head]) prices_[link.head] = ValueOf(link);
  }

  // Changes the plan to the flows found: first what is given up, then what is chosen.
  void Apply(const std::vector<size_t>& inside, const NetworkSimplex<Tie>& simplex) {
    for (const bool choose : {false, true}) {
      for (size_t k = 0; k < inside.size(); ++k) {
        const Link& link = links_[inside[k]];
        const int64_t flow = simplex.flow(k);
        if (link.pair < 0 || flow == link.flow || (flow > 0) != choose) continue;
        const int32_t i = link.tail - NeedNode(0);
        const int32_t j = link.head - MentorNode(market_, 0);
        if (choose) {
          market_.Choose(i, j, link.weight);
        } else {
          market_.Release(i, j);
        }
      }
    }
  }

  // Prices of each part are right up to a constant: adds constants so that no step between parts
  // gains. Those lead from parts with larger numbers to parts with smaller ones.
  void ShiftParts() {
    std::vector<size_t> between;
    for (size_t k = 0; k < links_.size(); ++k) {
      if (part_[links_[k].tail] != part_[links_[k].head]) between.push_back(k);
    }
    std::vector<Tie> shift(prices_.size());
    const auto from = [this](size_t k) {
      return links_[k].flow < links_[k].capacity ? links_[k].tail : links_[k].head;
    };
    std::stable_sort(between.begin(), between.end(),
                     [&](size_t a, size_t b) { return part_[from(a)] > part_[from(b)]; });
    for (size_t k : between) {
      const Link& link = links_[k];
      const bool forward = from(k) == link.tail;
      const int32_t tail = forward ? link.tail : link.head;
      const int32_t head = forward ? link.head : link.tail;
      const Tie value = forward ? ValueOf(link) : -ValueOf(link);
      const Tie least = prices_[tail] + shift[part_[tail]] + value - prices_[head];
      if (shift[part_[head]] < least) shift[part_[head]] = least;
    }
    for (size_t v = 0; v < prices_.size(); ++v) prices_[v] += shift[part_[v]];
  }

  M& market_;
  const PinnedLoad& pinned_;
  const TieValues& values_;
  const std::function<bool()>& stop_;
  std::vector<Link> links_;
  std::vector<int32_t> part_;  // By node.
  std::vector<Tie> prices_;
};

}  // namespace tandem::engine::bipartite

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_TIES_H_
