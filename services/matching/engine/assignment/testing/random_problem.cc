#include "services/matching/engine/assignment/testing/random_problem.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <numeric>
#include <random>
#include <set>
#include <sstream>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace tandem::engine::testing {
namespace {

class Generator {
 public:
  explicit Generator(uint64_t seed) : random_(seed) {}

  AssignmentProblem Draw() {
    AssignmentProblem problem;
    problem.objective = static_cast<Objective>(Below(4));
    problem.seed = Chance(2) ? 0 : random_();
    if (problem.objective == Objective::kTotal && Chance(2)) problem.fill = Fill::kOptional;
    simple_ = problem.objective == Objective::kStable;
    AddQuotas(&problem);
    AddParties(&problem);
    AddPairs(&problem);
    AddPrevious(&problem);
    return problem;
  }

 private:
  int Below(int n) { return static_cast<int>(random_() % static_cast<uint64_t>(n)); }
  bool Chance(int one_in) { return Below(one_in) == 0; }

  void AddQuotas(AssignmentProblem* problem) {
    if (simple_ || Chance(2)) return;
    const int count = 1 + Below(4);
    for (int i = 0; i < count; ++i) {
      AssignmentQuota quota;
      quota.id = absl::StrCat("q", i);
      quota.side = Chance(2) ? Side::kNeed : Side::kMentor;
      quota.max = Chance(3) ? kUnlimited : Below(4);
      if (Chance(4))
        quota.min = quota.max == kUnlimited ? Below(3) : Below(static_cast<int>(quota.max) + 1);
      if (i > 0 && Chance(2)) {
        const int parent = Below(i);
        if (problem->quotas[parent].side == quota.side) quota.parent = parent;
      }
      problem->quotas.push_back(quota);
    }
  }

  int32_t SomeQuota(const AssignmentProblem& problem, Side side) {
    if (problem.quotas.empty() || Chance(3)) return -1;
    const int32_t quota = Below(static_cast<int>(problem.quotas.size()));
    return problem.quotas[quota].side == side ? quota : -1;
  }

  void AddParties(AssignmentProblem* problem) {
    const int needs = 1 + Below(4);
    const int tiers = 1 + Below(3);
    const bool several_roles = !simple_ && Chance(3);
    const bool minimums = !simple_ && Chance(3);
    std::vector<int32_t> quota_of_beneficiary = {-2, -2, -2};
    for (int i = 0; i < needs; ++i) {
      AssignmentNeed need;
      need.id = absl::StrCat("n", i);
      need.max = Below(8) == 0 ? 0 : 1 + Below(2 + Below(2));
      if (minimums && Chance(3)) need.min = Below(static_cast<int>(need.max) + 1);
      need.tier = 1 + Below(tiers);
      need.quota = SomeQuota(*problem, Side::kNeed);
      if (several_roles && Chance(2)) need.request = absl::StrCat("r", Below(2));
      if (Chance(2)) {
        const int beneficiary = Below(3);
        need.beneficiary = absl::StrCat("b", beneficiary);
        int32_t& quota = quota_of_beneficiary[beneficiary];
        if (quota == -2) quota = need.quota;
        if (problem->objective == Objective::kCoverage) need.quota = quota;
      }
      problem->needs.push_back(need);
    }
    const int mentors = 1 + Below(4);
    for (int i = 0; i < mentors; ++i) {
      AssignmentMentor mentor;
      mentor.id = absl::StrCat("m", i);
      mentor.max = Below(8) == 0 ? 0 : 1 + Below(1 + Below(3));
      if (minimums && Chance(4)) mentor.min = Below(static_cast<int>(mentor.max) + 1);
      mentor.quota = SomeQuota(*problem, Side::kMentor);
      problem->mentors.push_back(mentor);
    }
  }

  int64_t Score(int kind) {
    if (kind == 0) return 1;
    if (kind == 1) return Below(3);
    if (kind == 2) return Chance(2) ? 0 : kMaxScore;
    return Below(1'000'000);
  }

  void AddPairs(AssignmentProblem* problem) {
    const int kind = Below(4);
    const int sparsity = 1 + Below(3);
    const bool mentor_scores = Chance(2);
    for (size_t n = 0; n < problem->needs.size(); ++n) {
      for (size_t m = 0; m < problem->mentors.size(); ++m) {
        const PairRef ref = {static_cast<int32_t>(n), static_cast<int32_t>(m)};
        if (Below(40) == 0) problem->pinned.push_back(ref);
        if (Below(30) == 0) problem->forbidden.push_back(ref);
        if (!Chance(sparsity) || problem->pairs.size() >= 10) continue;
        AssignmentPair pair;
        pair.need = ref.need;
        pair.mentor = ref.mentor;
        pair.score = Score(kind);
        if (mentor_scores && Chance(2)) pair.mentor_score = Score(kind);
        problem->pairs.push_back(pair);
        const bool pinned = !problem->pinned.empty() && problem->pinned.back() == ref;
        if (!pinned && Below(15) == 0) problem->pinned.push_back(ref);
      }
    }
  }

