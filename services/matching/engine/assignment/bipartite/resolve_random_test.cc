// Changes to a solved problem: the repaired plan and prices are those of solving anew.

#include <memory>
#include <random>
#include <string>
#include <vector>

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

using bipartite::BipartiteSolver;

constexpr int64_t kScores = 40;

AssignmentProblem DrawProblem(std::mt19937_64& random) {
  const auto below = [&random](int64_t n) {
    return static_cast<int64_t>(random() % static_cast<uint64_t>(n));
  };
  AssignmentProblem problem;
  problem.fill = below(2) == 0 ? Fill::kOptional : Fill::kFirst;
  problem.needs.resize(static_cast<size_t>(2 + below(10)));
  problem.mentors.resize(static_cast<size_t>(2 + below(10)));
  const int64_t tiers = 1 + below(3);
  for (size_t i = 0; i < problem.needs.size(); ++i) {
    problem.needs[i].id = absl::StrCat("n", i);
    problem.needs[i].max = 1 + below(3);
    problem.needs[i].tier = static_cast<int>(1 + below(tiers));
  }
  for (size_t j = 0; j < problem.mentors.size(); ++j) {
    problem.mentors[j].id = absl::StrCat("m", j);
    problem.mentors[j].max = below(4);
  }
  for (size_t i = 0; i < problem.needs.size(); ++i) {
    for (size_t j = 0; j < problem.mentors.size(); ++j) {
      if (i + j > 0 && below(3) == 0) continue;
      problem.pairs.push_back({static_cast<int32_t>(i), static_cast<int32_t>(j), below(kScores)});
    }
  }
  // The largest weight that a change may set.
  problem.needs.emplace_back();
  problem.needs.back().id = "anchor";
  problem.needs.back().max = 0;
  problem.pairs.push_back({static_cast<int32_t>(problem.needs.size()) - 1, 0, kScores});
  return problem;
}

// One random change, made to both.
void Change(std::mt19937_64& random, AssignmentProblem* problem, BipartiteSolver* solver) {
  const auto below = [&random](size_t n) { return static_cast<size_t>(random() % n); };
  AssignmentPair& pair = problem->pairs[below(problem->pairs.size() - 1)];
  switch (below(4)) {
    case 0:
      if (solver->ForbidPair(pair.need, pair.mentor)) {
        problem->forbidden.push_back({pair.need, pair.mentor});
      }
      return;
    case 1:
      pair.score = static_cast<int64_t>(below(kScores));
      solver->SetWeight(pair.need, pair.mentor, pair.score);
      return;
    case 2:
      problem->needs[pair.need].max = static_cast<int64_t>(below(4));
      EXPECT_TRUE(solver->SetNeedMax(pair.need, problem->needs[pair.need].max));
      return;
    default:
      problem->mentors[pair.mentor].max = static_cast<int64_t>(below(4));
      EXPECT_TRUE(solver->SetMentorMax(pair.mentor, problem->mentors[pair.mentor].max));
  }
}

void ExpectSolved(const AssignmentProblem& problem, BipartiteSolver* solver) {
  TANDEM_ASSERT_OK(solver->BreakTies());
  TANDEM_ASSERT_OK(solver->FindPrices());
  SolveOptions general;
  general.method = SolveMethod::kGeneral;
  TANDEM_ASSERT_OK_AND_ASSIGN(AssignmentResult anew, Solve(problem, general));
  AssignmentResult repaired = anew;
  repaired.matches.clear();
  for (int32_t pair : solver->ChosenPairs()) {
    const AssignmentPair& chosen = problem.pairs[pair];
    repaired.matches.push_back({chosen.need, chosen.mentor, chosen.score});
  }
  repaired.certificate.price_sets = {solver->Prices()};
  ASSERT_EQ(Describe(problem, repaired), Describe(problem, anew));
}

TEST(ResolveRandomTest, RepairedPlansAreThoseOfSolvingAnew) {
  ForEachSeed(6'000'000, 10'000, [](uint64_t seed) {
    std::mt19937_64 random(seed);
    AssignmentProblem problem = DrawProblem(random);
    const ProblemIndex index(problem);
    const auto solver =
        BipartiteSolver::Create(problem, index, bipartite::kEveryScore, SolveOptions());
    ASSERT_NE(solver, nullptr);
    TANDEM_ASSERT_OK(solver->Solve());
    for (int round = 0; round < 4; ++round) {
      const int changes = static_cast<int>(random() % 3);
      for (int i = 0; i <= changes; ++i) Change(random, &problem, solver.get());
      TANDEM_ASSERT_OK(solver->Resolve());
      SCOPED_TRACE(absl::StrCat("TANDEM_TEST_SEED=", seed, " round ", round));
      ExpectSolved(problem, solver.get());
      if (::testing::Test::HasFailure()) return;
    }
  });
}

}  // namespace
}  // namespace tandem::engine::testing
