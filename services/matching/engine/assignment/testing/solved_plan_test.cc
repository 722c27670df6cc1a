// What a solved plan answers from its prices against solving anew: in every component of the
// value, draws included, and in every match that moves.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_matchers.h"
#include "gtest/gtest.h"
#include "services/matching/engine/assignment/problem.h"
#include "services/matching/engine/assignment/solve.h"
#include "services/matching/engine/assignment/testing/random_problem.h"
#include "services/matching/engine/assignment/testing/solve_anew.h"
#include "services/matching/engine/assignment/why_not.h"

namespace tandem::engine::testing {
namespace {

// A conflict on one line, with the names of its parts.
std::string Told(const AssignmentProblem& problem, const Conflict& conflict) {
  AssignmentResult result;
  result.outcome = Outcome::kInfeasible;
  result.conflict = conflict;
  return Describe(problem, result);
}

void ExpectSame(const AssignmentProblem& problem, const WhyNot& answer, const WhyNot& anew) {
  ASSERT_EQ(answer.feasible, anew.feasible);
  EXPECT_EQ(answer.already_matched, anew.already_matched);
  EXPECT_EQ(answer.cost, anew.cost);
  EXPECT_EQ(answer.removed, anew.removed);
  EXPECT_EQ(answer.added, anew.added);
  if (anew.feasible) return;
  EXPECT_EQ(Told(problem, answer.conflict), Told(problem, anew.conflict));
}

bool IsForbidden(const AssignmentProblem& problem, const AssignmentPair& pair) {
  return std::find(problem.forbidden.begin(), problem.forbidden.end(),
                   PairRef{pair.need, pair.mentor}) != problem.forbidden.end();
}

// A problem with `needs` needs and mentors and a few pairs each: more can move than in the small
// ones of RandomProblem. Some places are short, and some scores and draws tie.
AssignmentProblem MiddlingProblem(uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<uint64_t>(n)); };
  AssignmentProblem problem;
  problem.objective = static_cast<Objective>(below(4));
  const bool stable = problem.objective == Objective::kStable;
  if (problem.objective == Objective::kTotal && below(3) == 0) problem.fill = Fill::kOptional;
  const int needs = 10 + below(30);
  const int mentors = 5 + below(30);
  const int levels = below(2) == 0 ? 4 : 1000;
  for (int i = 0; !stable && i < below(4); ++i) {
    problem.quotas.push_back({absl::StrCat("q", i), Side::kMentor, 0, 3 + below(10), -1});
  }
  for (int i = 0; i < needs; ++i) {
    AssignmentNeed need;
    need.id = absl::StrCat("n", below(1000), "_", i);
    need.max = 1 + (below(4) == 0 ? below(3) : 0);
    need.min = stable || below(10) > 0 ? 0 : 1;
    need.tier = 1 + below(2);
    if (below(2) == 0) need.beneficiary = absl::StrCat("b", below(6));
    if (!stable && below(4) == 0) need.request = absl::StrCat("r", below(5));
    problem.needs.push_back(need);
  }
  for (int i = 0; i < mentors; ++i) {
    AssignmentMentor mentor;
    mentor.id = absl::StrCat("m", below(1000), "_", i);
    mentor.max = 1 + below(3);
    if (!problem.quotas.empty()) mentor.quota = below(static_cast<int>(problem.quotas.size()));
    problem.mentors.push_back(mentor);
  }
  for (int n = 0; n < needs; ++n) {
    for (int m = 0; m < mentors; ++m) {
      if (below(mentors) >= 5) continue;
      AssignmentPair pair = {n, m, below(levels), kSameScore};
      if (below(2) == 0) pair.mentor_score = below(levels);
      problem.pairs.push_back(pair);
      if (below(60) == 0) problem.pinned.push_back({n, m});
      if (!stable && below(8) == 0) {
        problem.previous.push_back({problem.needs[n].id, problem.mentors[m].id});
      }
    }
  }
  problem.has_previous = !problem.previous.empty() && below(3) == 0;
  if (!problem.has_previous) problem.previous.clear();
  if (problem.has_previous) problem.change_penalty = below(300);
  return problem;
}

// How often something was compared, per objective.
using Counts = std::map<Objective, int64_t>;

void CompareWhyNot(const AssignmentProblem& problem, const AssignmentResult& result, int one_in,
                   Counts* asked, Counts* impossible) {
  TANDEM_ASSERT_OK_AND_ASSIGN(const auto plan, SolvedPlan::Of(problem, result));
  for (size_t i = 0; i < problem.pairs.size(); i += static_cast<size_t>(one_in)) {
    const AssignmentPair& pair = problem.pairs[i];
    if (IsForbidden(problem, pair)) continue;
    SCOPED_TRACE(absl::StrCat("why not ", problem.needs[pair.need].id, " with ",
                              problem.mentors[pair.mentor].id));
    TANDEM_ASSERT_OK_AND_ASSIGN(const WhyNot answer, plan->ExplainWhyNot(pair.need, pair.mentor));
    TANDEM_ASSERT_OK_AND_ASSIGN(const WhyNot anew,
                                WhyNotBySolvingAnew(problem, result, pair.need, pair.mentor));
    ExpectSame(problem, answer, anew);
    ++(*asked)[problem.objective];
    if (!anew.feasible) ++(*impossible)[problem.objective];
  }
}

