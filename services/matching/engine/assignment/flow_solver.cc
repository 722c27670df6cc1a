#include "services/matching/engine/assignment/flow_solver.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/types/optional.h"
#include "base/status_macros.h"
#include "services/matching/engine/assignment/flow_graph.h"
#include "services/matching/engine/assignment/flow_repair.h"
#include "services/matching/engine/assignment/longest_distances.h"
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

// A value in two parts: its head, the components that nearly always decide (ValueSpace::head_size)
// in as few bits as they need, and its tail, the rest. Compared from left to right.
constexpr int64_t kFewUnits = 1000;
constexpr int kAllWords = 20;  // Of the widest value, both parts together.

template <typename Head>
Head ShiftedHead(absl::int128 amount, int bits) {
  return static_cast<Head>(static_cast<Int128>(amount)) * (Head{1} << bits);
}
template <>
WideInt<16> ShiftedHead(absl::int128 amount, int bits) {
  const bool negative = amount < 0;
  const absl::uint128 size =
      negative ? absl::uint128(0) - absl::uint128(amount) : absl::uint128(amount);
  WideInt<16> result;
  for (const uint64_t half : {absl::Uint128Low64(size), absl::Uint128High64(size)}) {
    // The upper half of a small amount may lie beyond the words.
    if (bits / 64 >= 16) break;
    const Uint128 shifted = static_cast<Uint128>(half) << (bits % 64);
    WideInt<16> term;
    term.words[bits / 64] = static_cast<uint64_t>(shifted);
    if (bits / 64 + 1 < 16) term.words[bits / 64 + 1] = static_cast<uint64_t>(shifted >> 64);
    result += term;
    bits += 64;
  }
  return negative ? -result : result;
}

