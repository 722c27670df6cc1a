// FlowEditor for values packed into `Words` words: see flow_editor.h.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_WHAT_IF_PACKED_FLOW_EDITOR_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_WHAT_IF_PACKED_FLOW_EDITOR_H_

#include <algorithm>
#include <cstdint>
#include <functional>
#include <queue>
#include <utility>
#include <vector>

#include "services/matching/engine/assignment/value_space.h"
#include "services/matching/engine/assignment/what_if/flow_editor.h"
#include "services/matching/engine/assignment/what_if/two_sided_search.h"

namespace tandem::engine {

// A vector with components of up to 127 bits, packed.
template <int Words>
WideInt<Words> PackVector(const ValueSpace& space, const absl::int128* vector) {
  constexpr int kLimb = 40;
  // The amounts in pieces of 40 bits, the highest first; each times the weight of its component.
  WideInt<Words> sum;
  for (int piece = 3; piece >= 0; --piece) {
    WideInt<Words> shifted;
    for (int i = Words - 1; i >= 0; --i) {
      shifted.words[i] = sum.words[i] << kLimb;
      if (i > 0) shifted.words[i] |= sum.words[i - 1] >> (64 - kLimb);
    }
    std::vector<ValuePart> parts;
    for (int c = 0; c < space.size(); ++c) {
      const bool negative = vector[c] < 0;
      const absl::uint128 size =
          negative ? absl::uint128(0) - absl::uint128(vector[c]) : absl::uint128(vector[c]);
      const auto limb = static_cast<int64_t>(absl::Uint128Low64(size >> (piece * kLimb)) &
                                             ((uint64_t{1} << kLimb) - 1));
      if (limb != 0) parts.push_back({c, negative ? -limb : limb});
    }
    sum = shifted + space.Pack<Words>(parts);
  }
  return sum;
}

// How many low bits of a value tell little: those below the points, or none.
template <int Words>
int DroppedBits(const ValueSpace& space) {
  constexpr int kKept = 4;  // Of the draws: their largest part.
  if (space.points() < 0) return 0;
  const WideInt<Words> one = space.Pack<Words>({{space.points(), 1}});
  int bit = 0;
  while ((one.words[bit / 64] >> (bit % 64) & 1) == 0) ++bit;
  return bit < kKept ? 0 : bit - kKept;
}

template <int Words>
class PackedFlowEditor : public FlowEditor {
 public:
  using Value = WideInt<Words>;

  PackedFlowEditor(int32_t nodes, const std::vector<NetworkArc>& arcs, const ValueSpace& space,
                   const ArcValueFn& value, const std::vector<int64_t>& flow,
                   const std::vector<absl::int128>& prices)
      : space_(space), graph_(nodes, DroppedBits<Words>(space)) {
    std::vector<ValuePart> parts;
    graph_.arcs.reserve(arcs.size());
    for (size_t arc = 0; arc < arcs.size(); ++arc) {
      value(arcs[arc], &parts);
      graph_.arcs.push_back({arcs[arc].tail, arcs[arc].head, arcs[arc].lower, arcs[arc].upper,
                             flow[arc], space.Pack<Words>(parts)});
    }
    for (int32_t v = 0; v < nodes; ++v) {
      graph_.price[v] = PackVector<Words>(space, prices.data() + size_t(v) * space.size());
    }
    graph_.IndexArcs();
  }

  bool IsOptimal() const override {
    std::vector<int64_t> balance(graph_.price.size(), 0);
    for (const Arc& arc : graph_.arcs) {
      balance[arc.head] += arc.flow;
      balance[arc.tail] -= arc.flow;
      if (arc.flow < arc.lower || arc.flow > arc.upper) return false;
      const Value reduced = graph_.Reduced(arc);
      if (arc.flow < arc.upper && reduced.IsPositive()) return false;
      if (arc.flow > arc.lower && reduced.IsNegative()) return false;
    }
    return std::all_of(balance.begin(), balance.end(), [](int64_t rest) { return rest == 0; });
  }

  int64_t flow(int32_t arc) const override { return graph_.arcs[arc].flow; }
  int64_t lower(int32_t arc) const override { return graph_.arcs[arc].lower; }
  int64_t upper(int32_t arc) const override { return graph_.arcs[arc].upper; }
  int64_t arcs_scanned() const override { return search_.arcs_scanned(); }

  bool SetBounds(int32_t arc, int64_t lower, int64_t upper) override {
    Remember({Entry::kBounds, arc, graph_.arcs[arc].lower, graph_.arcs[arc].upper, Value()});
    graph_.arcs[arc].lower = lower;
    graph_.arcs[arc].upper = upper;
    graph_.UpdateRoom(arc);
    return Repair(arc);
  }

  bool SetValue(int32_t arc, const std::vector<ValuePart>& value) override {
    Remember({Entry::kValue, arc, 0, 0, graph_.arcs[arc].value});
    // With a mark the loss kept with the arc is to be passed over until the value is back.
    graph_.SetPrice(graph_.arcs[arc].tail, graph_.price[graph_.arcs[arc].tail]);
    graph_.arcs[arc].value = space_.Pack<Words>(value);
    return Repair(arc);
  }

