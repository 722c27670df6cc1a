#include "services/matching/engine/assignment/network.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "services/matching/engine/assignment/draws.h"

namespace tandem::engine {
namespace {

uint64_t PairKey(int32_t need, int32_t mentor) {
  return (static_cast<uint64_t>(need) << 32) | static_cast<uint32_t>(mentor);
}

template <typename T>
std::vector<int32_t> OrderById(const std::vector<T>& things) {
  std::vector<int32_t> order(things.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&things](int32_t a, int32_t b) { return things[a].id < things[b].id; });
  return order;
}

std::vector<int32_t> RanksOf(const std::vector<int32_t>& order) {
  std::vector<int32_t> ranks(order.size());
  for (size_t i = 0; i < order.size(); ++i) ranks[order[i]] = static_cast<int32_t>(i);
  return ranks;
}

// Where the few pairs stand that pins, forbidden pairs or a previous plan name: -1 if nowhere.
using PairsByKey = absl::flat_hash_map<uint64_t, int32_t>;

void FindPairs(const AssignmentProblem& problem, PairsByKey* wanted) {
  if (wanted->empty()) return;
  for (size_t i = 0; i < problem.pairs.size(); ++i) {
    const auto found = wanted->find(PairKey(problem.pairs[i].need, problem.pairs[i].mentor));
    if (found != wanted->end()) found->second = static_cast<int32_t>(i);
  }
}

// The keys of the previous plan's pairs whose ids are known.
std::vector<uint64_t> PreviousKeys(const AssignmentProblem& problem) {
  std::vector<uint64_t> keys;
  if (problem.previous.empty()) return keys;
  absl::flat_hash_map<absl::string_view, int32_t> needs;
  absl::flat_hash_map<absl::string_view, int32_t> mentors;
  for (size_t i = 0; i < problem.needs.size(); ++i) needs[problem.needs[i].id] = i;
  for (size_t i = 0; i < problem.mentors.size(); ++i) mentors[problem.mentors[i].id] = i;
  for (const PairOfIds& ids : problem.previous) {
    const auto need = needs.find(ids.need);
    const auto mentor = mentors.find(ids.mentor);
    if (need == needs.end() || mentor == mentors.end()) continue;
    keys.push_back(PairKey(need->second, mentor->second));
  }
  return keys;
}

// A stable order of `items` by `key`, which is below `keys`.
template <typename Key>
std::vector<int32_t> CountingSort(const std::vector<int32_t>& items, size_t keys, const Key& key) {
  std::vector<int32_t> next(keys + 1, 0);
  for (int32_t item : items) ++next[key(item) + 1];
  for (size_t k = 0; k < keys; ++k) next[k + 1] += next[k];
  std::vector<int32_t> sorted(items.size());
  for (int32_t item : items) sorted[next[key(item)]++] = item;
  return sorted;
}

// Adds nodes and arcs, layer by layer from the ground.
class Builder {
 public:
  Builder(const AssignmentProblem& problem, const ProblemIndex& index,
          std::vector<int32_t> included)
      : problem_(problem), index_(index), included_(std::move(included)) {}

  Network Build() {
    AddNode(NodeKind::kGround, -1, "");
    AddQuotaNodes(Side::kNeed, NodeKind::kNeedQuota);
    if (problem_.objective == Objective::kCoverage) AddBeneficiaries();
    AddNeeds();
    FindMentorRequests();
    for (int32_t mentor : index_.mentors_by_id) {
      mentor_node_.push_back(AddNode(NodeKind::kMentor, mentor, ""));
    }
    AddQuotaNodes(Side::kMentor, NodeKind::kMentorQuota);
    AddQuotaArcs();
    AddPairs();
    AddMentors();
    return std::move(network_);
  }

 private:
  int32_t AddNode(NodeKind kind, int32_t index, std::string name) {
    network_.nodes.push_back({kind, index, std::move(name)});
    return static_cast<int32_t>(network_.nodes.size()) - 1;
  }

  NetworkArc& AddArc(int32_t tail, int32_t head, int64_t lower, int64_t upper) {
    network_.arcs.emplace_back();
    NetworkArc& arc = network_.arcs.back();
    arc.tail = tail;
    arc.head = head;
    arc.lower = lower;
    arc.upper = upper;
    return arc;
  }

  void AddQuotaNodes(Side side, NodeKind kind) {
    quota_node_.resize(problem_.quotas.size(), 0);
    for (int32_t quota : index_.quotas_by_id) {
      if (problem_.quotas[quota].side == side) quota_node_[quota] = AddNode(kind, quota, "");
    }
  }

  void AddQuotaArcs() {
    for (int32_t quota : index_.quotas_by_id) {
      const AssignmentQuota& bounds = problem_.quotas[quota];
      const int64_t upper = bounds.max == kUnlimited ? kNoBound : bounds.max;
      int32_t tail = QuotaNode(bounds.parent);
      int32_t head = quota_node_[quota];
      if (bounds.side == Side::kMentor) std::swap(tail, head);
      AddArc(tail, head, bounds.min, upper);
    }
  }

