#include "services/matching/engine/assignment/plan.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/types/optional.h"
#include "base/status_macros.h"
#include "services/matching/engine/assignment/earlier_plan.h"
#include "services/matching/engine/assignment/relaxation.h"

namespace tandem::engine {
namespace {

// The sum of what the chosen units of a plan are worth, per component of `space`.
std::vector<absl::int128> SumValue(const AssignmentProblem& problem, const ProblemIndex& index,
                                   const ValueSpace& space, const std::vector<int32_t>& pairs,
                                   const AssignmentResult& result) {
  std::vector<absl::int128> sum(space.size(), 0);
  std::vector<ValuePart> parts;
  const auto add = [&](const NetworkArc& arc) {
    ArcValue(problem, index, space, arc, &parts);
    for (const ValuePart& part : parts) sum[part.component] += part.amount;
  };
  NetworkArc arc;
  int32_t last_need = -1;
  for (int32_t pair : pairs) {
    arc.kind = ArcKind::kPair;
    arc.pair = pair;
    add(arc);
    const int32_t need = problem.pairs[pair].need;
    arc.kind = need == last_need ? ArcKind::kNeedRest : ArcKind::kNeedFirst;
    arc.tier = static_cast<int8_t>(problem.needs[need].tier);
    add(arc);
    last_need = need;
  }
  if (space.beneficiaries() >= 0) sum[space.beneficiaries()] = result.beneficiaries_served;
  return sum;
}

void Count(const AssignmentProblem& problem, const ProblemIndex& index,
           const std::vector<int32_t>& pairs, AssignmentResult* result) {
  absl::flat_hash_set<int32_t> needs;
  absl::flat_hash_set<absl::string_view> beneficiaries;
  int64_t kept = 0;
  for (int32_t pair : pairs) {
    const AssignmentPair& chosen = problem.pairs[pair];
    result->matches.push_back({chosen.need, chosen.mentor, chosen.score});
    needs.insert(chosen.need);
    beneficiaries.insert(BeneficiaryOf(problem.needs[chosen.need]));
    result->total_score += chosen.score;
    kept += index.previous[pair] ? 1 : 0;
    if (index.pinned[pair]) continue;
    if (!result->has_worst_pair || chosen.score < result->worst_pair_score) {
      result->worst_pair_score = chosen.score;
    }
    result->has_worst_pair = true;
  }
  result->needs_served = static_cast<int64_t>(needs.size());
  result->filled_slots = static_cast<int64_t>(pairs.size());
  result->beneficiaries_served = static_cast<int64_t>(beneficiaries.size());
  result->changed_pairs = static_cast<int64_t>(problem.previous.size()) - kept;
}

// From what was solved before; without a value if that is of no use.
absl::StatusOr<absl::optional<FlowSolution>> SolveFromBefore(const AssignmentProblem& problem,
                                                             const Network& network,
                                                             const ValueSpace& space,
                                                             const ArcValueFn& value,
                                                             const SolveOptions& options) {
  if (options.before.problem == nullptr) return absl::optional<FlowSolution>();
  const PricePurpose purpose = space.points() < 0 ? PricePurpose::kFilling : PricePurpose::kPlan;
  return SolveFlowFrom(static_cast<int32_t>(network.nodes.size()), network.arcs, space, value,
                       EarlierPlan(problem, options.before).StartOf(network, space, purpose),
                       options);
}

}  // namespace

std::vector<int32_t> SolvedNetwork::ChosenPairs() const {
  std::vector<int32_t> pairs;
  for (size_t arc = 0; arc < network.arcs.size(); ++arc) {
    if (network.arcs[arc].kind == ArcKind::kPair && solution.flow[arc] > 0) {
      pairs.push_back(network.arcs[arc].pair);
    }
  }
  return pairs;
}

absl::StatusOr<SolvedNetwork> SolvePairs(const AssignmentProblem& problem,
                                         const ProblemIndex& index, const ValueSpace& space,
                                         int64_t min_score, const SolveOptions& options) {
  SolvedNetwork solved;
  solved.network = BuildNetwork(problem, index, [&](int32_t pair) {
    return index.pinned[pair] || problem.pairs[pair].score >= min_score;
  });
  const ArcValueFn value = [&](const NetworkArc& arc, std::vector<ValuePart>* parts) {
    ArcValue(problem, index, space, arc, parts);
  };
  FlowStart start;
  if (options.method != SolveMethod::kGeneral) {
    if (options.progress) options.progress({SolvePhase::kSolve, 0});
    TANDEM_ASSIGN_OR_RETURN(absl::optional<FlowSolution> solution,
                            SolveFromBefore(problem, solved.network, space, value, options));
    if (solution.has_value()) {
      solved.solution = *std::move(solution);
      return solved;
    }
    TANDEM_ASSIGN_OR_RETURN(
        start, SolveRelaxation(problem, index, solved.network, space, min_score, options));
  }
  TANDEM_ASSIGN_OR_RETURN(solved.solution,
                          SolveFlow(static_cast<int32_t>(solved.network.nodes.size()),
                                    solved.network.arcs, space, value, start, options));
  return solved;
}

PriceSet MakePriceSet(PricePurpose purpose, const ValueSpace& space, const SolvedNetwork& solved) {
  PriceSet set;
  set.purpose = purpose;
  set.components = space.names();
  set.nodes = solved.network.nodes;
  set.prices = solved.solution.prices;
  return set;
}

absl::StatusOr<Conflict> FindConflict(const AssignmentProblem& problem, const ProblemIndex& index,
                                      const Network& network, const SolveOptions& options) {
  TANDEM_ASSIGN_OR_RETURN(
      FlowCut cut, FindLeastCut(static_cast<int32_t>(network.nodes.size()), network.arcs, options));
  return DescribeCut(problem, index.pinned, network, cut);
}

Conflict DescribeCut(const AssignmentProblem& problem, const std::vector<bool>& pinned,
                     const Network& network, const FlowCut& cut) {
  Conflict conflict;
  conflict.demand = cut.demand;
  conflict.supply = cut.supply;
  conflict.demand_enters = cut.demand_enters;
  for (size_t v = 0; v < network.nodes.size(); ++v) {
    if (!cut.inside[v]) continue;
    const NodeRef& node = network.nodes[v];
    switch (node.kind) {
      case NodeKind::kGround:
        break;
      case NodeKind::kNeedQuota:
      case NodeKind::kMentorQuota:
        conflict.quotas.push_back(node.index);
        break;
      case NodeKind::kBeneficiary:
        conflict.beneficiaries.push_back(node.name);
        break;
      case NodeKind::kNeed:
        conflict.needs.push_back(node.index);
        break;
      case NodeKind::kMentorRequest:
        conflict.mentor_requests.push_back(node);
        break;
      case NodeKind::kMentor:
        conflict.mentors.push_back(node.index);
        break;
    }
  }
  std::sort(conflict.quotas.begin(), conflict.quotas.end(),
            [&](int32_t a, int32_t b) { return problem.quotas[a].id < problem.quotas[b].id; });
  for (const NetworkArc& arc : network.arcs) {
    if (arc.kind != ArcKind::kPair || !pinned[arc.pair]) continue;
    if (cut.inside[arc.tail] == cut.inside[arc.head]) continue;
    if (cut.inside[arc.head] != cut.demand_enters) continue;
    conflict.pins.push_back({problem.pairs[arc.pair].need, problem.pairs[arc.pair].mentor});
  }
  return conflict;
}

Conflict ImpossiblePin(const PairRef& pin) {
  Conflict conflict;
  conflict.needs = {pin.need};
  conflict.mentors = {pin.mentor};
  conflict.pins = {pin};
  conflict.demand = 1;
  return conflict;
}

AssignmentResult DescribePlan(const AssignmentProblem& problem, const ProblemIndex& index,
                              const ValueSpace& space, const std::vector<int32_t>& pairs) {
  AssignmentResult result;
  Count(problem, index, pairs, &result);
  const std::vector<absl::int128> sum = SumValue(problem, index, space, pairs, result);
  for (int c = 1; c < space.size(); ++c) {
    if (problem.objective == Objective::kFloor && c == space.points()) {
      result.value.push_back({"floor", result.worst_pair_score, !result.has_worst_pair});
    }
    result.value.push_back({space.names()[c], sum[c], false});
  }
  return result;
}

AssignmentResult DescribeConflict(Conflict conflict) {
  AssignmentResult result;
  result.outcome = Outcome::kInfeasible;
  result.conflict = std::move(conflict);
  return result;
}

}  // namespace tandem::engine
