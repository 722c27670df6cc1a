// The path of largest value between two nodes of a residual network, searched from both ends.
//
// Dijkstra's method (1959) with reduced values, forward from one end and backward from the other
// (Pohl 1971), until the two together prove that nothing better is left. Node 0, the ground, is
// labelled but never expanded: a path through it is its two halves.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_WHAT_IF_TWO_SIDED_SEARCH_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_WHAT_IF_TWO_SIDED_SEARCH_H_

#include <algorithm>
#include <cstdint>
#include <limits>
#include <queue>
#include <utility>
#include <vector>

namespace tandem::engine {

template <typename Value>
struct ResidualArc {
  int32_t tail = 0;
  int32_t head = 0;
  int64_t lower = 0;
  int64_t upper = 0;
  int64_t flow = 0;
  Value value;
};

// An arc walked along, or against.
struct ResidualStep {
  int32_t arc = 0;
  bool along = true;
};

// An arc as seen from one of its ends: all that a search needs to know to pass it by.
struct ArcEnd {
  static constexpr uint32_t kAtTail = 1;
  static constexpr uint32_t kAlong = 2;    // There is room along the arc.
  static constexpr uint32_t kAgainst = 4;  // There is flow to give back.

  int32_t arc() const { return static_cast<int32_t>(code >> 3); }
  bool at_tail() const { return (code & kAtTail) != 0; }
  bool HasRoom(bool along) const { return (code & (along ? kAlong : kAgainst)) != 0; }

  uint32_t code = 0;
  int32_t other = 0;  // The node at the other end.
  int64_t loss = 0;   // A lower bound of the arc's reduced value in size, rounded: RoundedLoss.
};

// Arcs with flow, prices, and the arcs at each node.
//
// Losses rounded down to 64 bits are kept with each end of an arc, as of prices that are settled:
// a search rules most arcs out by them and computes with whole vectors only where it is close. The
// ends of arcs at nodes whose price has changed since are not to be trusted: `unsettled`.
template <typename Value>
struct ResidualGraph {
  // `dropped_bits`: how many low bits of a value a rounded loss leaves out.
  ResidualGraph(int32_t nodes, int dropped)
      : dropped_bits(dropped), price(nodes), unsettled(nodes, 0), added(nodes) {}

  static constexpr int64_t kLarge = int64_t{1} << 60;

  // A value that is not negative, without its low bits, rounded down; at most kLarge.
  int64_t RoundedLoss(const Value& value) const {
    const int word = dropped_bits / 64;
    const int shift = dropped_bits % 64;
    for (int i = word + 2; i < Value::kWords; ++i) {
      if (value.words[i] != 0) return kLarge;
    }
    const uint64_t high = word + 1 < Value::kWords ? value.words[word + 1] : 0;
    if (high >> shift != 0) return kLarge;
    const uint64_t low =
        value.words[word] >> shift | (shift > 0 ? high << (64 - shift) : uint64_t{0});
    return low >= static_cast<uint64_t>(kLarge) ? kLarge : static_cast<int64_t>(low);
  }

  // Called once the first arcs are there.
  void IndexArcs() {
    start.assign(price.size() + 1, 0);
    for (const ResidualArc<Value>& arc : arcs) {
      ++start[arc.tail + 1];
      ++start[arc.head + 1];
    }
    for (size_t v = 0; v < price.size(); ++v) start[v + 1] += start[v];
    list.resize(2 * arcs.size());
    places.resize(arcs.size());
    std::vector<int64_t> next(start.begin(), start.end() - 1);
    for (size_t a = 0; a < arcs.size(); ++a) {
      const int64_t at_tail = next[arcs[a].tail]++;
      const int64_t at_head = next[arcs[a].head]++;
      places[a] = {at_tail, at_head};
      const auto code = static_cast<uint32_t>(a) << 3;
      list[at_tail] = {code | ArcEnd::kAtTail, arcs[a].head, 0};
      list[at_head] = {code, arcs[a].tail, 0};
      Refresh(static_cast<int32_t>(a));
    }
  }

  int32_t AddNode() {
    price.emplace_back();
    unsettled.push_back(0);
    added.emplace_back();
    return static_cast<int32_t>(price.size()) - 1;
  }