// Less than any sum along a path.
template <typename Head>
Head LeastHead() {
  return -(Head{1} << (8 * sizeof(Head) - 2));
}
template <>
WideInt<16> LeastHead() {
  return ShiftedHead<WideInt<16>>(-1, 16 * 64 - 2);
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

// The longest distances in the residual network of a solved flow.
template <typename Head>
class FlowPrices : public LongestDistances<FlowPrices<Head>, Head> {
 public:
  using Base = LongestDistances<FlowPrices, Head>;

  FlowPrices(const FlowGraph& graph, const std::vector<Head>& heads,
             const std::function<Tie(int32_t arc)>& tail, const std::vector<Head>& prices,
             const std::vector<Tie>& tie_prices, const std::function<bool()>& stop)
      : Base(graph.nodes(), LeastHead<Head>(), tie_prices, stop),
        graph_(graph),
        heads_(heads),
        tail_(tail),
        prices_(prices) {}

 private:
  friend Base;

  const Head& PriceOf(int32_t node) const { return prices_[node]; }
  Tie TieOfStep(int32_t code) const { return code >= 0 ? tail_(code) : -tail_(~code); }
  void LookAtRest(int32_t) {}

  void Leave(int32_t u) {
    const Head base = this->value(u);
    const FlowEnd* const last = graph_.LastEnd(u, /*out=*/true);
    for (const FlowEnd* end = graph_.FirstEnd(u, /*out=*/true); end != last; ++end) {
      Head reached = base;
      if (end->at_tail()) {
        reached += heads_[end->arc()];
      } else {
        reached -= heads_[end->arc()];
      }
      if (this->MayReach(end->other, reached)) this->Reach(end->other, reached, u, end->code);
    }
  }

  const FlowGraph& graph_;
  const std::vector<Head>& heads_;
  const std::function<Tie(int32_t)>& tail_;
  const std::vector<Head>& prices_;
};

// One solve: first the flow that is best by the heads, then of those the best by the tails.
template <typename Head>
class SplitSolver {
 public:
  SplitSolver(int32_t nodes, const std::vector<NetworkArc>& arcs, const ValueSpace& space,
              const ArcValueFn& value, const SolveOptions& options)
      : nodes_(nodes), arcs_(arcs), space_(space), value_(value), options_(options) {
    heads_.reserve(arcs.size());
    std::vector<ValuePart> parts;
    for (const NetworkArc& arc : arcs) {
      value(arc, &parts);
      heads_.push_back(HeadOf(parts));
    }
    tail_ = [this](int32_t arc) { return TailOf(arc); };
  }

  // From nothing.
  absl::StatusOr<FlowSolution> Solve() {
    Control solving(options_, SolvePhase::kSolve);
    TANDEM_RETURN_IF_ERROR(RunSimplex(solving));
    return Finish(solving);
  }

  // From `start`. Without a value if it does not serve as one.
  absl::StatusOr<absl::optional<FlowSolution>> SolveFrom(const FlowStart& start) {
    Control solving(options_, SolvePhase::kSolve);
    for (int32_t v = 0; v < nodes_; ++v) {
      Head price = Head();
      for (int c = 1; c < space_.head_size(); ++c) {
        price += ShiftedHead<Head>(start.prices[static_cast<size_t>(v) * space_.size() + c],
                                   HeadOffset(c));
      }
      prices_.push_back(price);
    }
    solution_.flow = start.flow;
    if (!FitFlow(arcs_, heads_, prices_, &solution_.flow)) return absl::optional<FlowSolution>();
    graph_.emplace(nodes_, arcs_, std::move(solution_.flow));
    FlowRepair<Head> repair(&*graph_, arcs_, heads_, &prices_);
    // A path for each unit: too many of them take longer than starting from nothing.
    if (repair.units() > kFewUnits + nodes_ / 16) return absl::optional<FlowSolution>();
    if (!repair.Run([&](int64_t paths) { return solving.Stop(paths); })) return Cancelled();
    solution_.feasible = repair.feasible();
    TANDEM_ASSIGN_OR_RETURN(FlowSolution solution, Finish(solving));
    return absl::make_optional(std::move(solution));
  }

 private:
  int HeadOffset(int component) const { return space_.offset(component) - space_.head_offset(); }

  Head HeadOf(const std::vector<ValuePart>& parts) const {
    Head head = Head();
    for (const ValuePart& part : parts) {
      if (part.component >= space_.head_size()) continue;
      head += ShiftedHead<Head>(part.amount, HeadOffset(part.component));
    }
    return head;
  }

  Tie TailOf(int32_t arc) {
    value_(arcs_[arc], &parts_);
    parts_.erase(std::remove_if(
                     parts_.begin(), parts_.end(),
                     [this](const ValuePart& part) { return part.component < space_.head_size(); }),
                 parts_.end());
    return space_.Pack<4>(parts_);
  }

  bool IsFixed(size_t arc) const { return arcs_[arc].lower == arcs_[arc].upper; }

  absl::Status RunSimplex(Control& control) {
    // The artificial value is worse than any sum along a path. A space without values, where
    // nothing can be filled, has no bits for them: all sums are 0.
    NetworkSimplex<Head> simplex(nodes_, arcs_.size(),
                                 ShiftedHead<Head>(-1, std::max(0, space_.value_bits() - 3)));
    for (size_t a = 0; a < arcs_.size(); ++a) {
      const NetworkArc& arc = arcs_[a];
      if (!IsFixed(a)) simplex.AddArc(arc.tail, arc.head, arc.upper - arc.lower, heads_[a]);
      simplex.AddSupply(arc.tail, -arc.lower);
      simplex.AddSupply(arc.head, arc.lower);
    }
    if (!simplex.Run([&](int64_t pivots) { return control.Stop(pivots); })) return Cancelled();
    solution_.feasible = simplex.feasible();
    if (!solution_.feasible) return absl::OkStatus();
    std::vector<int64_t> flow;
    size_t used = 0;
    for (size_t a = 0; a < arcs_.size(); ++a) {
      flow.push_back(arcs_[a].lower + (IsFixed(a) ? 0 : simplex.flow(used++)));
    }
    graph_.emplace(nodes_, arcs_, std::move(flow));
    for (int32_t v = 0; v < nodes_; ++v) prices_.push_back(simplex.price(v));
    return absl::OkStatus();
  }

  absl::StatusOr<FlowSolution> Finish(Control& solving) {
    if (!solution_.feasible) return std::move(solution_);
    tie_prices_.resize(nodes_);
    if (space_.head_size() < space_.size()) TANDEM_RETURN_IF_ERROR(SolveTails(solving));
    TANDEM_RETURN_IF_ERROR(FindPrices());
    solution_.flow = graph_->TakeFlow();
    return std::move(solution_);
  }

  absl::Status SolveTails(Control& control) {
    std::vector<TieLink> links;
    std::vector<int32_t> link_arcs;
    for (size_t a = 0; a < arcs_.size(); ++a) {
      if (IsFixed(a)) continue;
      const NetworkArc& arc = arcs_[a];
      Head reached = heads_[a];
      reached += prices_[arc.tail];
      if (reached < prices_[arc.head] || prices_[arc.head] < reached) continue;
      const auto number = static_cast<int32_t>(a);
      links.push_back(
          {arc.tail, arc.head, arc.upper - arc.lower, graph_->flow(number) - arc.lower});
      link_arcs.push_back(number);
    }
    // Above any tail: as far left as "unreached" would be behind them.
    Tie worst;
    worst.words[space_.head_offset() / 64] = uint64_t{1} << (space_.head_offset() % 64);
    TieSolver solver(
        nodes_, std::move(links), [&](size_t k) { return TailOf(link_arcs[k]); }, -worst);
    if (!solver.Run([&](int64_t steps) { return control.Stop(steps); })) return Cancelled();
    for (size_t k = 0; k < link_arcs.size(); ++k) {
      const int32_t arc = link_arcs[k];
      const int64_t change = arcs_[arc].lower + solver.flow(k) - graph_->flow(arc);
      if (change != 0) graph_->AddFlow(arc, change);
    }
    tie_prices_ = solver.prices();
    return absl::OkStatus();
  }

  absl::Status FindPrices() {
    Control control(options_, SolvePhase::kCertify);
    int64_t steps = 0;
    const std::function<bool()> stop = [&] { return control.Stop(++steps); };
    FlowPrices<Head> prices(*graph_, heads_, tail_, prices_, tie_prices_, stop);
    if (!prices.Run()) return Cancelled();
    solution_.prices.reserve(static_cast<size_t>(nodes_) * space_.size());
    for (int32_t v = 0; v < nodes_; ++v) {
      space_.Unpack<kAllWords>(Joined(prices.value(v), prices.tie(v)), &solution_.prices);
      if (prices.unreached(v)) solution_.prices[static_cast<size_t>(v) * space_.size()] = -1;
    }
    return absl::OkStatus();
  }

  // Both parts in one number, as ValueSpace packs them.
  WideInt<kAllWords> Joined(const Head& head, const Tie& tail) const {
    WideInt<kAllWords> joined;
    const int first = space_.head_offset() / 64;
    const int bits = space_.head_offset() % 64;
    for (int word = kAllWords - 1; word >= first; --word) {
      joined.words[word] = WordOf(head, word - first) << bits;
      if (bits > 0 && word > first) {
        joined.words[word] |= WordOf(head, word - first - 1) >> (64 - bits);
      }
    }
    WideInt<kAllWords> rest;
    for (int word = 0; word < kAllWords; ++word) {
      rest.words[word] = word < 4 ? tail.words[word] : tail.IsNegative() ? ~uint64_t{0} : 0;
    }
    return joined + rest;
  }

  const int32_t nodes_;
  const std::vector<NetworkArc>& arcs_;
  const ValueSpace& space_;
  const ArcValueFn& value_;
  const SolveOptions& options_;
  std::vector<Head> heads_;  // By arc.
  std::function<Tie(int32_t arc)> tail_;
  std::vector<ValuePart> parts_;
  absl::optional<FlowGraph> graph_;
  std::vector<Head> prices_;  // By node: valid, not canonical.
  std::vector<Tie> tie_prices_;
  FlowSolution solution_;
};

template <typename Head>
absl::StatusOr<FlowSolution> SolveWith(int32_t nodes, const std::vector<NetworkArc>& arcs,
                                       const ValueSpace& space, const ArcValueFn& value,
                                       const FlowStart& start, const SolveOptions& options) {
  if (start.flow.empty()) return SplitSolver<Head>(nodes, arcs, space, value, options).Solve();
  TANDEM_ASSIGN_OR_RETURN(absl::optional<FlowSolution> solution,
                          (SplitSolver<Head>(nodes, arcs, space, value, options).SolveFrom(start)));
  if (solution.has_value()) return *std::move(solution);
  return SplitSolver<Head>(nodes, arcs, space, value, options).Solve();
}

// Artificial arcs and repairs need a few bits beyond those that the space counts.
int BitsOfHead(const ValueSpace& space) { return space.value_bits() + 4; }

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
                                       const FlowStart& start, const SolveOptions& options) {
  const int bits = BitsOfHead(space);
  if (bits <= 64) return SolveWith<int64_t>(nodes, arcs, space, value, start, options);
  if (bits <= 128) return SolveWith<Int128>(nodes, arcs, space, value, start, options);
  return SolveWith<WideInt<16>>(nodes, arcs, space, value, start, options);
}

absl::StatusOr<absl::optional<FlowSolution>> SolveFlowFrom(
    int32_t nodes, const std::vector<NetworkArc>& arcs, const ValueSpace& space,
    const ArcValueFn& value, const FlowStart& start, const SolveOptions& options) {
  if (start.flow.empty()) return absl::optional<FlowSolution>();
  const int bits = BitsOfHead(space);
  if (bits <= 64) {
    return SplitSolver<int64_t>(nodes, arcs, space, value, options).SolveFrom(start);
  }
  if (bits <= 128) {
    return SplitSolver<Int128>(nodes, arcs, space, value, options).SolveFrom(start);
  }
  return SplitSolver<WideInt<16>>(nodes, arcs, space, value, options).SolveFrom(start);
}

absl::StatusOr<FlowCut> FindLeastCut(int32_t nodes, const std::vector<NetworkArc>& arcs,
                                     const SolveOptions& options) {
  return LeastCutFinder(nodes, arcs).Find(options);
}

}  // namespace tandem::engine