  int32_t QuotaNode(int32_t quota) const { return quota < 0 ? 0 : quota_node_[quota]; }

  void AddBeneficiaries() {
    std::vector<std::pair<absl::string_view, int32_t>> quota_of;
    for (const AssignmentNeed& need : problem_.needs) {
      quota_of.emplace_back(BeneficiaryOf(need), need.quota);
    }
    std::sort(quota_of.begin(), quota_of.end());
    for (const auto& [name, quota] : quota_of) {
      if (beneficiary_node_.contains(name)) continue;
      const int32_t node = AddNode(NodeKind::kBeneficiary, -1, std::string(name));
      beneficiary_node_[name] = node;
      AddArc(QuotaNode(quota), node, 0, 1).kind = ArcKind::kBeneficiaryFirst;
      AddArc(QuotaNode(quota), node, 0, kNoBound);
    }
  }

  void AddNeeds() {
    for (int32_t index : index_.needs_by_id) {
      const AssignmentNeed& need = problem_.needs[index];
      const int32_t node = AddNode(NodeKind::kNeed, index, "");
      need_node_.push_back(node);
      const int32_t from = problem_.objective == Objective::kCoverage
                               ? beneficiary_node_.at(BeneficiaryOf(need))
                               : QuotaNode(need.quota);
      if (problem_.fill == Fill::kOptional) {
        AddSlots(from, node, need.min, need.max, need.tier, ArcKind::kNeedRest);
        continue;
      }
      AddSlots(from, node, std::min<int64_t>(need.min, 1), std::min<int64_t>(need.max, 1),
               need.tier, ArcKind::kNeedFirst);
      if (need.max > 1) {
        AddSlots(from, node, std::max<int64_t>(need.min - 1, 0), need.max - 1, need.tier,
                 ArcKind::kNeedRest);
      }
    }
  }

  void AddSlots(int32_t tail, int32_t head, int64_t lower, int64_t upper, int tier, ArcKind kind) {
    NetworkArc& arc = AddArc(tail, head, lower, upper);
    arc.kind = kind;
    arc.tier = static_cast<int8_t>(tier);
  }

  // Nodes for mentors and requests of several roles, in the order of mentor and then request.
  void FindMentorRequests() {
    absl::flat_hash_map<absl::string_view, int> roles;
    for (const AssignmentNeed& need : problem_.needs) ++roles[RequestOf(need)];
    std::vector<std::pair<int32_t, absl::string_view>> keys;
    if (std::all_of(roles.begin(), roles.end(), [](const auto& r) { return r.second < 2; })) return;
    for (int32_t pair : index_.AllowedPairs(problem_)) {
      const absl::string_view request = RequestOf(problem_.needs[problem_.pairs[pair].need]);
      if (roles[request] < 2) continue;
      keys.emplace_back(index_.mentor_rank[problem_.pairs[pair].mentor], request);
    }
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    for (const auto& [rank, request] : keys) {
      mentor_request_node_[{rank, request}] =
          AddNode(NodeKind::kMentorRequest, index_.mentors_by_id[rank], std::string(request));
    }
  }

  void AddPairs() {
    for (int32_t pair : included_) {
      const int32_t rank = index_.mentor_rank[problem_.pairs[pair].mentor];
      const int32_t need = problem_.pairs[pair].need;
      int32_t to = mentor_node_[rank];
      if (!mentor_request_node_.empty()) {
        const auto found = mentor_request_node_.find({rank, RequestOf(problem_.needs[need])});
        if (found != mentor_request_node_.end()) to = found->second;
      }
      NetworkArc& arc =
          AddArc(need_node_[index_.need_rank[need]], to, index_.pinned[pair] ? 1 : 0, 1);
      arc.kind = ArcKind::kPair;
      arc.pair = pair;
    }
    for (size_t node = 0; node < network_.nodes.size(); ++node) {
      const NodeRef& ref = network_.nodes[node];
      if (ref.kind != NodeKind::kMentorRequest) continue;
      AddArc(static_cast<int32_t>(node), mentor_node_[index_.mentor_rank[ref.index]], 0, 1);
    }
  }

  void AddMentors() {
    for (size_t rank = 0; rank < mentor_node_.size(); ++rank) {
      const AssignmentMentor& mentor = problem_.mentors[index_.mentors_by_id[rank]];
      AddArc(mentor_node_[rank], QuotaNode(mentor.quota), mentor.min, mentor.max);
    }
  }

  const AssignmentProblem& problem_;
  const ProblemIndex& index_;
  const std::vector<int32_t> included_;
  Network network_;
  std::vector<int32_t> quota_node_;   // By index.
  std::vector<int32_t> need_node_;    // By rank.
  std::vector<int32_t> mentor_node_;  // By rank.
  absl::flat_hash_map<absl::string_view, int32_t> beneficiary_node_;
  absl::flat_hash_map<std::pair<int32_t, absl::string_view>, int32_t> mentor_request_node_;
};

}  // namespace