  int32_t AddArc(const ResidualArc<Value>& arc) {
    const auto number = static_cast<int32_t>(arcs.size());
    arcs.push_back(arc);
    const auto at_tail = static_cast<int64_t>(added[arc.tail].size());
    added[arc.tail].push_back({static_cast<uint32_t>(number) << 3 | ArcEnd::kAtTail, arc.head, 0});
    const auto at_head = static_cast<int64_t>(added[arc.head].size());
    added[arc.head].push_back({static_cast<uint32_t>(number) << 3, arc.tail, 0});
    places.push_back({-1 - at_tail, -1 - at_head});
    Refresh(number);
    return number;
  }

  // To be called when the flow or the bounds of an arc have changed.
  void UpdateRoom(int32_t number) {
    const ResidualArc<Value>& arc = arcs[number];
    const uint32_t room =
        (arc.flow < arc.upper ? ArcEnd::kAlong : 0) | (arc.flow > arc.lower ? ArcEnd::kAgainst : 0);
    for (const bool at_tail : {true, false}) {
      ArcEnd& end = EndOf(number, at_tail);
      end.code = (end.code & ~(ArcEnd::kAlong | ArcEnd::kAgainst)) | room;
    }
  }

  void SetPrice(int32_t node, const Value& value) {
    price[node] = value;
    if (unsettled[node] == 0) changed.push_back(node);
    unsettled[node] = 1;
  }

  // The prices stay: brings the losses up to date.
  void Settle() {
    for (int32_t node : changed) {
      unsettled[node] = 0;
      ForEachArcAt(node, [this](const ArcEnd& end) { Refresh(end.arc()); });
    }
    changed.clear();
  }

  // The prices are again those that were settled.
  void Unsettled() {
    for (int32_t node : changed) unsettled[node] = 0;
    changed.clear();
  }

  // Room and loss of an arc at both of its ends.
  void Refresh(int32_t number) {
    const Value reduced = Reduced(arcs[number]);
    const int64_t loss = RoundedLoss(reduced.IsNegative() ? -reduced : reduced);
    EndOf(number, true).loss = loss;
    EndOf(number, false).loss = loss;
    UpdateRoom(number);
  }

  template <typename Visit>
  void ForEachArcAt(int32_t node, const Visit& visit) const {
    if (static_cast<size_t>(node) + 1 < start.size()) {
      for (int64_t i = start[node]; i < start[node + 1]; ++i) visit(list[i]);
    }
    for (const ArcEnd& end : added[node]) visit(end);
  }

  ArcEnd& EndOf(int32_t number, bool at_tail) {
    const int64_t place = at_tail ? places[number].first : places[number].second;
    if (place >= 0) return list[place];
    return added[at_tail ? arcs[number].tail : arcs[number].head][-1 - place];
  }

  Value Reduced(const ResidualArc<Value>& arc) const {
    Value reduced = arc.value;
    reduced += price[arc.tail];
    reduced -= price[arc.head];
    return reduced;
  }

  int dropped_bits = 0;
  std::vector<ResidualArc<Value>> arcs;
  std::vector<Value> price;
  std::vector<uint8_t> unsettled;  // Per node: the price is not the one its arcs' losses are of.
  std::vector<int32_t> changed;    // Those nodes.
  std::vector<int64_t> start;
  std::vector<ArcEnd> list;
  std::vector<std::pair<int64_t, int64_t>> places;  // Of each arc's ends in `list`, or -1 - place.
  std::vector<std::vector<ArcEnd>> added;           // The ends of arcs that came later.
};

template <typename Value>
class TwoSidedSearch {
 public:
  // Looks for the best path from `from` to `to` without arc `without`. With `gain` only for one
  // that loses less than `gain` (positive) against the prices.
  void Run(const ResidualGraph<Value>& graph, int32_t from, int32_t to, int32_t without,
           const Value* gain) {
    ++run_;
    has_best_ = gain != nullptr;
    if (has_best_) best_ = *gain;
    best_loss_ = has_best_ ? CloseLoss(graph, best_) : kAnyLoss;
    meeting_ = -1;
    forward_.Begin(graph.price.size(), from, run_);
    backward_.Begin(graph.price.size(), to, run_);
    while (true) {
      const Side* next = ChooseSide();
      if (next == nullptr) break;
      Expand(graph, next == &forward_, without);
    }
    Cut();
    if (found()) TracePath(graph, from, to);
  }