  void AddPrevious(AssignmentProblem* problem) {
    if (simple_ || !Chance(3)) return;
    problem->has_previous = true;
    if (Chance(2)) problem->change_penalty = Chance(2) ? 1 : Below(500'000);
    std::set<std::pair<std::string, std::string>> pairs;
    for (int i = Below(5); i > 0; --i) {
      pairs.insert({absl::StrCat("n", Below(5)), absl::StrCat("m", Below(5))});
    }
    for (const auto& [need, mentor] : pairs) problem->previous.push_back({need, mentor});
  }

  std::mt19937_64 random_;
  bool simple_ = false;  // What kStable takes.
};

// A random order of `n` things, and where each went.
struct Permutation {
  Permutation(size_t n, std::mt19937_64& random) : order(n), place(n) {
    std::iota(order.begin(), order.end(), 0);
    std::shuffle(order.begin(), order.end(), random);
    for (size_t i = 0; i < n; ++i) place[order[i]] = static_cast<int32_t>(i);
  }
  int32_t Place(int32_t old) const { return old < 0 ? old : place[old]; }

  std::vector<int32_t> order;
  std::vector<int32_t> place;
};

template <typename T>
std::vector<T> Reordered(const std::vector<T>& things, const Permutation& permutation) {
  std::vector<T> reordered;
  for (int32_t old : permutation.order) reordered.push_back(things[old]);
  return reordered;
}

std::string NodeName(const AssignmentProblem& problem, const NodeRef& node) {
  switch (node.kind) {
    case NodeKind::kGround:
      return "ground";
    case NodeKind::kNeedQuota:
    case NodeKind::kMentorQuota:
      return problem.quotas[node.index].id;
    case NodeKind::kBeneficiary:
      return node.name;
    case NodeKind::kNeed:
      return problem.needs[node.index].id;
    case NodeKind::kMentorRequest:
      return absl::StrCat(problem.mentors[node.index].id, "/", node.name);
    case NodeKind::kMentor:
      return problem.mentors[node.index].id;
  }
  return "";
}

void Print(std::ostream& out, const AssignmentProblem& problem, const Conflict& conflict) {
  out << "conflict needs";
  for (int32_t need : conflict.needs) out << " " << problem.needs[need].id;
  out << " mentors";
  for (int32_t mentor : conflict.mentors) out << " " << problem.mentors[mentor].id;
  out << " quotas";
  for (int32_t quota : conflict.quotas) out << " " << problem.quotas[quota].id;
  out << " beneficiaries";
  for (const std::string& name : conflict.beneficiaries) out << " " << name;
  out << " roles";
  for (const NodeRef& node : conflict.mentor_requests) out << " " << NodeName(problem, node);
  out << " pins";
  for (const PairRef& pin : conflict.pins) {
    out << " " << problem.needs[pin.need].id << "-" << problem.mentors[pin.mentor].id;
  }
  out << " demand " << conflict.demand << (conflict.demand_enters ? " in" : " out") << " supply "
      << conflict.supply << "\n";
}

}  // namespace

AssignmentProblem RandomProblem(uint64_t seed) { return Generator(seed).Draw(); }

AssignmentProblem Shuffled(const AssignmentProblem& problem, uint64_t seed) {
  std::mt19937_64 random(seed);
  const Permutation needs(problem.needs.size(), random);
  const Permutation mentors(problem.mentors.size(), random);
  const Permutation quotas(problem.quotas.size(), random);
  AssignmentProblem shuffled = problem;
  shuffled.needs = Reordered(problem.needs, needs);
  shuffled.mentors = Reordered(problem.mentors, mentors);
  shuffled.quotas = Reordered(problem.quotas, quotas);
  for (AssignmentNeed& need : shuffled.needs) need.quota = quotas.Place(need.quota);
  for (AssignmentMentor& mentor : shuffled.mentors) mentor.quota = quotas.Place(mentor.quota);
  for (AssignmentQuota& quota : shuffled.quotas) quota.parent = quotas.Place(quota.parent);
  const auto move = [&](auto& pairs) {
    for (auto& pair : pairs) {
      pair.need = needs.Place(pair.need);
      pair.mentor = mentors.Place(pair.mentor);
    }
    std::shuffle(pairs.begin(), pairs.end(), random);
  };
  move(shuffled.pairs);
  move(shuffled.pinned);
  move(shuffled.forbidden);
  std::shuffle(shuffled.previous.begin(), shuffled.previous.end(), random);
  return shuffled;
}

std::string Describe(const AssignmentProblem& problem) {
  std::ostringstream out;
  out << "objective " << static_cast<int>(problem.objective) << " fill "
      << static_cast<int>(problem.fill) << " seed " << problem.seed << "\n";
  for (const AssignmentQuota& quota : problem.quotas) {
    out << "quota " << quota.id << (quota.side == Side::kNeed ? " need " : " mentor ") << quota.min
        << ".." << quota.max << " parent " << quota.parent << "\n";
  }
  for (const AssignmentNeed& need : problem.needs) {
    out << "need " << need.id << " " << need.min << ".." << need.max << " tier " << need.tier
        << " beneficiary " << BeneficiaryOf(need) << " request " << RequestOf(need) << " quota "
        << need.quota << "\n";
  }
  for (const AssignmentMentor& mentor : problem.mentors) {
    out << "mentor " << mentor.id << " " << mentor.min << ".." << mentor.max << " quota "
        << mentor.quota << "\n";
  }
  for (const AssignmentPair& pair : problem.pairs) {
    out << "pair " << problem.needs[pair.need].id << " " << problem.mentors[pair.mentor].id << " "
        << pair.score << " " << pair.mentor_score << "\n";
  }
  for (const PairRef& pair : problem.pinned) {
    out << "pin " << problem.needs[pair.need].id << " " << problem.mentors[pair.mentor].id << "\n";
  }
  for (const PairRef& pair : problem.forbidden) {
    out << "forbid " << problem.needs[pair.need].id << " " << problem.mentors[pair.mentor].id
        << "\n";
  }
  if (problem.has_previous) out << "penalty " << problem.change_penalty << "\n";
  for (const PairOfIds& pair : problem.previous) {
    out << "previous " << pair.need << " " << pair.mentor << "\n";
  }
  return out.str();
}

std::string Describe(const AssignmentProblem& problem, const AssignmentResult& result) {
  std::ostringstream out;
  out << "outcome " << static_cast<int>(result.outcome) << " served " << result.needs_served
      << " slots " << result.filled_slots << " beneficiaries " << result.beneficiaries_served
      << " total " << result.total_score << " worst " << result.has_worst_pair << " "
      << result.worst_pair_score << " changed " << result.changed_pairs << "\nvalue";
  for (const ValueComponent& component : result.value) {
    out << " " << component.name << "=" << component.amount << (component.unbounded ? "*" : "");
  }
  out << "\n";
  for (const Match& match : result.matches) {
    out << "match " << problem.needs[match.need].id << " " << problem.mentors[match.mentor].id
        << " " << match.score << "\n";
  }
  for (const PriceSet& set : result.certificate.price_sets) {
    out << "prices " << static_cast<int>(set.purpose) << "\n";
    for (size_t i = 0; i < set.nodes.size(); ++i) {
      out << "  " << NodeName(problem, set.nodes[i]);
      for (size_t c = 0; c < set.components.size(); ++c) {
        out << " " << set.prices[i * set.components.size() + c];
      }
      out << "\n";
    }
  }
  if (result.certificate.has_next_floor_conflict) {
    Print(out, problem, result.certificate.next_floor_conflict);
  }
  if (result.outcome == Outcome::kInfeasible) Print(out, problem, result.conflict);
  return out.str();
}

void ForEachSeed(uint64_t first_seed, int64_t count, const std::function<void(uint64_t)>& test) {
  if (const char* only = std::getenv("TANDEM_TEST_SEED")) {
    test(std::strtoull(only, nullptr, 10));
    return;
  }
  if (const char* wanted = std::getenv("TANDEM_TEST_COUNT")) {
    count = std::strtoll(wanted, nullptr, 10);
  }
  std::cout << "seeds " << first_seed << " to " << first_seed + static_cast<uint64_t>(count) - 1
            << "; run one again with TANDEM_TEST_SEED=S\n";
  for (int64_t i = 0; i < count; ++i) {
    test(first_seed + static_cast<uint64_t>(i));
    if (::testing::Test::HasFailure()) {
      std::cout << "failed at TANDEM_TEST_SEED=" << first_seed + static_cast<uint64_t>(i) << "\n";
      return;
    }
  }
}

}  // namespace tandem::engine::testing
