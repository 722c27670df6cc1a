// Nested groups of needs, or of mentors, that may take only so many units in all: quotas with a
// maximum, as a market sees them. Plain data; thread-safe.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_GROUPS_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_GROUPS_H_

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "services/matching/engine/assignment/bipartite/graph.h"
#include "services/matching/engine/assignment/problem.h"

namespace tandem::engine::bipartite {

struct Groups {
  std::vector<int32_t> of_member;  // By need, or mentor: the innermost group, or -1.
  std::vector<int32_t> parent;     // By group: the next larger one, or -1.
  std::vector<int64_t> room;       // By group: how many units its members may take in all.

  bool empty() const { return room.empty(); }

  // The units of a group's members, those of the groups in it included. `units` by member.
  std::vector<int64_t> Sums(const std::vector<int32_t>& units) const {
    std::vector<int64_t> sums(room.size(), 0);
    for (size_t m = 0; m < units.size(); ++m) {
      for (int32_t g = of_member[m]; g >= 0; g = parent[g]) sums[g] += units[m];
    }
    return sums;
  }

  // How many of the units are beyond the limits, those of each group apart.
  int64_t Excess(const std::vector<int32_t>& units) const {
    const std::vector<int64_t> sums = Sums(units);
    int64_t excess = 0;
    for (size_t g = 0; g < room.size(); ++g) excess += std::max<int64_t>(sums[g] - room[g], 0);
    return excess;
  }

  // How many units the members can take in all. `most` by member: how many each could.
  int64_t Allowed(const std::vector<int32_t>& most) const {
    std::vector<int64_t> units(room.size(), 0);
    int64_t allowed = 0;
    for (size_t m = 0; m < most.size(); ++m) {
      (of_member[m] < 0 ? allowed : units[of_member[m]]) += most[m];
    }
    std::vector<std::pair<int32_t, int32_t>> inner_first;  // Minus how many are around it, group.
    for (size_t k = 0; k < parent.size(); ++k) {
      int32_t around = 0;
      for (int32_t g = parent[k]; g >= 0; g = parent[g]) ++around;
      inner_first.emplace_back(-around, static_cast<int32_t>(k));
    }
    std::sort(inner_first.begin(), inner_first.end());
    for (const auto& [around, g] : inner_first) {
      (parent[g] < 0 ? allowed : units[parent[g]]) += std::min(units[g], room[g]);
    }
    return allowed;
  }
};

// The groups of one side's quotas, with the problem's indices, as far as pins leave room; empty if
// none has a maximum.
inline Groups GroupsOf(const AssignmentProblem& problem, const PinnedLoad& pinned, Side side) {
  constexpr int64_t kAnyNumber = int64_t{1} << 60;
  Groups groups;
  const auto is_limit = [side](const AssignmentQuota& quota) {
    return quota.side == side && quota.max != kUnlimited;
  };
  if (std::none_of(problem.quotas.begin(), problem.quotas.end(), is_limit)) return groups;
  for (const AssignmentQuota& quota : problem.quotas) {
    groups.parent.push_back(quota.parent);
    groups.room.push_back(is_limit(quota) ? quota.max : kAnyNumber);
  }
  const auto add = [&groups](int32_t group, int32_t pins) {
    groups.of_member.push_back(group);
    for (int32_t g = group; g >= 0; g = groups.parent[g]) groups.room[g] -= pins;
  };
  if (side == Side::kNeed) {
    int32_t i = 0;
    for (const AssignmentNeed& need : problem.needs) add(need.quota, pinned.OfNeed(i++));
  } else {
    int32_t j = 0;
    for (const AssignmentMentor& mentor : problem.mentors) add(mentor.quota, pinned.OfMentor(j++));
  }
  return groups;
}

}  // namespace tandem::engine::bipartite

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_GROUPS_H_