ProblemIndex::ProblemIndex(const AssignmentProblem& problem)
    : needs_by_id(OrderById(problem.needs)),
      mentors_by_id(OrderById(problem.mentors)),
      quotas_by_id(OrderById(problem.quotas)),
      need_rank(RanksOf(needs_by_id)),
      mentor_rank(RanksOf(mentors_by_id)),
      pinned(problem.pairs.size(), false),
      previous(problem.pairs.size(), false) {
  for (const AssignmentNeed& need : problem.needs) need_hash.push_back(IdHash(need.id));
  for (const AssignmentMentor& mentor : problem.mentors) mentor_hash.push_back(IdHash(mentor.id));
  PairsByKey pair_at;
  const std::vector<uint64_t> previous_keys = PreviousKeys(problem);
  for (uint64_t key : previous_keys) pair_at[key] = -1;
  for (const PairRef& pair : problem.pinned) pair_at[PairKey(pair.need, pair.mentor)] = -1;
  for (const PairRef& pair : problem.forbidden) pair_at[PairKey(pair.need, pair.mentor)] = -1;
  FindPairs(problem, &pair_at);
  if (!problem.forbidden.empty()) forbidden.assign(problem.pairs.size(), false);
  for (const PairRef& pair : problem.forbidden) {
    int32_t& found = pair_at[PairKey(pair.need, pair.mentor)];
    if (found >= 0) forbidden[found] = true;
    found = -1;
  }
  for (const PairRef& pin : problem.pinned) {
    const int32_t found = pair_at[PairKey(pin.need, pin.mentor)];
    if (found < 0) {
      impossible_pins.push_back(pin);
    } else {
      pinned[found] = true;
    }
  }
  for (uint64_t key : previous_keys) {
    if (pair_at[key] >= 0) previous[pair_at[key]] = true;
  }
  const auto rank = [&](const PairRef& pair) {
    return PairKey(need_rank[pair.need], mentor_rank[pair.mentor]);
  };
  std::sort(impossible_pins.begin(), impossible_pins.end(),
            [&](const PairRef& a, const PairRef& b) { return rank(a) < rank(b); });
}

std::vector<int32_t> ProblemIndex::AllowedPairs(const AssignmentProblem& problem) const {
  std::vector<int32_t> allowed;
  allowed.reserve(problem.pairs.size());
  for (size_t i = 0; i < problem.pairs.size(); ++i) {
    if (!IsForbidden(static_cast<int32_t>(i))) allowed.push_back(static_cast<int32_t>(i));
  }
  allowed = CountingSort(allowed, mentor_rank.size(),
                         [&](int32_t pair) { return mentor_rank[problem.pairs[pair].mentor]; });
  return CountingSort(allowed, need_rank.size(),
                      [&](int32_t pair) { return need_rank[problem.pairs[pair].need]; });
}

int64_t ProblemIndex::DrawOf(const AssignmentProblem& problem, int32_t pair, uint64_t seed) const {
  return Draw(seed, need_hash[problem.pairs[pair].need], mentor_hash[problem.pairs[pair].mentor]);
}

Network BuildNetwork(const AssignmentProblem& problem, const ProblemIndex& index,
                     const std::function<bool(int32_t pair)>& include) {
  std::vector<int32_t> included;
  for (int32_t pair : index.AllowedPairs(problem)) {
    if (include(pair)) included.push_back(pair);
  }
  return Builder(problem, index, std::move(included)).Build();
}

void ArcValue(const AssignmentProblem& problem, const ProblemIndex& index, const ValueSpace& space,
              const NetworkArc& arc, std::vector<ValuePart>* parts) {
  parts->clear();
  const auto add = [parts](int component, int64_t amount) {
    if (component >= 0 && amount != 0) parts->push_back({component, amount});
  };
  switch (arc.kind) {
    case ArcKind::kPlain:
      return;
    case ArcKind::kBeneficiaryFirst:
      return add(space.beneficiaries(), 1);
    case ArcKind::kNeedFirst:
      add(space.served(arc.tier), 1);
      return add(space.slots(arc.tier), 1);
    case ArcKind::kNeedRest:
      return add(space.slots(arc.tier), 1);
    case ArcKind::kPair:
      break;
  }
  const bool kept = index.previous[arc.pair];
  add(space.points(), problem.pairs[arc.pair].score + (kept ? problem.change_penalty : 0));
  add(space.kept(), kept ? 1 : 0);
  if (space.draws() < 0) return;
  add(space.draws(), index.DrawOf(problem, arc.pair, problem.seed));
  add(space.draws2(), index.DrawOf(problem, arc.pair, problem.seed + 1));
}

}  // namespace tandem::engine
