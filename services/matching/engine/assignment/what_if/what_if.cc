#include "services/matching/engine/assignment/what_if/what_if.h"

#include <algorithm>
#include <string>
#include <tuple>

#include "base/status_macros.h"
#include "services/matching/engine/assignment/flow_of_plan.h"

namespace tandem::engine {
namespace {

uint64_t KeyOf(int32_t need, int32_t mentor) {
  return (static_cast<uint64_t>(need) << 32) | static_cast<uint32_t>(mentor);
}

absl::Status NotAProof() {
  return absl::InvalidArgumentError(
      "the result's certificate does not prove its plan: give a result that Solve gave for this "
      "problem");
}

}  // namespace

std::vector<absl::int128> PricesFor(const Network& network, const PriceSet& set) {
  if (set.nodes == network.nodes) return set.prices;
  using Key = std::tuple<NodeKind, int32_t, absl::string_view>;
  absl::flat_hash_map<Key, size_t> position;
  for (size_t i = 0; i < set.nodes.size(); ++i) {
    position[Key(set.nodes[i].kind, set.nodes[i].index, set.nodes[i].name)] = i;
  }
  std::vector<absl::int128> prices;
  const size_t size = set.components.size();
  for (const NodeRef& node : network.nodes) {
    auto found = position.find(Key(node.kind, node.index, node.name));
    // A mentor and request that had no node of their own were as the mentor alone.
    if (found == position.end() && node.kind == NodeKind::kMentorRequest) {
      found = position.find(Key(NodeKind::kMentor, node.index, ""));
    }
    if (found == position.end()) return {};
    const auto first = set.prices.begin() + static_cast<std::ptrdiff_t>(found->second * size);
    prices.insert(prices.end(), first, first + static_cast<std::ptrdiff_t>(size));
  }
  return prices;
}

PlanFlow::PlanFlow(const AssignmentProblem& the_problem, const AssignmentResult& the_result)
    : problem(the_problem),
      result(the_result),
      index(the_problem),
      allowed_pairs(index.AllowedPairs(the_problem)),
      network(BuildNetwork(the_problem, index, [](int32_t) { return true; })),
      chosen(the_problem.pairs.size(), false),
      pair_arc(the_problem.pairs.size(), -1),
      mentor_arc(the_problem.mentors.size(), -1) {
  pair_at_.reserve(allowed_pairs.size());
  for (int32_t pair : allowed_pairs) {
    pair_at_[KeyOf(problem.pairs[pair].need, problem.pairs[pair].mentor)] = pair;
  }
  for (const Match& match : result.matches) {
    const int32_t pair = AllowedPair(match.need, match.mentor);
    if (pair >= 0) chosen[pair] = true;
  }
  for (size_t a = 0; a < network.arcs.size(); ++a) {
    const NetworkArc& arc = network.arcs[a];
    if (arc.kind == ArcKind::kPair) pair_arc[arc.pair] = static_cast<int32_t>(a);
    const NodeRef& tail = network.nodes[arc.tail];
    if (tail.kind == NodeKind::kMentor) mentor_arc[tail.index] = static_cast<int32_t>(a);
  }
  flow = FlowOfPlan(network, chosen);
}

int32_t PlanFlow::AllowedPair(int32_t need, int32_t mentor) const {
  const auto found = pair_at_.find(KeyOf(need, mentor));
  return found == pair_at_.end() ? -1 : found->second;
}

std::vector<absl::int128> PricesOf(const PlanFlow& plan, const ValueSpace& space,
                                   PricePurpose purpose) {
  for (const PriceSet& set : plan.result.certificate.price_sets) {
    if (set.purpose != purpose || set.components != space.names()) continue;
    if (set.prices.size() != set.nodes.size() * set.components.size()) continue;
    return PricesFor(plan.network, set);
  }
  return {};
}

absl::StatusOr<std::unique_ptr<FlowEditor>> EditPlan(const PlanFlow& plan,
                                                     const std::vector<NetworkArc>& arcs,
                                                     const ValueSpace& space,
                                                     PricePurpose purpose) {
  const std::vector<absl::int128> prices = PricesOf(plan, space, purpose);
  if (prices.empty()) return NotAProof();
  const ArcValueFn value = [&](const NetworkArc& arc, std::vector<ValuePart>* parts) {
    ArcValue(plan.problem, plan.index, space, arc, parts);
  };
  std::unique_ptr<FlowEditor> editor = MakeFlowEditor(
      static_cast<int32_t>(plan.network.nodes.size()), arcs, space, value, plan.flow, prices);
  if (!editor->IsOptimal()) return NotAProof();
  return editor;
}

Otherwise DescribeChanges(const PlanFlow& plan, const ValueSpace& space,
                          const std::vector<FlowChange>& changes) {
  Otherwise otherwise;
  std::vector<absl::int128> cost(space.size(), 0);
  std::vector<ValuePart> parts;
  for (const FlowChange& change : changes) {
    const NetworkArc& arc = plan.network.arcs[change.arc];
    ArcValue(plan.problem, plan.index, space, arc, &parts);
    for (const ValuePart& part : parts) {
      cost[part.component] -= absl::int128(part.amount) * change.change;
    }
    if (arc.kind != ArcKind::kPair) continue;
    const AssignmentPair& pair = plan.problem.pairs[arc.pair];
    (change.change < 0 ? otherwise.removed : otherwise.added)
        .push_back({pair.need, pair.mentor, pair.score});
  }
  for (int c = 1; c < space.size(); ++c) otherwise.cost.push_back({space.names()[c], cost[c]});
  return otherwise;
}

Otherwise DescribeImpossible(const PlanFlow& plan, const std::vector<NetworkArc>& arcs,
                             const FlowEditor& editor, int32_t pinned) {
  FlowCut cut;
  cut.inside = editor.Reach(arcs[pinned].head, /*forward=*/true, pinned);
  if (cut.inside[0]) {
    cut.inside = editor.Reach(arcs[pinned].tail, /*forward=*/false, pinned);
    cut.demand_enters = false;
  }
  for (size_t a = 0; a < arcs.size(); ++a) {
    const NetworkArc& arc = arcs[a];
    if (cut.inside[arc.tail] == cut.inside[arc.head]) continue;
    if (cut.inside[arc.head] == cut.demand_enters) {
      cut.demand += static_cast<int32_t>(a) == pinned ? 1 : arc.lower;
    } else {
      cut.supply += arc.upper;
    }
  }
  std::vector<bool> pins = plan.index.pinned;
  pins[arcs[pinned].pair] = true;
  Otherwise otherwise;
  otherwise.feasible = false;
  otherwise.conflict = DescribeCut(plan.problem, pins, plan.network, cut);
  return otherwise;
}

}  // namespace tandem::engine
