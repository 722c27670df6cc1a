#include "services/matching/engine/assignment/flow_solver.h"

#include <algorithm>
#include <queue>
#include <utility>

#include "absl/status/status.h"
#include "base/status_macros.h"
#include "services/matching/engine/assignment/network_simplex.h"
#include "services/matching/engine/assignment/tie_links.h"

namespace tandem::engine {
namespace {

// Asks whether to go on, and tells how far a phase has come.
class Control {
 public:
  Control(const SolveOptions& options, SolvePhase phase) : options_(options), phase_(phase) {
    Stop(0);
  }

  bool Stop(int64_t steps) {
    if (options_.progress) options_.progress({phase_, steps});
    stopped_ = stopped_ || (options_.cancelled && options_.cancelled());
    return stopped_;
  }

 private:
  const SolveOptions& options_;
  const SolvePhase phase_;
  bool stopped_ = false;
};

absl::Status Cancelled() { return absl::CancelledError("solving was cancelled"); }

// The arcs at each node, by either end: arcs of node v are list[start[v]] to list[start[v + 1]].
struct Incidence {
  Incidence(int32_t nodes, const std::vector<NetworkArc>& arcs, const std::vector<int32_t>& used)
      : start(nodes + 1, 0), list(2 * used.size()) {
    for (int32_t arc : used) {
      ++start[arcs[arc].tail + 1];
      ++start[arcs[arc].head + 1];
    }
    for (int32_t v = 0; v < nodes; ++v) start[v + 1] += start[v];
    std::vector<int64_t> next(start.begin(), start.end() - 1);
    for (size_t i = 0; i < used.size(); ++i) {
      list[next[arcs[used[i]].tail]++] = static_cast<int32_t>(i);
      list[next[arcs[used[i]].head]++] = static_cast<int32_t>(i);
    }
  }

  std::vector<int64_t> start;
  std::vector<int32_t> list;  // Positions in `used`.
};

__extension__ typedef __int128 Int128;

// A value in two parts: the components that nearly always decide (ValueSpace::head_size), in as few
// bits as they need, and the rest. Compared from left to right.
template <typename Head>
struct SplitValue {
  Head head = Head();
  Tie tail;

  friend SplitValue operator+(SplitValue a, const SplitValue& b) {
    a.head += b.head;
    a.tail += b.tail;
    return a;
  }
  friend SplitValue operator-(SplitValue a, const SplitValue& b) {
    a.head -= b.head;
    a.tail -= b.tail;
    return a;
  }
  friend bool operator<(const SplitValue& a, const SplitValue& b) {
    if (a.head < b.head) return true;
    return !(b.head < a.head) && a.tail < b.tail;
  }
};

constexpr int kAllWords = 20;  // Of the widest value, both parts together.

template <typename Head>
Head ShiftedHead(int64_t amount, int bits) {
  return static_cast<Head>(amount) * (Head{1} << bits);
}
template <>
WideInt<16> ShiftedHead(int64_t amount, int bits) {
  const bool negative = amount < 0;
  const uint64_t size =
      negative ? uint64_t{0} - static_cast<uint64_t>(amount) : static_cast<uint64_t>(amount);
  const Uint128 shifted = static_cast<Uint128>(size) << (bits % 64);
  WideInt<16> result;
  result.words[bits / 64] = static_cast<uint64_t>(shifted);
  if (bits / 64 + 1 < 16) result.words[bits / 64 + 1] = static_cast<uint64_t>(shifted >> 64);
  return negative ? -result : result;
}

// The 64-bit words of a head, with its sign continued.
template <typename Head>
uint64_t WordOf(const Head& head, int word) {
  const int last = static_cast<int>(sizeof(Head) / 8) - 1;
  return static_cast<uint64_t>(head >> (word <= last ? 64 * word : 64 * last + 63));
}
template <>
uint64_t WordOf(const WideInt<16>& head, int word) {
  if (word < 16) return head.words[word];
  return head.IsNegative() ? ~uint64_t{0} : 0;
}
template <>
uint64_t WordOf(const int64_t& head, int word) {
  return static_cast<uint64_t>(word == 0 ? head : head >> 63);
}

// One solve: first the flow that is best by the heads, then of those the best by the tails.
template <typename Head>
class SplitSolver {
 public:
  using Value = SplitValue<Head>;

