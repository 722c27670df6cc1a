#include "services/matching/engine/assignment/testing/oracle.h"

#include <algorithm>
#include <limits>
#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/matching/engine/assignment/draws.h"

namespace tandem::engine::testing {
namespace {

bool Holds(const std::vector<PairRef>& list, const AssignmentPair& pair) {
  return std::find(list.begin(), list.end(), PairRef{pair.need, pair.mentor}) != list.end();
}

bool InQuota(const AssignmentProblem& problem, int32_t innermost, int32_t quota) {
  for (int32_t q = innermost; q >= 0; q = problem.quotas[q].parent) {
    if (q == quota) return true;
  }
  return false;
}

int64_t LoadOfQuota(const AssignmentProblem& problem, const Plan& plan, int32_t quota) {
  int64_t load = 0;
  for (int32_t index : plan) {
    const AssignmentPair& pair = problem.pairs[index];
    const int32_t innermost = problem.quotas[quota].side == Side::kNeed
                                  ? problem.needs[pair.need].quota
                                  : problem.mentors[pair.mentor].quota;
    load += InQuota(problem, innermost, quota) ? 1 : 0;
  }
  return load;
}

class PlanLister {
 public:
  explicit PlanLister(const AssignmentProblem& problem)
      : problem_(problem), need_(problem.needs.size(), 0), mentor_(problem.mentors.size(), 0) {}

  std::vector<Plan> List() {
    for (const PairRef& pin : problem_.pinned) {
      const bool allowed =
          std::any_of(problem_.pairs.begin(), problem_.pairs.end(), [&](const AssignmentPair& p) {
            return PairRef{p.need, p.mentor} == pin && !Holds(problem_.forbidden, p);
          });
      if (!allowed) return {};
    }
    Extend(0);
    return std::move(plans_);
  }

 private:
  void Extend(size_t at) {
    if (at == problem_.pairs.size()) {
      if (Complete()) plans_.push_back(plan_);
      return;
    }
    const AssignmentPair& pair = problem_.pairs[at];
    if (!Holds(problem_.pinned, pair)) Extend(at + 1);
    if (Holds(problem_.forbidden, pair) || need_[pair.need] >= problem_.needs[pair.need].max ||
        mentor_[pair.mentor] >= problem_.mentors[pair.mentor].max) {
      return;
    }
    for (int32_t other : plan_) {
      const AssignmentPair& chosen = problem_.pairs[other];
      if (chosen.mentor == pair.mentor &&
          RequestOf(problem_.needs[chosen.need]) == RequestOf(problem_.needs[pair.need])) {
        return;
      }
    }
    ++need_[pair.need];
    ++mentor_[pair.mentor];
    plan_.push_back(static_cast<int32_t>(at));
    Extend(at + 1);
    plan_.pop_back();
    --need_[pair.need];
    --mentor_[pair.mentor];
  }

  bool Complete() const {
    for (size_t i = 0; i < need_.size(); ++i) {
      if (need_[i] < problem_.needs[i].min) return false;
    }
    for (size_t i = 0; i < mentor_.size(); ++i) {
      if (mentor_[i] < problem_.mentors[i].min) return false;
    }
    for (size_t q = 0; q < problem_.quotas.size(); ++q) {
      const int64_t load = LoadOfQuota(problem_, plan_, static_cast<int32_t>(q));
      const int64_t max = problem_.quotas[q].max;
      if (load < problem_.quotas[q].min || (max != kUnlimited && load > max)) return false;
    }
    return true;
  }