  int32_t AddNode() override { return graph_.AddNode(); }

  int32_t AddArc(int32_t tail, int32_t head, const std::vector<ValuePart>& value) override {
    return graph_.AddArc({tail, head, 0, 0, 0, space_.Pack<Words>(value)});
  }

  void FitPrice(int32_t node) override {
    bool first = true;
    Value fitting;
    graph_.ForEachArcAt(node, [&](const ArcEnd& end) {
      if (!end.at_tail()) return;
      const Value most = graph_.price[end.other] - graph_.arcs[end.arc()].value;
      if (first || most < fitting) fitting = most;
      first = false;
    });
    graph_.SetPrice(node, fitting);
    graph_.Settle();
  }

  void Commit() override {
    marked_ = false;
    journal_.clear();
    graph_.Settle();
  }

  void Mark() override {
    marked_ = true;
    journal_.clear();
  }

  void Rewind() override {
    RewindTo(0);
    graph_.Unsettled();
    marked_ = false;
  }

  std::vector<FlowChange> Changes() const override {
    std::vector<FlowChange> first;
    for (const Entry& entry : journal_) {
      if (entry.kind == Entry::kFlow) first.push_back({entry.index, entry.a});
    }
    std::stable_sort(first.begin(), first.end(),
                     [](const FlowChange& a, const FlowChange& b) { return a.arc < b.arc; });
    std::vector<FlowChange> changes;
    for (size_t i = 0; i < first.size(); ++i) {
      if (i > 0 && first[i].arc == first[i - 1].arc) continue;
      const int64_t change = graph_.arcs[first[i].arc].flow - first[i].change;
      if (change != 0) changes.push_back({first[i].arc, change});
    }
    return changes;
  }

  bool DrainWithoutLoss(const std::vector<int32_t>& drained,
                        const std::function<bool(int32_t arc)>& allowed) override {
    const size_t start = journal_.size();
    std::vector<int32_t> homeless;  // Nodes with a unit too many, as often as that.
    std::vector<int32_t> wanting(graph_.price.size(), 0);
    for (int32_t a : drained) {
      Arc& arc = graph_.arcs[a];
      // A unit that is not worth its place exactly could only be moved at a loss.
      if (arc.lower > 0 || !graph_.Reduced(arc).IsZero()) {
        RewindTo(start);
        return false;
      }
      for (int64_t unit = 0; unit < arc.flow; ++unit) homeless.push_back(arc.tail);
      wanting[arc.head] += static_cast<int32_t>(arc.flow);
      SetFlow(a, 0);
    }
    for (int32_t node : homeless) {
      const int32_t found = PushWithoutLoss(node, wanting, allowed);
      if (found < 0) {
        RewindTo(start);
        return false;
      }
      --wanting[found];
    }
    return true;
  }

  std::vector<bool> Reach(int32_t start, bool forward, int32_t without) const override {
    std::vector<bool> reached(graph_.price.size(), false);
    std::vector<int32_t> stack = {start};
    reached[start] = true;
    while (!stack.empty()) {
      const int32_t u = stack.back();
      stack.pop_back();
      graph_.ForEachArcAt(u, [&](const ArcEnd& end) {
        const bool along = end.at_tail() == forward;
        if (end.arc() == without || !end.HasRoom(along) || reached[end.other]) return;
        reached[end.other] = true;
        stack.push_back(end.other);
      });
    }
    return reached;
  }

  std::vector<absl::int128> CanonicalPrices() const override {
    const auto nodes = static_cast<int32_t>(graph_.price.size());
    std::vector<Value> distance(nodes, space_.Pack<Words>({{0, -1}}));
    distance[0] = Value();
    std::vector<bool> final(nodes, false);
    std::priority_queue<std::pair<Value, int32_t>> queue;
    for (int32_t v = 0; v < nodes; ++v) queue.push({distance[v] - graph_.price[v], v});
    while (!queue.empty()) {
      const int32_t u = queue.top().second;
      queue.pop();
      if (final[u]) continue;
      final[u] = true;
      graph_.ForEachArcAt(u, [&](const ArcEnd& end) {
        const bool along = end.at_tail();
        const int32_t v = end.other;
        if (final[v] || !end.HasRoom(along)) return;
        const Arc& arc = graph_.arcs[end.arc()];
        const Value reached = along ? distance[u] + arc.value : distance[u] - arc.value;
        if (!(distance[v] < reached)) return;
        distance[v] = reached;
        queue.push({reached - graph_.price[v], v});
      });
    }
    std::vector<absl::int128> prices;
    prices.reserve(static_cast<size_t>(nodes) * space_.size());
    for (const Value& price : distance) space_.Unpack<Words>(price, &prices);
    return prices;
  }

 private:
  using Arc = ResidualArc<Value>;

  struct Entry {
    enum Kind { kFlow, kBounds, kValue, kPrice } kind;
    int32_t index;
    int64_t a;
    int64_t b;
    Value value;
  };

  void Remember(const Entry& entry) {
    if (marked_) journal_.push_back(entry);
  }