  SplitSolver(int32_t nodes, const std::vector<NetworkArc>& arcs, const ValueSpace& space,
              const SolveOptions& options)
      : nodes_(nodes), arcs_(arcs), space_(space), options_(options) {
    unreached_ = Pack({{0, -1}});
  }

  absl::StatusOr<FlowSolution> Solve(const ArcValueFn& value) {
    FlowSolution solution;
    for (size_t arc = 0; arc < arcs_.size(); ++arc) {
      if (arcs_[arc].upper > arcs_[arc].lower) used_.push_back(static_cast<int32_t>(arc));
    }
    std::vector<ValuePart> parts;
    values_.reserve(used_.size());
    for (int32_t arc : used_) {
      value(arcs_[arc], &parts);
      values_.push_back(Pack(parts));
    }
    prices_.resize(nodes_);
    Control solving(options_, SolvePhase::kSolve);
    TANDEM_RETURN_IF_ERROR(SolveHeads(solving, &solution));
    if (!solution.feasible) return solution;
    if (space_.head_size() < space_.size()) TANDEM_RETURN_IF_ERROR(SolveTails(solving, &solution));
    TANDEM_RETURN_IF_ERROR(FindPrices(&solution));
    return solution;
  }

 private:
  struct Label {
    Value key;
    int32_t node;
    friend bool operator<(const Label& a, const Label& b) { return a.key < b.key; }
  };

  Value Pack(const std::vector<ValuePart>& parts) const {
    Value value;
    std::vector<ValuePart> tail;
    for (const ValuePart& part : parts) {
      if (part.component >= space_.head_size()) {
        tail.push_back(part);
      } else {
        value.head +=
            ShiftedHead<Head>(part.amount, space_.offset(part.component) - space_.head_offset());
      }
    }
    if (!tail.empty()) value.tail = space_.Pack<4>(tail);
    return value;
  }

  absl::Status SolveHeads(Control& control, FlowSolution* solution) {
    NetworkSimplex<Head> simplex(nodes_, used_.size(), unreached_.head);
    for (size_t i = 0; i < used_.size(); ++i) {
      const NetworkArc& arc = arcs_[used_[i]];
      simplex.AddArc(arc.tail, arc.head, arc.upper - arc.lower, values_[i].head);
    }
    for (const NetworkArc& arc : arcs_) {
      simplex.AddSupply(arc.tail, -arc.lower);
      simplex.AddSupply(arc.head, arc.lower);
    }
    if (!simplex.Run([&](int64_t pivots) { return control.Stop(pivots); })) return Cancelled();
    solution->feasible = simplex.feasible();
    if (!solution->feasible) return absl::OkStatus();
    for (const NetworkArc& arc : arcs_) solution->flow.push_back(arc.lower);
    for (size_t i = 0; i < used_.size(); ++i) solution->flow[used_[i]] += simplex.flow(i);
    for (int32_t v = 0; v < nodes_; ++v) prices_[v].head = simplex.price(v);
    return absl::OkStatus();
  }

  absl::Status SolveTails(Control& control, FlowSolution* solution) {
    std::vector<TieLink> links;
    std::vector<size_t> positions;
    for (size_t i = 0; i < used_.size(); ++i) {
      const NetworkArc& arc = arcs_[used_[i]];
      Head reduced = values_[i].head;
      reduced += prices_[arc.tail].head;
      if (reduced < prices_[arc.head].head || prices_[arc.head].head < reduced) continue;
      links.push_back(
          {arc.tail, arc.head, arc.upper - arc.lower, solution->flow[used_[i]] - arc.lower});
      positions.push_back(i);
    }
    // Above any tail: as far left as "unreached" would be behind them.
    Tie worst;
    worst.words[space_.head_offset() / 64] = uint64_t{1} << (space_.head_offset() % 64);
    TieSolver solver(
        nodes_, std::move(links), [&](size_t k) { return values_[positions[k]].tail; }, -worst);
    if (!solver.Run([&](int64_t steps) { return control.Stop(steps); })) return Cancelled();
    for (size_t k = 0; k < positions.size(); ++k) {
      const int32_t arc = used_[positions[k]];
      solution->flow[arc] = arcs_[arc].lower + solver.flow(k);
    }
    for (int32_t v = 0; v < nodes_; ++v) prices_[v].tail = solver.prices()[v];
    return absl::OkStatus();
  }

