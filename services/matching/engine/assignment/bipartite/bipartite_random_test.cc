// The fast path against the general one: the same plan and the same prices, on random problems.

#include <algorithm>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status_matchers.h"
#include "gtest/gtest.h"
#include "services/matching/engine/assignment/bipartite/bipartite_solver.h"
#include "services/matching/engine/assignment/network.h"
#include "services/matching/engine/assignment/problem.h"
#include "services/matching/engine/assignment/solve.h"
#include "services/matching/engine/assignment/testing/random_problem.h"

namespace tandem::engine::testing {
namespace {

// Without what the fast path leaves to the general one.
AssignmentProblem Simplified(AssignmentProblem problem) {
  if (problem.objective != Objective::kFloor) problem.objective = Objective::kTotal;
  problem.quotas.clear();
  for (AssignmentNeed& need : problem.needs) {
    need.min = 0;
    need.quota = -1;
    need.request.clear();
  }
  for (AssignmentMentor& mentor : problem.mentors) {
    mentor.min = 0;
    mentor.quota = -1;
  }
  return problem;
}

// Up to 30 needs and mentors, of every density, with scores from few or many values.
class LargerProblem {
 public:
  explicit LargerProblem(uint64_t seed) : random_(seed) {}

  AssignmentProblem Draw() {
    problem_.fill = Below(2) == 0 ? Fill::kOptional : Fill::kFirst;
    problem_.seed = random_();
    if (problem_.fill == Fill::kFirst && Below(4) == 0) problem_.objective = Objective::kFloor;
    const int64_t scores[] = {1, 2, 4, 50, 1'000'000, kMaxScore + 1};
    scores_ = scores[Below(6)];
    AddParties();
    const int64_t density = 1 + Below(6);
    const bool popular = Below(3) == 0;
    for (size_t i = 0; i < problem_.needs.size(); ++i) {
      for (size_t j = 0; j < problem_.mentors.size(); ++j) {
        if (Below(density) != 0 && !(popular && j == 0)) continue;
        AddPair(static_cast<int32_t>(i), static_cast<int32_t>(j));
      }
    }
    if (Below(3) == 0) AddPrevious();
    return problem_;
  }

 private:
  int64_t Below(int64_t n) { return static_cast<int64_t>(random_() % static_cast<uint64_t>(n)); }

  void AddParties() {
    const int64_t need_max = 1 + Below(3);
    const int64_t mentor_max = 1 + Below(5);
    const int64_t tiers = 1 + (Below(3) == 0 ? Below(9) : 0);
    problem_.needs.resize(1 + static_cast<size_t>(Below(30)));
    problem_.mentors.resize(1 + static_cast<size_t>(Below(30)));
    for (size_t i = 0; i < problem_.needs.size(); ++i) {
      problem_.needs[i].id = absl::StrCat("n", i);
      problem_.needs[i].max = 1 + Below(need_max);
      problem_.needs[i].tier = static_cast<int>(1 + Below(tiers));
    }
    for (size_t j = 0; j < problem_.mentors.size(); ++j) {
      problem_.mentors[j].id = absl::StrCat("m", j);
      problem_.mentors[j].max = Below(12) == 0 ? Below(2) * kMaxCapacity : 1 + Below(mentor_max);
    }
  }

  void AddPair(int32_t need, int32_t mentor) {
    problem_.pairs.push_back({need, mentor, Below(scores_)});
    if (Below(100) == 0) problem_.pinned.push_back({need, mentor});
    if (Below(50) == 0) problem_.forbidden.push_back({need, mentor});
    if (problem_.pinned.empty() || problem_.forbidden.empty()) return;
    if (problem_.pinned.back() == problem_.forbidden.back()) problem_.pinned.pop_back();
  }

  void AddPrevious() {
    problem_.has_previous = true;
    problem_.change_penalty = Below(scores_);
    for (size_t i = 0; i < problem_.needs.size(); ++i) {
      const size_t mentor =
          static_cast<size_t>(Below(static_cast<int64_t>(problem_.mentors.size())));
      problem_.previous.push_back({problem_.needs[i].id, problem_.mentors[mentor].id});
    }
  }