  void RewindTo(size_t size) {
    for (; journal_.size() > size; journal_.pop_back()) {
      const Entry& entry = journal_.back();
      switch (entry.kind) {
        case Entry::kFlow:
          graph_.arcs[entry.index].flow = entry.a;
          graph_.UpdateRoom(entry.index);
          break;
        case Entry::kBounds:
          graph_.arcs[entry.index].lower = entry.a;
          graph_.arcs[entry.index].upper = entry.b;
          graph_.UpdateRoom(entry.index);
          break;
        case Entry::kValue:
          graph_.arcs[entry.index].value = entry.value;
          break;
        case Entry::kPrice:
          graph_.price[entry.index] = entry.value;
          break;
      }
    }
  }

  void SetFlow(int32_t arc, int64_t flow) {
    Remember({Entry::kFlow, arc, graph_.arcs[arc].flow, 0, Value()});
    graph_.arcs[arc].flow = flow;
    graph_.UpdateRoom(arc);
  }

  // What arc `a` asks for: units along it (or against), how many, and whether they must flow.
  struct Wish {
    int64_t amount = 0;
    bool along = true;
    bool must = false;
  };

  Wish WishOf(int32_t a) const {
    const Arc& arc = graph_.arcs[a];
    if (arc.flow < arc.lower) return {arc.lower - arc.flow, true, true};
    if (arc.flow > arc.upper) return {arc.flow - arc.upper, false, true};
    const Value reduced = graph_.Reduced(arc);
    if (reduced.IsPositive() && arc.flow < arc.upper) return {arc.upper - arc.flow, true, false};
    if (reduced.IsNegative() && arc.flow > arc.lower) return {arc.flow - arc.lower, false, false};
    return {};
  }

  // Pushes flow around the best cycles through arc `a` until it has what it asks for.
  bool Repair(int32_t a) {
    for (Wish wish = WishOf(a); wish.amount > 0; wish = WishOf(a)) {
      const Arc& arc = graph_.arcs[a];
      const int32_t from = wish.along ? arc.head : arc.tail;
      const int32_t to = wish.along ? arc.tail : arc.head;
      const Value reduced = graph_.Reduced(arc);
      const Value gain = wish.along ? reduced : -reduced;
      search_.Run(graph_, from, to, a, wish.must ? nullptr : &gain);
      if (wish.must && !search_.found()) return false;
      search_.ForEachPrice(graph_, [this](int32_t node, const Value& price) {
        Remember({Entry::kPrice, node, 0, 0, graph_.price[node]});
        graph_.SetPrice(node, price);
      });
      if (search_.found()) Push(a, wish);
    }
    if (!marked_) {
      graph_.Settle();
      graph_.Refresh(a);
    }
    return true;
  }

  void Push(int32_t a, const Wish& wish) {
    int64_t amount = wish.amount;
    for (const ResidualStep& step : search_.path()) {
      const Arc& arc = graph_.arcs[step.arc];
      amount = std::min(amount, step.along ? arc.upper - arc.flow : arc.flow - arc.lower);
    }
    for (const ResidualStep& step : search_.path()) {
      SetFlow(step.arc, graph_.arcs[step.arc].flow + (step.along ? amount : -amount));
    }
    SetFlow(a, graph_.arcs[a].flow + (wish.along ? amount : -amount));
  }

  // Moves a unit from `start` to a node that is wanting one, on arcs without loss. Returns that
  // node, or -1.
  int32_t PushWithoutLoss(int32_t start, const std::vector<int32_t>& wanting,
                          const std::function<bool(int32_t arc)>& allowed) {
    std::vector<ResidualStep> into(graph_.price.size(), {-1, true});
    std::vector<int32_t> queue = {start};
    std::vector<bool> reached(graph_.price.size(), false);
    reached[start] = true;
    int32_t end = wanting[start] > 0 ? start : -1;
    for (size_t next = 0; end < 0 && next < queue.size(); ++next) {
      const int32_t u = queue[next];
      graph_.ForEachArcAt(u, [&](const ArcEnd& arc_end) {
        const int32_t a = arc_end.arc();
        const bool along = arc_end.at_tail();
        const int32_t v = arc_end.other;
        if (end >= 0 || reached[v] || !arc_end.HasRoom(along) || (along && !allowed(a))) return;
        if (!graph_.Reduced(graph_.arcs[a]).IsZero()) return;
        reached[v] = true;
        into[v] = {a, along};
        queue.push_back(v);
        if (wanting[v] > 0) end = v;
      });
    }
    for (int32_t v = end; v >= 0 && v != start;) {
      const ResidualStep step = into[v];
      SetFlow(step.arc, graph_.arcs[step.arc].flow + (step.along ? 1 : -1));
      v = step.along ? graph_.arcs[step.arc].tail : graph_.arcs[step.arc].head;
    }
    return end;
  }

  const ValueSpace& space_;
  ResidualGraph<Value> graph_;
  TwoSidedSearch<Value> search_;
  bool marked_ = false;
  std::vector<Entry> journal_;
};

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_WHAT_IF_PACKED_FLOW_EDITOR_H_