  // The longest distances, by Dijkstra's method: relative to the prices known no residual arc
  // gains, so labels only fall along a path and the largest one is final.
  absl::Status FindPrices(FlowSolution* solution) {
    Control control(options_, SolvePhase::kCertify);
    const Incidence incidence(nodes_, arcs_, used_);
    std::vector<Value> distance(nodes_, unreached_);
    distance[0] = Value();
    std::vector<bool> final(nodes_, false);
    std::priority_queue<Label> queue;
    for (int32_t v = 0; v < nodes_; ++v) queue.push({distance[v] - prices_[v], v});
    int64_t steps = 0;
    while (!queue.empty()) {
      const int32_t u = queue.top().node;
      queue.pop();
      if (final[u]) continue;
      final[u] = true;
      if (++steps % 1024 == 0 && control.Stop(steps)) return Cancelled();
      for (int64_t i = incidence.start[u]; i < incidence.start[u + 1]; ++i) {
        const int32_t position = incidence.list[i];
        const NetworkArc& arc = arcs_[used_[position]];
        const int64_t flow = solution->flow[used_[position]];
        const bool forward = arc.tail == u;
        if (forward ? flow == arc.upper : flow == arc.lower) continue;
        const int32_t v = forward ? arc.head : arc.tail;
        if (final[v]) continue;
        const Value reached =
            forward ? distance[u] + values_[position] : distance[u] - values_[position];
        if (!(distance[v] < reached)) continue;
        distance[v] = reached;
        queue.push({reached - prices_[v], v});
      }
    }
    solution->prices.reserve(static_cast<size_t>(nodes_) * space_.size());
    for (const Value& price : distance) {
      space_.Unpack<kAllWords>(Joined(price), &solution->prices);
    }
    return absl::OkStatus();
  }

  // Both parts in one number, as ValueSpace packs them.
  WideInt<kAllWords> Joined(const Value& value) const {
    WideInt<kAllWords> joined;
    const int first = space_.head_offset() / 64;
    const int bits = space_.head_offset() % 64;
    for (int word = kAllWords - 1; word >= first; --word) {
      joined.words[word] = WordOf(value.head, word - first) << bits;
      if (bits > 0 && word > first) {
        joined.words[word] |= WordOf(value.head, word - first - 1) >> (64 - bits);
      }
    }
    WideInt<kAllWords> tail;
    for (int word = 0; word < kAllWords; ++word) {
      tail.words[word] = word < 4                  ? value.tail.words[word]
                         : value.tail.IsNegative() ? ~uint64_t{0}
                                                   : 0;
    }
    return joined + tail;
  }

  const int32_t nodes_;
  const std::vector<NetworkArc>& arcs_;
  const ValueSpace& space_;
  const SolveOptions& options_;
  Value unreached_;
  std::vector<int32_t> used_;  // The arcs whose flow is not fixed.
  std::vector<Value> values_;  // Of those.
  std::vector<Value> prices_;  // By node: valid, not canonical.
};

// The largest flow that serves the minimums, as a circulation: from a source to each node that
// minimums bring more to than they take, from the others to a sink, and back from there.
class LeastCutFinder {
 public:
  LeastCutFinder(int32_t nodes, const std::vector<NetworkArc>& arcs)
      : source_(nodes), sink_(nodes + 1), arcs_(arcs), excess_(nodes, 0) {
    for (const NetworkArc& arc : arcs) {
      excess_[arc.head] += arc.lower;
      excess_[arc.tail] -= arc.lower;
    }
    for (const NetworkArc& arc : arcs) AddArc(arc.tail, arc.head, arc.upper - arc.lower);
    for (int32_t v = 0; v < nodes; ++v) {
      if (excess_[v] > 0) AddArc(source_, v, excess_[v]);
      if (excess_[v] < 0) AddArc(v, sink_, -excess_[v]);
    }
    AddArc(sink_, source_, kNoBound);
  }

