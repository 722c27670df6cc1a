#include "services/matching/cohorts/cohort_problem.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace tandem::matching {
namespace {

using ::tandem::engine::AssignmentPair;
using ::tandem::engine::AssignmentProblem;

// Where each entry of the inputs stands in the problem: in the order of the ids. -1: nowhere.
using Positions = std::vector<int32_t>;

template <typename T>
Positions InOrderOfIds(const std::vector<T>& entries, const std::vector<bool>& used) {
  std::vector<int32_t> order(entries.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](int32_t a, int32_t b) { return entries[a].id < entries[b].id; });
  Positions positions(entries.size(), -1);
  int32_t next = 0;
  for (int32_t index : order) {
    if (used[index]) positions[index] = next++;
  }
  return positions;
}

Positions MentorPositions(const CohortInputs& inputs) {
  std::vector<bool> used(inputs.mentors.size(), false);
  for (const EligiblePair& pair : inputs.pairs) used[pair.mentor] = true;
  for (const ActiveMatch& match : inputs.active) used[match.mentor] = true;
  return InOrderOfIds(inputs.mentors, used);
}

bool SameCell(const AssignmentPair& a, const AssignmentPair& b) {
  return a.need == b.need && a.mentor == b.mentor;
}

bool CellBefore(const AssignmentPair& a, const AssignmentPair& b) {
  return std::tie(a.need, a.mentor) < std::tie(b.need, b.mentor);
}

// All pairs in order, an active one at its recorded score instead of today's.
std::vector<AssignmentPair> Pairs(const CohortInputs& inputs, const Positions& needs,
                                  const Positions& mentors) {
  std::vector<AssignmentPair> pairs;
  pairs.reserve(inputs.pairs.size() + inputs.active.size());
  for (const ActiveMatch& match : inputs.active) {
    pairs.push_back({needs[match.need], mentors[match.mentor], match.score, engine::kSameScore});
  }
  for (const EligiblePair& pair : inputs.pairs) {
    pairs.push_back({needs[pair.need], mentors[pair.mentor], pair.score, engine::kSameScore});
  }
  std::stable_sort(pairs.begin(), pairs.end(), CellBefore);  // the active one stands first
  pairs.erase(std::unique(pairs.begin(), pairs.end(), SameCell), pairs.end());
  return pairs;
}

void AddNeeds(const CohortInputs& inputs, const Positions& positions, AssignmentProblem* problem) {
  problem->needs.resize(inputs.needs.size());
  for (size_t i = 0; i < inputs.needs.size(); ++i) {
    const CohortNeed& need = inputs.needs[i];
    engine::AssignmentNeed& target = problem->needs[positions[i]];
    target.id = need.id;
    target.min = need.min_mentors;
    target.max = need.max_mentors;
    target.tier = need.tier;
    target.beneficiary = need.beneficiary;
    target.request = need.request;
    target.quota = need.quota;
  }
}

// What each mentor could take on beside the active matches.
std::vector<std::vector<MonthlyWork>> WantedWork(const CohortInputs& inputs) {
  std::vector<std::pair<int32_t, int32_t>> active;
  for (const ActiveMatch& match : inputs.active) active.emplace_back(match.need, match.mentor);
  std::sort(active.begin(), active.end());
  std::vector<std::vector<MonthlyWork>> wanted(inputs.mentors.size());
  for (const EligiblePair& pair : inputs.pairs) {
    const std::pair<int32_t, int32_t> cell(pair.need, pair.mentor);
    if (std::binary_search(active.begin(), active.end(), cell)) continue;
    wanted[pair.mentor].push_back(inputs.needs[pair.need].work);
  }
  return wanted;
}

void AddMentors(const CohortInputs& inputs, const Positions& positions, HoursRule rule,
                AssignmentProblem* problem) {
  const std::vector<std::vector<MonthlyWork>> wanted = WantedWork(inputs);
  problem->mentors.resize(std::count_if(positions.begin(), positions.end(),
                                        [](int32_t position) { return position >= 0; }));
  for (size_t i = 0; i < inputs.mentors.size(); ++i) {
    if (positions[i] < 0) continue;
    const Capacity& capacity = inputs.mentors[i].capacity;
    engine::AssignmentMentor& target = problem->mentors[positions[i]];
    target.id = inputs.mentors[i].id;
    target.quota = inputs.mentors[i].quota;
    target.max = rule == HoursRule::kConservative ? PlacesByHours(capacity, wanted[i])
                                                  : PlacesByEngagements(capacity, wanted[i]);
  }
}

// Pins the active matches: they take places of their own, beside those that are left.
void PinActive(const CohortInputs& inputs, const Positions& needs, const Positions& mentors,
               AssignmentProblem* problem) {
  std::vector<int64_t> accepted(problem->needs.size(), 0);
  for (const ActiveMatch& match : inputs.active) {
    problem->pinned.push_back({needs[match.need], mentors[match.mentor]});
    ++problem->mentors[mentors[match.mentor]].max;
    ++accepted[needs[match.need]];
  }
  for (size_t i = 0; i < accepted.size(); ++i) {
    problem->needs[i].max = std::max(problem->needs[i].max, accepted[i]);
  }
  const std::vector<int64_t> of_quotas = AcceptedOfQuotas(inputs);
  for (size_t i = 0; i < of_quotas.size(); ++i) {
    engine::AssignmentQuota& quota = problem->quotas[i];
    if (quota.max != engine::kUnlimited) quota.max = std::max(quota.max, of_quotas[i]);
  }
  std::sort(problem->pinned.begin(), problem->pinned.end(),
            [](const engine::PairRef& a, const engine::PairRef& b) {
              return std::tie(a.need, a.mentor) < std::tie(b.need, b.mentor);
            });
}

}  // namespace

AssignmentProblem BuildProblem(const CohortInputs& inputs, HoursRule rule) {
  const Positions needs = InOrderOfIds(inputs.needs, std::vector<bool>(inputs.needs.size(), true));
  const Positions mentors = MentorPositions(inputs);
  AssignmentProblem problem;
  problem.objective = inputs.objective;
  problem.seed = inputs.seed;
  problem.quotas = inputs.quotas;
  if (inputs.previous.has_value()) {
    problem.has_previous = true;
    problem.previous = inputs.previous->pairs;
    problem.change_penalty = inputs.change_penalty;
  }
  AddNeeds(inputs, needs, &problem);
  AddMentors(inputs, mentors, rule, &problem);
  PinActive(inputs, needs, mentors, &problem);
  problem.pairs = Pairs(inputs, needs, mentors);
  return problem;
}

std::vector<int64_t> AcceptedOfQuotas(const CohortInputs& inputs) {
  std::vector<int64_t> accepted(inputs.quotas.size(), 0);
  const auto count = [&](int32_t quota) {
    for (; quota >= 0; quota = inputs.quotas[quota].parent) ++accepted[quota];
  };
  for (const ActiveMatch& match : inputs.active) {
    count(inputs.needs[match.need].quota);
    count(inputs.mentors[match.mentor].quota);
  }
  return accepted;
}

std::vector<std::string> OvercommittedMentors(const CohortInputs& inputs) {
  std::vector<std::string> overcommitted;
  for (const CohortMentor& mentor : inputs.mentors) {
    if (Overcommitted(mentor.capacity)) overcommitted.push_back(mentor.id);
  }
  std::sort(overcommitted.begin(), overcommitted.end());
  return overcommitted;
}

}  // namespace tandem::matching