TEST(SolvedPlanTest, WhyNotIsWhatSolvingAnewWithThePairPinnedGives) {
  Counts asked;
  Counts impossible;
  const auto compare = [&](const AssignmentProblem& problem, uint64_t seed, int one_in) {
    SCOPED_TRACE(absl::StrCat("TANDEM_TEST_SEED=", seed, "\n", Describe(problem)));
    TANDEM_ASSERT_OK_AND_ASSIGN(const AssignmentResult result, Solve(problem, SolveOptions()));
    if (result.outcome == Outcome::kInfeasible) return;
    CompareWhyNot(problem, result, one_in, &asked, &impossible);
  };
  ForEachSeed(5'000'000, 15'000,
              [&](uint64_t seed) { compare(RandomProblem(seed), seed, /*one_in=*/1); });
  ForEachSeed(6'000'000, 600,
              [&](uint64_t seed) { compare(MiddlingProblem(seed), seed, /*one_in=*/5); });
  if (std::getenv("TANDEM_TEST_SEED") != nullptr || std::getenv("TANDEM_TEST_COUNT") != nullptr) {
    return;
  }
  for (const Objective objective :
       {Objective::kTotal, Objective::kCoverage, Objective::kFloor, Objective::kStable}) {
    EXPECT_GT(asked[objective], 3000) << static_cast<int>(objective);
    EXPECT_GT(impossible[objective], 0) << static_cast<int>(objective);
  }
}

TEST(SolvedPlanTest, OneMorePlaceGainsWhatSolvingWithItGives) {
  Counts asked;
  Counts gaining;
  const auto compare = [&](const AssignmentProblem& problem, uint64_t seed) {
    SCOPED_TRACE(absl::StrCat("TANDEM_TEST_SEED=", seed, "\n", Describe(problem)));
    TANDEM_ASSERT_OK_AND_ASSIGN(const AssignmentResult result, Solve(problem, SolveOptions()));
    if (result.outcome == Outcome::kInfeasible) return;
    TANDEM_ASSERT_OK_AND_ASSIGN(const auto plan, SolvedPlan::Of(problem, result));
    for (size_t i = 0; i < problem.mentors.size(); ++i) {
      const auto mentor = static_cast<int32_t>(i);
      SCOPED_TRACE(absl::StrCat("one more place at ", problem.mentors[i].id));
      TANDEM_ASSERT_OK_AND_ASSIGN(const PlaceGain answer, plan->GainOfPlace(mentor));
      TANDEM_ASSERT_OK_AND_ASSIGN(const PlaceGain anew,
                                  PlaceGainBySolvingAnew(problem, result, mentor));
      EXPECT_EQ(answer.gain, anew.gain);
      EXPECT_EQ(answer.removed, anew.removed);
      EXPECT_EQ(answer.added, anew.added);
      ++asked[problem.objective];
      if (!anew.added.empty()) ++gaining[problem.objective];
    }
  };
  ForEachSeed(7'000'000, 10'000, [&](uint64_t seed) { compare(RandomProblem(seed), seed); });
  ForEachSeed(8'000'000, 300, [&](uint64_t seed) { compare(MiddlingProblem(seed), seed); });
  if (std::getenv("TANDEM_TEST_SEED") != nullptr || std::getenv("TANDEM_TEST_COUNT") != nullptr) {
    return;
  }
  for (const Objective objective :
       {Objective::kTotal, Objective::kCoverage, Objective::kFloor, Objective::kStable}) {
    EXPECT_GT(asked[objective], 2000) << static_cast<int>(objective);
    EXPECT_GT(gaining[objective], 100) << static_cast<int>(objective);
  }
}

bool IsGain(const PlaceGain& gain) {
  for (const ValueComponent& component : gain.gain) {
    if (absl::StartsWith(component.name, "draws")) return false;
    if (component.amount != 0 || component.unbounded) return true;
  }
  return false;
}

TEST(SolvedPlanTest, BestPlacesAreTheBestOfAllMentors) {
  int64_t listed = 0;
  ForEachSeed(9'000'000, 400, [&](uint64_t seed) {
    const AssignmentProblem problem = MiddlingProblem(seed);
    if (problem.objective == Objective::kStable) return;
    SCOPED_TRACE(absl::StrCat("TANDEM_TEST_SEED=", seed, "\n", Describe(problem)));
    TANDEM_ASSERT_OK_AND_ASSIGN(const AssignmentResult result, Solve(problem, SolveOptions()));
    if (result.outcome == Outcome::kInfeasible || !result.has_worst_pair) return;
    TANDEM_ASSERT_OK_AND_ASSIGN(const auto plan, SolvedPlan::Of(problem, result));
    // Every mentor's gain without its draws, the most first; equal ones by id.
    std::vector<std::pair<std::vector<absl::int128>, std::string>> expected;
    for (size_t i = 0; i < problem.mentors.size(); ++i) {
      TANDEM_ASSERT_OK_AND_ASSIGN(const PlaceGain gain, plan->GainOfPlace(i));
      if (!IsGain(gain)) continue;
      std::vector<absl::int128> loss;
      for (const ValueComponent& component : gain.gain) {
        if (absl::StartsWith(component.name, "draws")) break;
        loss.push_back(-component.amount);
      }
      expected.push_back({loss, problem.mentors[i].id});
    }
    std::sort(expected.begin(), expected.end());
    expected.resize(std::min<size_t>(expected.size(), 3));
    TANDEM_ASSERT_OK_AND_ASSIGN(const std::vector<PlaceGain> best,
                                plan->BestPlaces(3, SolveOptions()));
    ASSERT_EQ(best.size(), expected.size());
    for (size_t i = 0; i < best.size(); ++i) {
      EXPECT_EQ(problem.mentors[best[i].mentor].id, expected[i].second);
    }
    listed += static_cast<int64_t>(best.size());
  });
  EXPECT_GT(listed, 0);
}

}  // namespace
}  // namespace tandem::engine::testing