  absl::StatusOr<FlowCut> Find(const SolveOptions& options) {
    WideInt<1> artificial;
    artificial.words[0] = uint64_t{0} - (uint64_t{1} << 40);
    NetworkSimplex<WideInt<1>> simplex(sink_ + 1, graph_.size(), artificial);
    std::vector<int32_t> position(graph_.size(), -1);
    int32_t count = 0;
    for (size_t arc = 0; arc < graph_.size(); ++arc) {
      if (graph_[arc].upper == 0) continue;
      WideInt<1> value;
      value.words[0] = graph_[arc].tail == sink_ ? 1 : 0;
      simplex.AddArc(graph_[arc].tail, graph_[arc].head, graph_[arc].upper, value);
      position[arc] = count++;
    }
    Control control(options, SolvePhase::kCertify);
    if (!simplex.Run([&](int64_t pivots) { return control.Stop(pivots); })) return Cancelled();
    flow_.assign(graph_.size(), 0);
    for (size_t arc = 0; arc < graph_.size(); ++arc) {
      if (position[arc] >= 0) flow_[arc] = simplex.flow(position[arc]);
    }
    FlowCut cut;
    cut.inside = Reach(source_, /*forward=*/true);
    if (cut.inside[0]) {
      cut.inside = Reach(sink_, /*forward=*/false);
      cut.demand_enters = false;
    }
    cut.inside.resize(source_);
    Count(&cut);
    return cut;
  }

 private:
  void AddArc(int32_t tail, int32_t head, int64_t capacity) {
    NetworkArc arc;
    arc.tail = tail;
    arc.head = head;
    arc.upper = capacity;
    graph_.push_back(arc);
  }

  // The nodes that residual arcs lead to from `start`, or from which they lead to it; the arc from
  // the sink back to the source apart.
  std::vector<bool> Reach(int32_t start, bool forward) const {
    std::vector<int32_t> used(graph_.size() - 1);
    for (size_t arc = 0; arc < used.size(); ++arc) used[arc] = static_cast<int32_t>(arc);
    const Incidence incidence(sink_ + 1, graph_, used);
    std::vector<bool> reached(sink_ + 1, false);
    std::vector<int32_t> stack = {start};
    reached[start] = true;
    while (!stack.empty()) {
      const int32_t u = stack.back();
      stack.pop_back();
      for (int64_t i = incidence.start[u]; i < incidence.start[u + 1]; ++i) {
        const int32_t arc = incidence.list[i];
        const bool along = (graph_[arc].tail == u) == forward;
        if (along ? flow_[arc] == graph_[arc].upper : flow_[arc] == 0) continue;
        const int32_t v = graph_[arc].tail == u ? graph_[arc].head : graph_[arc].tail;
        if (reached[v]) continue;
        reached[v] = true;
        stack.push_back(v);
      }
    }
    return reached;
  }

  void Count(FlowCut* cut) const {
    for (const NetworkArc& arc : arcs_) {
      if (cut->inside[arc.tail] == cut->inside[arc.head]) continue;
      if (cut->inside[arc.head] == cut->demand_enters) {
        cut->demand += arc.lower;
      } else {
        cut->supply += arc.upper;
      }
    }
  }

  const int32_t source_;
  const int32_t sink_;
  const std::vector<NetworkArc>& arcs_;
  std::vector<int64_t> excess_;
  std::vector<NetworkArc> graph_;
  std::vector<int64_t> flow_;
};

}  // namespace

absl::StatusOr<FlowSolution> SolveFlow(int32_t nodes, const std::vector<NetworkArc>& arcs,
                                       const ValueSpace& space, const ArcValueFn& value,
                                       const SolveOptions& options) {
  // Sums of a few packed values stay within the bits that the space counts.
  if (space.head_bits() <= 64)
    return SplitSolver<int64_t>(nodes, arcs, space, options).Solve(value);
  if (space.head_bits() <= 128)
    return SplitSolver<Int128>(nodes, arcs, space, options).Solve(value);
  return SplitSolver<WideInt<16>>(nodes, arcs, space, options).Solve(value);
}

absl::StatusOr<FlowCut> FindLeastCut(int32_t nodes, const std::vector<NetworkArc>& arcs,
                                     const SolveOptions& options) {
  return LeastCutFinder(nodes, arcs).Find(options);
}

}  // namespace tandem::engine
