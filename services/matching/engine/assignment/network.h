// The flow network of a problem, as DESIGN ("Certificate") draws it.
//
// Arcs run ground -> need-side quotas -> (beneficiaries ->) needs -> (mentor and request ->)
// mentors -> mentor-side quotas -> ground, each with a minimum and a maximum. A unit of flow along
// a pair's arc is a match. Where a first unit counts extra, two arcs stand side by side.
//
// Nodes are numbered by kind and then by id, so a network does not depend on the order in which
// its problem lists things. Immutable once built.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_NETWORK_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_NETWORK_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "services/matching/engine/assignment/problem.h"
#include "services/matching/engine/assignment/value_space.h"

namespace tandem::engine {

// What a unit of flow on an arc is worth.
enum class ArcKind : char {
  kPlain,             // Nothing.
  kBeneficiaryFirst,  // A beneficiary served.
  kNeedFirst,         // A need served, and a slot of its tier.
  kNeedRest,          // A slot of its tier.
  kPair,              // The pair's points and draws.
};

struct NetworkArc {
  int32_t tail = 0;
  int32_t head = 0;
  int64_t lower = 0;
  int64_t upper = 0;  // kNoBound where a quota is unlimited.
  ArcKind kind = ArcKind::kPlain;
  int8_t tier = 0;    // Of the need, for kNeedFirst and kNeedRest.
  int32_t pair = -1;  // An index into the problem's pairs, for kPair.
};

constexpr int64_t kNoBound = int64_t{1} << 55;

// What the plan's order needs to know about ids, computed once per problem.
struct ProblemIndex {
  explicit ProblemIndex(const AssignmentProblem& problem);

  std::vector<int32_t> needs_by_id;  // Indices of needs in the order of their ids.
  std::vector<int32_t> mentors_by_id;
  std::vector<int32_t> quotas_by_id;
  std::vector<int32_t> need_rank;  // The place of each need in that order.
  std::vector<int32_t> mentor_rank;
  std::vector<uint64_t> need_hash;  // IdHash of each need.
  std::vector<uint64_t> mentor_hash;
  std::vector<bool> pinned;              // Per pair.
  std::vector<bool> previous;            // Per pair: stands in the previous plan.
  std::vector<PairRef> impossible_pins;  // Pins that are not allowed pairs, by ids.
  std::vector<bool> forbidden;           // Per pair; empty if none is.

  bool any_forbidden() const { return !forbidden.empty(); }
  bool IsForbidden(int32_t pair) const { return !forbidden.empty() && forbidden[pair]; }
  // Pairs that are not forbidden, in the order of need and then mentor id.
  std::vector<int32_t> AllowedPairs(const AssignmentProblem& problem) const;

  // Draws of a pair with the problem's seed and the next.
  int64_t DrawOf(const AssignmentProblem& problem, int32_t pair, uint64_t seed) const;
};

struct Network {
  std::vector<NodeRef> nodes;  // nodes[0] is the ground.
  std::vector<NetworkArc> arcs;
};

// The network with the allowed pairs for which `include` says true. `beneficiaries`: with nodes for
// them. `split_needs`: the first unit into a need has its own arc.
Network BuildNetwork(const AssignmentProblem& problem, const ProblemIndex& index,
                     const std::function<bool(int32_t pair)>& include);

// What a unit on `arc` is worth in `space`.
void ArcValue(const AssignmentProblem& problem, const ProblemIndex& index, const ValueSpace& space,
              const NetworkArc& arc, std::vector<ValuePart>* parts);

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_NETWORK_H_