  const AssignmentProblem& problem_;
  std::vector<int64_t> need_;
  std::vector<int64_t> mentor_;
  Plan plan_;
  std::vector<Plan> plans_;
};

int64_t DrawOf(const AssignmentProblem& problem, const AssignmentPair& pair, uint64_t seed) {
  return Draw(seed, IdHash(problem.needs[pair.need].id), IdHash(problem.mentors[pair.mentor].id));
}

void AddFilling(const AssignmentProblem& problem, const Plan& plan,
                std::vector<absl::int128>* value) {
  for (int tier = 1; tier <= 9; ++tier) {
    std::set<int32_t> served;
    int64_t slots = 0;
    for (int32_t index : plan) {
      const int32_t need = problem.pairs[index].need;
      if (problem.needs[need].tier != tier) continue;
      served.insert(need);
      ++slots;
    }
    value->push_back(static_cast<int64_t>(served.size()));
    value->push_back(slots);
  }
}

// Larger is better; the id last, where the smaller one is better.
struct Rank {
  std::tuple<int64_t, int64_t, int64_t, int64_t> numbers;
  std::string other;
  bool operator<(const Rank& b) const {
    return numbers != b.numbers ? numbers < b.numbers : other > b.other;
  }
};

Rank NeedsRank(const AssignmentProblem& problem, const AssignmentPair& pair) {
  return {
      {0, pair.score, DrawOf(problem, pair, problem.seed), DrawOf(problem, pair, problem.seed + 1)},
      problem.mentors[pair.mentor].id};
}

Rank MentorsRank(const AssignmentProblem& problem, const AssignmentPair& pair) {
  const int64_t score = pair.mentor_score == kSameScore ? pair.score : pair.mentor_score;
  return {{-problem.needs[pair.need].tier, score, DrawOf(problem, pair, problem.seed),
           DrawOf(problem, pair, problem.seed + 1)},
          problem.needs[pair.need].id};
}

struct NamedArc {
  std::string tail;
  std::string head;
  int64_t min;
  int64_t max;
};

constexpr int64_t kManyUnits = 1'000'000;

// The network by names, minimums and maximums only: parallel arcs are one here.
std::vector<NamedArc> NamedNetwork(const AssignmentProblem& problem) {
  std::vector<NamedArc> arcs;
  const auto quota_name = [&](int32_t quota) {
    return quota < 0 ? std::string("ground") : problem.quotas[quota].id;
  };
  for (const AssignmentQuota& quota : problem.quotas) {
    NamedArc arc = {quota_name(quota.parent), quota.id, quota.min,
                    quota.max == kUnlimited ? kManyUnits : quota.max};
    if (quota.side == Side::kMentor) std::swap(arc.tail, arc.head);
    arcs.push_back(arc);
  }
  std::set<std::string> beneficiaries;
  std::map<std::string, int> roles;
  for (const AssignmentNeed& need : problem.needs) {
    ++roles[RequestOf(need)];
    std::string from = quota_name(need.quota);
    if (problem.objective == Objective::kCoverage) {
      const std::string name = absl::StrCat("b:", BeneficiaryOf(need));
      if (beneficiaries.insert(name).second) arcs.push_back({from, name, 0, kManyUnits});
      from = name;
    }
    arcs.push_back({from, need.id, need.min, need.max});
  }
  std::set<std::string> doubles;
  for (const AssignmentPair& pair : problem.pairs) {
    if (Holds(problem.forbidden, pair)) continue;
    const std::string& mentor = problem.mentors[pair.mentor].id;
    const std::string& request = RequestOf(problem.needs[pair.need]);
    std::string to = mentor;
    if (roles[request] > 1) {
      to = absl::StrCat(mentor, "/", request);
      if (doubles.insert(to).second) arcs.push_back({to, mentor, 0, 1});
    }
    arcs.push_back({problem.needs[pair.need].id, to, Holds(problem.pinned, pair) ? 1 : 0, 1});
  }
  for (const AssignmentMentor& mentor : problem.mentors) {
    arcs.push_back({mentor.id, quota_name(mentor.quota), mentor.min, mentor.max});
  }
  return arcs;
}

}  // namespace

std::vector<Plan> AllPlans(const AssignmentProblem& problem) { return PlanLister(problem).List(); }

std::vector<absl::int128> ValueOf(const AssignmentProblem& problem, const Plan& plan) {
  absl::int128 points = 0;
  absl::int128 floor = std::numeric_limits<int64_t>::max();
  absl::int128 draws = 0;
  absl::int128 draws2 = 0;
  int64_t changed = static_cast<int64_t>(problem.previous.size());
  std::set<std::string> beneficiaries;
  for (int32_t index : plan) {
    const AssignmentPair& pair = problem.pairs[index];
    points += pair.score;
    draws += DrawOf(problem, pair, problem.seed);
    draws2 += DrawOf(problem, pair, problem.seed + 1);
    beneficiaries.insert(BeneficiaryOf(problem.needs[pair.need]));
    if (!Holds(problem.pinned, pair)) floor = std::min<absl::int128>(floor, pair.score);
    for (const PairOfIds& previous : problem.previous) {
      if (previous.need == problem.needs[pair.need].id &&
          previous.mentor == problem.mentors[pair.mentor].id) {
        --changed;
      }
    }
  }
  points -= absl::int128(problem.change_penalty) * changed;
  std::vector<absl::int128> value;
  if (problem.objective == Objective::kCoverage) {
    value.push_back(static_cast<int64_t>(beneficiaries.size()));
  }
  if (problem.fill == Fill::kFirst) AddFilling(problem, plan, &value);
  if (problem.objective == Objective::kFloor) value.push_back(floor);
  value.push_back(points);
  value.push_back(-changed);
  if (problem.fill == Fill::kOptional) value.push_back(static_cast<int64_t>(plan.size()));
  value.push_back(draws);
  value.push_back(draws2);
  return value;
}

std::vector<int32_t> BlockingPairs(const AssignmentProblem& problem, const Plan& plan) {
  std::vector<int32_t> blocking;
  for (size_t i = 0; i < problem.pairs.size(); ++i) {
    const AssignmentPair& pair = problem.pairs[i];
    if (Holds(problem.forbidden, pair)) continue;
    if (std::find(plan.begin(), plan.end(), static_cast<int32_t>(i)) != plan.end()) continue;
    const std::string& request = RequestOf(problem.needs[pair.need]);
    int64_t need_load = 0;
    int64_t mentor_load = 0;
    bool need_would_swap = false;
    bool mentor_would_swap = false;
    bool serves_request = false;
    bool would_swap_role = false;
    for (int32_t index : plan) {
      const AssignmentPair& chosen = problem.pairs[index];
      const bool pinned = Holds(problem.pinned, chosen);
      if (chosen.need == pair.need) {
        ++need_load;
        need_would_swap |= !pinned && NeedsRank(problem, chosen) < NeedsRank(problem, pair);
      }
      if (chosen.mentor == pair.mentor) {
        ++mentor_load;
        const bool would = !pinned && MentorsRank(problem, chosen) < MentorsRank(problem, pair);
        mentor_would_swap |= would;
        if (RequestOf(problem.needs[chosen.need]) == request) {
          serves_request = true;
          would_swap_role = would;
        }
      }
    }
    const bool need_wants = need_would_swap || need_load < problem.needs[pair.need].max;
    const bool has_room = mentor_load < problem.mentors[pair.mentor].max;
    const bool mentor_wants = serves_request ? would_swap_role : mentor_would_swap || has_room;
    if (need_wants && mentor_wants) blocking.push_back(static_cast<int32_t>(i));
  }
  return blocking;
}

bool IsStable(const AssignmentProblem& problem, const Plan& plan) {
  return BlockingPairs(problem, plan).empty();
}

bool EveryNeedLikes(const AssignmentProblem& problem, const Plan& a, const Plan& b) {
  for (size_t need = 0; need < problem.needs.size(); ++need) {
    const auto ranks = [&](const Plan& plan) {
      std::vector<Rank> of_need;
      for (int32_t index : plan) {
        const AssignmentPair& pair = problem.pairs[index];
        if (pair.need == static_cast<int32_t>(need) && !Holds(problem.pinned, pair)) {
          of_need.push_back(NeedsRank(problem, pair));
        }
      }
      std::sort(of_need.rbegin(), of_need.rend(),
                [](const Rank& x, const Rank& y) { return x < y; });
      return of_need;
    };
    const std::vector<Rank> in_a = ranks(a);
    const std::vector<Rank> in_b = ranks(b);
    if (in_a.size() < in_b.size()) return false;
    for (size_t i = 0; i < in_b.size(); ++i) {
      if (in_a[i] < in_b[i]) return false;
    }
  }
  return true;
}

bool FindLeastCutByEnumeration(const AssignmentProblem& problem, int max_nodes, LeastCut* cut) {
  const std::vector<NamedArc> arcs = NamedNetwork(problem);
  std::map<std::string, int> number = {{"ground", 0}};
  std::vector<std::string> names = {"ground"};
  for (const NamedArc& arc : arcs) {
    for (const std::string& name : {arc.tail, arc.head}) {
      if (!number.emplace(name, static_cast<int>(names.size())).second) continue;
      names.push_back(name);
    }
  }
  if (static_cast<int>(names.size()) > max_nodes) return false;
  std::vector<std::pair<int, int>> ends;
  for (const NamedArc& arc : arcs) ends.emplace_back(number[arc.tail], number[arc.head]);
  // What crosses the border of a set: minimums one way, maximums the other.
  const auto crossing = [&](uint32_t set, bool enters) {
    std::pair<int64_t, int64_t> demand_and_supply = {0, 0};
    for (size_t i = 0; i < arcs.size(); ++i) {
      const bool tail_in = (set >> ends[i].first) & 1;
      const bool head_in = (set >> ends[i].second) & 1;
      if (tail_in == head_in) continue;
      if (head_in == enters) {
        demand_and_supply.first += arcs[i].min;
      } else {
        demand_and_supply.second += arcs[i].max;
      }
    }
    return demand_and_supply;
  };
  const uint32_t all = (uint32_t{1} << names.size()) - 1;
  int64_t largest = 0;
  uint32_t least = 0;          // Of sets without the ground: what all of them share.
  uint32_t least_outside = 0;  // Of sets with it: what all of their complements share.
  for (uint32_t set = 1; set < all; ++set) {
    const auto [demand, supply] = crossing(set, /*enters=*/true);
    if (demand - supply < largest || demand <= supply) continue;
    if (demand - supply > largest) least = least_outside = 0;
    largest = demand - supply;
    uint32_t& shared = (set & 1) != 0 ? least_outside : least;
    const uint32_t side = (set & 1) != 0 ? all & ~set : set;
    shared = shared == 0 ? side : shared & side;
  }
  const uint32_t chosen = least != 0 ? least : least_outside;
  for (size_t i = 0; i < names.size(); ++i) {
    if ((chosen >> i) & 1) cut->nodes.insert(names[i]);
  }
  std::tie(cut->demand, cut->supply) = crossing(chosen, /*enters=*/least != 0);
  return true;
}

}  // namespace tandem::engine::testing