  std::mt19937_64 random_;
  AssignmentProblem problem_;
  int64_t scores_ = 1;
};

// The same with some of: coverage, minimums, quotas of either side, requests of several roles.
AssignmentProblem WithMoreRules(AssignmentProblem problem, uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto below = [&random](uint64_t n) { return static_cast<int64_t>(random() % n); };
  const int64_t rules = 1 + below(15);
  if ((rules & 1) != 0 && problem.objective == Objective::kTotal && problem.fill == Fill::kFirst) {
    problem.objective = Objective::kCoverage;
    for (AssignmentNeed& need : problem.needs) need.beneficiary = absl::StrCat("b", below(12));
  }
  if ((rules & 2) != 0) {
    for (AssignmentNeed& need : problem.needs) need.min = below(6) == 0 ? 1 : 0;
    for (AssignmentMentor& mentor : problem.mentors) {
      mentor.min = std::min<int64_t>(mentor.max, below(6) == 0 ? 1 : 0);
    }
  }
  if ((rules & 4) != 0) {
    for (int q = 0; q < 4; ++q) {
      AssignmentQuota quota;
      quota.id = absl::StrCat("q", q);
      quota.side = q < 2 ? Side::kMentor : Side::kNeed;
      quota.max = q == 3 ? kUnlimited : 1 + below(problem.needs.size());
      quota.min = below(4) == 0 ? 1 : 0;
      if (q == 1) quota.parent = 0;
      problem.quotas.push_back(quota);
    }
    for (AssignmentMentor& mentor : problem.mentors) {
      mentor.quota = static_cast<int32_t>(below(3)) - 1;
    }
    // Under coverage needs of a beneficiary share a quota: all stand in the same.
    for (AssignmentNeed& need : problem.needs) {
      need.quota =
          problem.objective == Objective::kCoverage ? 2 : static_cast<int32_t>(1 + below(3));
      if (need.quota == 1) need.quota = -1;
    }
  }
  if ((rules & 8) != 0) {
    for (AssignmentNeed& need : problem.needs) need.request = absl::StrCat("r", below(15));
  }
  return problem;
}

// Adds one to `fast_path` if the problem takes it (its pins may contradict each other).
void ExpectSameAnswer(const AssignmentProblem& problem, int64_t* fast_path) {
  const ProblemIndex index(problem);
  const auto solver =
      bipartite::BipartiteSolver::Create(problem, index, bipartite::kEveryScore, SolveOptions());
  if (solver != nullptr) ++*fast_path;
  SolveOptions general;
  general.method = SolveMethod::kGeneral;
  TANDEM_ASSERT_OK_AND_ASSIGN(AssignmentResult fast, Solve(problem, SolveOptions()));
  TANDEM_ASSERT_OK_AND_ASSIGN(AssignmentResult slow, Solve(problem, general));
  ASSERT_EQ(Describe(problem, fast), Describe(problem, slow));
  ASSERT_EQ(fast.matches, slow.matches);
  ASSERT_EQ(fast.value, slow.value);
}

TEST(BipartiteRandomTest, SmallProblemsHaveTheAnswerOfTheGeneralMethod) {
  int64_t all = 0;
  int64_t fast_path = 0;
  ForEachSeed(4'000'000, 100'000, [&](uint64_t seed) {
    const AssignmentProblem problem = Simplified(RandomProblem(seed));
    SCOPED_TRACE(absl::StrCat("TANDEM_TEST_SEED=", seed, "\n", Describe(problem)));
    ExpectSameAnswer(problem, &fast_path);
    ++all;
  });
  EXPECT_GT(fast_path, all * 8 / 10);
}

TEST(BipartiteRandomTest, LargerProblemsHaveTheAnswerOfTheGeneralMethod) {
  int64_t all = 0;
  int64_t fast_path = 0;
  ForEachSeed(5'000'000, 10'000, [&](uint64_t seed) {
    const AssignmentProblem problem = LargerProblem(seed).Draw();
    SCOPED_TRACE(absl::StrCat("TANDEM_TEST_SEED=", seed, "\n", Describe(problem)));
    ExpectSameAnswer(problem, &fast_path);
    ++all;
  });
  EXPECT_GT(fast_path, all * 8 / 10);
}

// Quotas, minimums, coverage and requests of several roles: the relaxed plan put right by shortest
// paths (flow_repair.h) against the network simplex method from nothing, conflicts included.
TEST(BipartiteRandomTest, EveryShapeHasTheAnswerOfTheGeneralMethod) {
  ForEachSeed(6'000'000, 50'000, [&](uint64_t seed) {
    const AssignmentProblem problem = RandomProblem(seed);
    SCOPED_TRACE(absl::StrCat("TANDEM_TEST_SEED=", seed, "\n", Describe(problem)));
    int64_t fast_path = 0;
    ExpectSameAnswer(problem, &fast_path);
  });
}

TEST(BipartiteRandomTest, LargerProblemsOfEveryShapeHaveTheAnswerOfTheGeneralMethod) {
  ForEachSeed(7'000'000, 5'000, [&](uint64_t seed) {
    const AssignmentProblem problem = WithMoreRules(LargerProblem(seed).Draw(), seed);
    SCOPED_TRACE(absl::StrCat("TANDEM_TEST_SEED=", seed, "\n", Describe(problem)));
    int64_t fast_path = 0;
    ExpectSameAnswer(problem, &fast_path);
  });
}

}  // namespace
}  // namespace tandem::engine::testing
