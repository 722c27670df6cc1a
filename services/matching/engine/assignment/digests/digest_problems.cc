#include "services/matching/engine/assignment/digests/digest_problems.h"

#include <functional>
#include <random>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/matching/engine/assignment/testing/random_problem.h"

namespace tandem::engine::digests {
namespace {

constexpr uint64_t kFirstSmallSeed = 8'000'000;
constexpr int kSmallSets = 20;
constexpr int kSmallPerSet = 40;
constexpr uint64_t kFirstMiddleSeed = 8'100'000;
constexpr int kMiddlePerSet = 2;
constexpr int kMiddleNeeds = 60;
constexpr int kMiddleMentors = 50;
constexpr int kPairsPerNeed = 12;

int64_t Below(std::mt19937_64& random, int64_t n) {
  return static_cast<int64_t>(random() % static_cast<uint64_t>(n));
}

// Sparse, with capacities and scores drawn uniformly.
AssignmentProblem Middle(std::mt19937_64& random) {
  AssignmentProblem problem;
  problem.seed = random();
  for (int i = 0; i < kMiddleNeeds; ++i) {
    AssignmentNeed need;
    need.id = absl::StrCat("n", i);
    need.max = 1 + Below(random, 2);
    need.tier = static_cast<int>(1 + Below(random, 2));
    need.beneficiary = absl::StrCat("b", Below(random, kMiddleNeeds / 3));
    problem.needs.push_back(std::move(need));
  }
  for (int i = 0; i < kMiddleMentors; ++i) {
    AssignmentMentor mentor;
    mentor.id = absl::StrCat("m", i);
    mentor.max = 1 + Below(random, 3);
    problem.mentors.push_back(std::move(mentor));
  }
  for (int32_t need = 0; need < kMiddleNeeds; ++need) {
    std::set<int32_t> partners;
    while (partners.size() < kPairsPerNeed) {
      partners.insert(static_cast<int32_t>(Below(random, kMiddleMentors)));
    }
    for (int32_t mentor : partners) {
      problem.pairs.push_back({need, mentor, Below(random, 1'000'001), kSameScore});
    }
  }
  return problem;
}

void AddMinimums(AssignmentProblem& problem) {
  for (size_t i = 0; i < problem.mentors.size(); i += 5) problem.mentors[i].min = 1;
  for (size_t i = 0; i < problem.needs.size(); i += 7) problem.needs[i].min = 1;
}

// Two groups of mentors under a common one, and one of needs.
void AddQuotas(AssignmentProblem& problem) {
  problem.quotas.resize(4);
  const int64_t maximums[] = {25, 10, 10, 20};
  for (size_t q = 0; q < problem.quotas.size(); ++q) {
    problem.quotas[q].id = absl::StrCat("q", q);
    problem.quotas[q].side = q < 3 ? Side::kMentor : Side::kNeed;
    problem.quotas[q].max = maximums[q];
    if (q == 1 || q == 2) problem.quotas[q].parent = 0;
  }
  for (size_t i = 0; i < problem.mentors.size(); i += 2) {
    problem.mentors[i].quota = static_cast<int32_t>(1 + i % 4 / 2);
  }
  for (size_t i = 0; i < problem.needs.size(); i += 2) problem.needs[i].quota = 3;
}

void AddPrevious(AssignmentProblem& problem) {
  problem.has_previous = true;
  problem.change_penalty = 50'000;
  for (size_t i = 0; i < problem.pairs.size(); i += kPairsPerNeed) {
    problem.previous.push_back(
        {problem.needs[problem.pairs[i].need].id, problem.mentors[problem.pairs[i].mentor].id});
  }
}

void AddPinsAndForbidden(AssignmentProblem& problem) {
  for (size_t i = 0; i < problem.pairs.size(); i += 151) {
    problem.pinned.push_back({problem.pairs[i].need, problem.pairs[i].mentor});
  }
  for (size_t i = 5; i < problem.pairs.size(); i += 97) {
    problem.forbidden.push_back({problem.pairs[i].need, problem.pairs[i].mentor});
  }
}

struct Kind {
  std::string name;
  std::function<void(AssignmentProblem&)> change;
};

std::vector<Kind> Kinds() {
  const auto score_steps = [](int64_t step) {
    return [step](AssignmentProblem& p) {
      for (AssignmentPair& pair : p.pairs) pair.score = pair.score / step * step;
    };
  };
  return {
      {"total", [](AssignmentProblem&) {}},
      {"optional", [](AssignmentProblem& p) { p.fill = Fill::kOptional; }},
      {"five scores", score_steps(200'000)},
      {"scores all equal", score_steps(10'000'000)},
      {"largest scores",
       [](AssignmentProblem& p) {
         for (AssignmentPair& pair : p.pairs) pair.score = kMaxScore - pair.score % 3;
       }},
      {"pins and forbidden pairs", AddPinsAndForbidden},
      {"previous plan", AddPrevious},
      {"roles of requests",
       [](AssignmentProblem& p) {
         for (size_t i = 0; i < p.needs.size(); ++i) p.needs[i].request = absl::StrCat("r", i / 3);
       }},
      {"minimums", AddMinimums},
      {"quotas", AddQuotas},
      {"coverage", [](AssignmentProblem& p) { p.objective = Objective::kCoverage; }},
      {"floor", [](AssignmentProblem& p) { p.objective = Objective::kFloor; }},
      {"stable", [](AssignmentProblem& p) { p.objective = Objective::kStable; }},
  };
}

}  // namespace

std::vector<DigestProblem> AllDigestProblems() {
  std::vector<DigestProblem> problems;
  for (int set = 0; set < kSmallSets; ++set) {
    for (int i = 0; i < kSmallPerSet; ++i) {
      const uint64_t seed = kFirstSmallSeed + static_cast<uint64_t>(set * kSmallPerSet + i);
      problems.push_back({absl::StrCat("small ", set), seed, testing::RandomProblem(seed)});
    }
  }
  uint64_t seed = kFirstMiddleSeed;
  for (const Kind& kind : Kinds()) {
    for (int i = 0; i < kMiddlePerSet; ++i, ++seed) {
      std::mt19937_64 random(seed);
      DigestProblem problem = {kind.name, seed, Middle(random)};
      kind.change(problem.problem);
      problems.push_back(std::move(problem));
    }
  }
  return problems;
}

}  // namespace tandem::engine::digests