  // Whether there is such a path.
  bool found() const { return meeting_ >= 0; }
  // Its steps in order; no node twice.
  const std::vector<ResidualStep>& path() const { return path_; }

  // Visits the nodes whose price must change, with their new prices, so that the path found, or
  // the arc that asked for a gain in vain, has a reduced value of 0.
  template <typename Visit>
  void ForEachPrice(const ResidualGraph<Value>& graph, const Visit& visit) const {
    if (!has_best_) return;
    for (int32_t node : forward_.settled) {
      const Value& label = forward_.label[node];
      if (label < forward_cut_) visit(node, graph.price[node] + (forward_cut_ - label));
    }
    for (int32_t node : backward_.settled) {
      const Value& label = backward_.label[node];
      if (label < backward_cut_) visit(node, graph.price[node] - (backward_cut_ - label));
    }
  }

  int64_t arcs_scanned() const { return arcs_scanned_; }

 private:
  struct Entry {
    Value key;
    int32_t node;
    friend bool operator<(const Entry& a, const Entry& b) {
      return b.key < a.key || (a.key == b.key && b.node < a.node);
    }
  };

  static constexpr int64_t kAnyLoss = std::numeric_limits<int64_t>::max();

  struct Mark {
    int64_t loss = 0;      // The label, rounded.
    int32_t labelled = 0;  // The run that labelled the node.
    int32_t done = 0;      // The run that settled it.
  };

  // What one end knows: losses against the prices, never negative. The ground is labelled, and
  // never queued.
  struct Side {
    void Begin(size_t nodes, int32_t node, int32_t new_run) {
      run = new_run;
      label.resize(nodes);
      into.resize(nodes);
      marks.resize(nodes);
      settled.clear();
      queue = {};
      Label(node, Value(), {-1, true}, 0);
      DropStale();
    }

    void Label(int32_t node, const Value& loss, const ResidualStep& step, int64_t rounded) {
      label[node] = loss;
      marks[node].loss = rounded;
      marks[node].labelled = run;
      into[node] = step;
      if (node != 0) queue.push({loss, node});
    }

    void DropStale() {
      while (!queue.empty() && marks[queue.top().node].done == run) queue.pop();
    }

    // The least loss of any node not settled; null if there is none.
    const Value* Top() const { return queue.empty() ? nullptr : &queue.top().key; }
    // A bound on the loss of reaching the ground; null if it cannot be reached.
    const Value* ToGround() const {
      if (marks[0].labelled != run) return Top();
      return queue.empty() || !(queue.top().key < label[0]) ? &label[0] : &queue.top().key;
    }
    bool GroundIsFinal() const { return ToGround() != Top() || queue.empty(); }

    int32_t run = 0;
    std::vector<Value> label;
    std::vector<ResidualStep> into;
    std::vector<Mark> marks;
    std::vector<int32_t> settled;
    std::priority_queue<Entry> queue;
  };

  // Whether two losses together may be less than the best.
  bool MayBeat(const Value* a, const Value* b) const {
    return a != nullptr && b != nullptr && (!has_best_ || *a + *b < best_);
  }

  // Where to go on, or null if nothing better can be left: neither a path that avoids the ground
  // nor one through it.
  const Side* ChooseSide() const {
    const Value* forward = forward_.Top();
    const Value* backward = backward_.Top();
    if (MayBeat(forward, backward)) {
      return backward_.queue.size() < forward_.queue.size() ? &backward_ : &forward_;
    }
    if (!MayBeat(forward_.ToGround(), backward_.ToGround())) return nullptr;
    const bool go_forward = forward != nullptr && !forward_.GroundIsFinal();
    const bool go_backward = backward != nullptr && !backward_.GroundIsFinal();
    if (go_forward && go_backward) return *backward < *forward ? &backward_ : &forward_;
    if (go_forward) return &forward_;
    return go_backward ? &backward_ : nullptr;
  }

