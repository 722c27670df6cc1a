#include "services/matching/engine/assignment/earlier_plan.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "services/matching/engine/assignment/flow_of_plan.h"

namespace tandem::engine {
namespace {

// Where each of `before` stands in `now`, by id; -1 where it is gone.
template <typename T>
std::vector<int32_t> PlacesOf(const std::vector<T>& before, const std::vector<T>& now) {
  absl::flat_hash_map<absl::string_view, int32_t> at;
  std::vector<int32_t> places;
  places.reserve(before.size());
  for (size_t i = 0; i < before.size(); ++i) {
    // Mostly nothing has moved, and no table is needed.
    if (i < now.size() && now[i].id == before[i].id) {
      places.push_back(static_cast<int32_t>(i));
      continue;
    }
    for (size_t k = at.size(); k < now.size(); ++k) at[now[k].id] = static_cast<int32_t>(k);
    const auto found = at.find(before[i].id);
    places.push_back(found == at.end() ? -1 : found->second);
  }
  return places;
}

int32_t At(const std::vector<int32_t>& places, int32_t index) {
  return index >= 0 && index < static_cast<int64_t>(places.size()) ? places[index] : -1;
}

// For each component of `space` from `first` to before `last` its place in `names`, or -1.
std::vector<int> PlacesOfComponents(const ValueSpace& space, int first, int last,
                                    const std::vector<std::string>& names) {
  std::vector<int> places;
  for (int c = first; c < last; ++c) {
    const auto found = std::find(names.begin(), names.end(), space.names()[c]);
    places.push_back(found == names.end() ? -1 : static_cast<int>(found - names.begin()));
  }
  return places;
}

// Nodes as the keys of a table: by kind and index, and by name where they have one.
using NodeKey = std::pair<std::pair<NodeKind, int32_t>, absl::string_view>;

NodeKey KeyOf(NodeKind kind, int32_t index, absl::string_view name) {
  return {{kind, index}, name};
}

}  // namespace

EarlierPlan::EarlierPlan(const AssignmentProblem& problem, const SolvedBefore& before)
    : problem_(problem), before_(before) {
  if (before.problem == nullptr || before.result == nullptr) return;
  needs_ = PlacesOf(before.problem->needs, problem.needs);
  mentors_ = PlacesOf(before.problem->mentors, problem.mentors);
  quotas_ = PlacesOf(before.problem->quotas, problem.quotas);
  for (const Match& match : before.result->matches) {
    const PairRef pair = {At(needs_, match.need), At(mentors_, match.mentor)};
    if (pair.need >= 0 && pair.mentor >= 0) pairs_.push_back(pair);
  }
}

const PriceSet* EarlierPlan::Prices(PricePurpose purpose) const {
  if (before_.problem == nullptr || before_.result == nullptr) return nullptr;
  for (const PriceSet& set : before_.result->certificate.price_sets) {
    const bool whole = set.prices.size() == set.nodes.size() * set.components.size();
    if (set.purpose == purpose && whole) return &set;
  }
  return nullptr;
}

std::vector<absl::int128> EarlierPlan::MentorFigures(const ValueSpace& space) const {
  const PriceSet* const set = Prices(PricePurpose::kPlan);
  if (set == nullptr) return {};
  const std::vector<int> places = PlacesOfComponents(space, 1, space.points() + 1, set->components);
  std::vector<absl::int128> figures(problem_.mentors.size() * places.size(), 0);
  for (size_t row = 0; row < set->nodes.size(); ++row) {
    const NodeRef& node = set->nodes[row];
    const int32_t mentor = node.kind == NodeKind::kMentor ? At(mentors_, node.index) : -1;
    if (mentor < 0) continue;
    for (size_t c = 0; c < places.size(); ++c) {
      if (places[c] < 0) continue;
      figures[static_cast<size_t>(mentor) * places.size() + c] =
          set->prices[row * set->components.size() + static_cast<size_t>(places[c])];
    }
  }
  return figures;
}

FlowStart EarlierPlan::StartOf(const Network& network, const ValueSpace& space,
                               PricePurpose purpose) const {
  FlowStart start;
  const PriceSet* const set = Prices(purpose);
  if (set == nullptr) return start;
  absl::flat_hash_map<NodeKey, size_t> rows;
  rows.reserve(set->nodes.size());
  for (size_t row = 0; row < set->nodes.size(); ++row) {
    const NodeRef& node = set->nodes[row];
    int32_t index = node.index;
    if (node.kind == NodeKind::kNeed) index = At(needs_, index);
    if (node.kind == NodeKind::kMentor || node.kind == NodeKind::kMentorRequest) {
      index = At(mentors_, index);
    }
    if (node.kind == NodeKind::kNeedQuota || node.kind == NodeKind::kMentorQuota) {
      index = At(quotas_, index);
    }
    rows[KeyOf(node.kind, index, node.name)] = row;
  }
  const std::vector<int> places = PlacesOfComponents(space, 0, space.size(), set->components);
  const auto size = static_cast<size_t>(space.size());
  std::vector<absl::int128> prices(network.nodes.size() * size, 0);
  for (size_t v = 0; v < network.nodes.size(); ++v) {
    const NodeRef& node = network.nodes[v];
    const auto row = rows.find(KeyOf(node.kind, node.index, node.name));
    if (row == rows.end()) continue;
    for (size_t c = 0; c < size; ++c) {
      if (places[c] < 0) continue;
      const absl::int128 price =
          set->prices[row->second * set->components.size() + static_cast<size_t>(places[c])];
      if (!space.MayBePrice(static_cast<int>(c), price)) return start;
      prices[v * size + c] = price;
    }
  }
  start.flow = FlowOfPlan(network, Chosen());
  start.prices = std::move(prices);
  return start;
}

std::vector<bool> EarlierPlan::Chosen() const {
  // The mentors of each need, from first[need] to before first[need + 1].
  std::vector<int32_t> first(problem_.needs.size() + 1, 0);
  for (const PairRef& pair : pairs_) ++first[pair.need];
  int32_t sum = 0;
  for (int32_t& end : first) end = sum += end;
  std::vector<int32_t> mentors(pairs_.size());
  for (const PairRef& pair : pairs_) mentors[--first[pair.need]] = pair.mentor;
  std::vector<bool> chosen(problem_.pairs.size(), false);
  for (size_t i = 0; i < problem_.pairs.size(); ++i) {
    const AssignmentPair& pair = problem_.pairs[i];
    const auto begin = mentors.begin() + first[pair.need];
    const auto end = mentors.begin() + first[pair.need + 1];
    chosen[i] = std::find(begin, end, pair.mentor) != end;
  }
  return chosen;
}

}  // namespace tandem::engine
