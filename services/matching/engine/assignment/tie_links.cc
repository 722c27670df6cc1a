#include "services/matching/engine/assignment/tie_links.h"

#include <algorithm>
#include <utility>

#include "services/matching/engine/assignment/components.h"
#include "services/matching/engine/assignment/network_simplex.h"

namespace tandem::engine {

TieSolver::TieSolver(int32_t nodes, std::vector<TieLink> links, std::function<Tie(size_t k)> value,
                     const Tie& worst)
    : links_(std::move(links)), value_(std::move(value)), worst_(worst), prices_(nodes) {}

bool TieSolver::Run(const std::function<bool(int64_t steps)>& stop) {
  std::vector<std::pair<int32_t, int32_t>> steps;
  for (const TieLink& link : links_) {
    if (link.flow < link.capacity) steps.emplace_back(link.tail, link.head);
    if (link.flow > 0) steps.emplace_back(link.head, link.tail);
  }
  part_ = StrongComponents(static_cast<int32_t>(prices_.size()), steps);
  if (!SolveParts(stop)) return false;
  ShiftParts();
  return true;
}

bool TieSolver::SolveParts(const std::function<bool(int64_t)>& stop) {
  std::vector<size_t> inside;
  const std::vector<char> lonely = LonelyNodes();
  for (size_t k = 0; k < links_.size(); ++k) {
    const TieLink& link = links_[k];
    if (!IsInside(k)) continue;
    if (lonely[link.tail] || lonely[link.head]) {
      PriceLonely(k, lonely);
    } else {
      inside.push_back(k);
    }
  }
  if (inside.empty()) return true;
  return inside_solver_ ? inside_solver_(inside, &links_, &prices_) : SolveInside(inside, stop);
}

bool TieSolver::SolveInside(const std::vector<size_t>& inside,
                            const std::function<bool(int64_t)>& stop) {
  // Nodes of links inside a part get numbers, the ground always 0.
  std::vector<int32_t> number(prices_.size(), -1);
  std::vector<int32_t> nodes = {0};
  number[0] = 0;
  for (size_t k : inside) {
    for (int32_t node : {links_[k].tail, links_[k].head}) {
      if (number[node] >= 0) continue;
      number[node] = static_cast<int32_t>(nodes.size());
      nodes.push_back(node);
    }
  }
  NetworkSimplex<Tie> simplex(static_cast<int32_t>(nodes.size()), inside.size(), worst_);
  for (size_t k : inside) {
    const TieLink& link = links_[k];
    simplex.AddArc(number[link.tail], number[link.head], link.capacity, value_(k));
    simplex.AddSupply(number[link.tail], link.flow);
    simplex.AddSupply(number[link.head], -link.flow);
  }
  if (!simplex.Run(stop)) return false;
  for (size_t v = 0; v < nodes.size(); ++v) {
    prices_[nodes[v]] = simplex.price(static_cast<int32_t>(v));
  }
  for (size_t k = 0; k < inside.size(); ++k) links_[inside[k]].flow = simplex.flow(k);
  return true;
}

// Nodes other than the ground whose only link inside their part is to the ground: the link's value
// is their price, and they need no solving.
std::vector<char> TieSolver::LonelyNodes() const {
  std::vector<char> links(prices_.size(), 0);
  std::vector<char> lonely(prices_.size(), 0);
  for (size_t k = 0; k < links_.size(); ++k) {
    if (!IsInside(k)) continue;
    for (int32_t node : {links_[k].tail, links_[k].head}) {
      links[node] = static_cast<char>(std::min(links[node] + 1, 2));
    }
  }
  for (size_t k = 0; k < links_.size(); ++k) {
    if (!IsInside(k) || (links_[k].tail != 0 && links_[k].head != 0)) continue;
    const int32_t node = links_[k].tail + links_[k].head;
    lonely[node] = node != 0 && links[node] == 1 ? 1 : 0;
  }
  return lonely;
}

void TieSolver::PriceLonely(size_t k, const std::vector<char>& lonely) {
  if (lonely[links_[k].tail]) prices_[links_[k].tail] = -value_(k);
  if (lonely[links_[k].head]) prices_[links_[k].head] = value_(k);
}

// Prices of each part are right up to a constant: adds constants so that no step between parts
// gains. Those lead from parts with larger numbers to parts with smaller ones.
void TieSolver::ShiftParts() {
  std::vector<size_t> between;
  for (size_t k = 0; k < links_.size(); ++k) {
    if (!IsInside(k)) between.push_back(k);
  }
  std::vector<Tie> shift(prices_.size());
  const auto from = [this](size_t k) {
    return links_[k].flow < links_[k].capacity ? links_[k].tail : links_[k].head;
  };
  std::stable_sort(between.begin(), between.end(),
                   [&](size_t a, size_t b) { return part_[from(a)] > part_[from(b)]; });
  for (size_t k : between) {
    const TieLink& link = links_[k];
    const bool forward = from(k) == link.tail;
    const int32_t tail = forward ? link.tail : link.head;
    const int32_t head = forward ? link.head : link.tail;
    const Tie value = forward ? value_(k) : -value_(k);
    const Tie least = prices_[tail] + shift[part_[tail]] + value - prices_[head];
    if (shift[part_[head]] < least) shift[part_[head]] = least;
  }
  for (size_t v = 0; v < prices_.size(); ++v) prices_[v] += shift[part_[v]];
}

}  // namespace tandem::engine