  void Expand(const ResidualGraph<Value>& graph, bool forward, int32_t without) {
    Side& side = forward ? forward_ : backward_;
    const Side& other = forward ? backward_ : forward_;
    const int32_t u = side.queue.top().node;
    side.marks[u].done = run_;
    side.settled.push_back(u);
    const Value base = side.label[u];
    const int64_t rounded = graph.RoundedLoss(base);
    const bool settled = graph.unsettled[u] == 0;
    graph.ForEachArcAt(u, [&](const ArcEnd& end) {
      const bool along = end.at_tail() == forward;
      if (!end.HasRoom(along)) return;
      ++arcs_scanned_;
      const int32_t v = end.other;
      const Mark& mark = side.marks[v];
      if (mark.done == run_) return;
      // Rounded down, the sum is at most the sum rounded down.
      if (settled && graph.unsettled[v] == 0) {
        const int64_t sum = rounded + end.loss;
        if (sum > (mark.labelled == run_ ? std::min(mark.loss, best_loss_) : best_loss_)) return;
      }
      if (end.arc() == without) return;
      const Value reduced = graph.Reduced(graph.arcs[end.arc()]);
      const Value reached = along ? base - reduced : base + reduced;
      if (has_best_ && !(reached < best_)) return;
      if (mark.labelled == run_ && !(reached < side.label[v])) return;
      side.Label(v, reached, {end.arc(), along}, CloseLoss(graph, reached));
      if (other.marks[v].labelled == run_) Meet(graph, v);
    });
    side.DropStale();
  }

  // A rounded loss to compare with: too large for 64 bits compares as larger than anything.
  static int64_t CloseLoss(const ResidualGraph<Value>& graph, const Value& loss) {
    const int64_t rounded = graph.RoundedLoss(loss);
    return rounded == graph.kLarge ? kAnyLoss : rounded;
  }

  void Meet(const ResidualGraph<Value>& graph, int32_t node) {
    const Value sum = forward_.label[node] + backward_.label[node];
    if (has_best_ && !(sum < best_)) return;
    has_best_ = true;
    best_ = sum;
    best_loss_ = CloseLoss(graph, sum);
    meeting_ = node;
  }

  // How much of the best path's loss (or of the gain asked for) the prices of each side take up:
  // no more than was searched, and no more than the loss at the ground, whose price stays.
  void Cut() {
    if (!has_best_) return;
    const Value* limit = forward_.ToGround();
    forward_cut_ = limit != nullptr && *limit < best_ ? *limit : best_;
    backward_cut_ = best_ - forward_cut_;
  }

  void TracePath(const ResidualGraph<Value>& graph, int32_t from, int32_t to) {
    path_.clear();
    for (int32_t v = meeting_; v != from;) {
      const ResidualStep step = forward_.into[v];
      path_.push_back(step);
      v = step.along ? graph.arcs[step.arc].tail : graph.arcs[step.arc].head;
    }
    std::reverse(path_.begin(), path_.end());
    for (int32_t v = meeting_; v != to;) {
      const ResidualStep step = backward_.into[v];
      path_.push_back(step);
      v = step.along ? graph.arcs[step.arc].head : graph.arcs[step.arc].tail;
    }
    CutLoops(graph, from);
  }

  // The halves may share nodes where going around costs nothing.
  void CutLoops(const ResidualGraph<Value>& graph, int32_t from) {
    seen_.resize(graph.price.size(), {0, 0});
    std::vector<ResidualStep> straight;
    std::vector<int32_t> ends;  // Of each step that is kept.
    seen_[from] = {run_, 0};
    for (const ResidualStep& step : path_) {
      const ResidualArc<Value>& arc = graph.arcs[step.arc];
      const int32_t v = step.along ? arc.head : arc.tail;
      straight.push_back(step);
      ends.push_back(v);
      if (seen_[v].first == run_) {
        for (size_t keep = seen_[v].second; straight.size() > keep;) {
          if (ends.back() != v) seen_[ends.back()].first = 0;
          straight.pop_back();
          ends.pop_back();
        }
        continue;
      }
      seen_[v] = {run_, straight.size()};
    }
    path_ = std::move(straight);
  }

  int32_t run_ = 0;
  Side forward_;
  Side backward_;
  bool has_best_ = false;
  Value best_;
  int64_t best_loss_ = kAnyLoss;
  int32_t meeting_ = -1;
  Value forward_cut_;
  Value backward_cut_;
  std::vector<ResidualStep> path_;
  std::vector<std::pair<int32_t, size_t>> seen_;  // The run, and how many steps led there.
  int64_t arcs_scanned_ = 0;
};

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_WHAT_IF_TWO_SIDED_SEARCH_H_
