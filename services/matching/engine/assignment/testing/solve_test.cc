// Cases by hand: one claim each, small enough to see the answer.

#include "services/matching/engine/assignment/solve.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/matching/engine/assignment/check.h"
#include "services/matching/engine/assignment/problem.h"

namespace tandem::engine::testing {
namespace {

using ::tandem::base::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Needs "n0", "n1", ... and mentors "m0", ...; a score of -1 means that the pair is not listed.
AssignmentProblem FromScores(const std::vector<std::vector<int64_t>>& scores) {
  AssignmentProblem problem;
  problem.needs.resize(scores.size());
  problem.mentors.resize(scores[0].size());
  for (size_t n = 0; n < scores.size(); ++n) problem.needs[n].id = absl::StrCat("n", n);
  for (size_t m = 0; m < scores[0].size(); ++m) problem.mentors[m].id = absl::StrCat("m", m);
  for (size_t n = 0; n < scores.size(); ++n) {
    for (size_t m = 0; m < scores[n].size(); ++m) {
      if (scores[n][m] < 0) continue;
      problem.pairs.push_back({static_cast<int32_t>(n), static_cast<int32_t>(m), scores[n][m]});
    }
  }
  return problem;
}

// Solves, and has the checker confirm the answer.
AssignmentResult SolveAndCheck(const AssignmentProblem& problem) {
  absl::StatusOr<AssignmentResult> result = Solve(problem, SolveOptions());
  EXPECT_TRUE(result.ok()) << result.status();
  if (!result.ok()) return AssignmentResult();
  EXPECT_EQ(Check(problem, *result).failure, "");
  return *std::move(result);
}

std::vector<std::string> Names(const AssignmentProblem& problem, const AssignmentResult& result) {
  std::vector<std::string> names;
  for (const Match& match : result.matches) {
    names.push_back(absl::StrCat(problem.needs[match.need].id, problem.mentors[match.mentor].id));
  }
  return names;
}

TEST(SolveTest, AnEmptyProblemHasAnEmptyPlan) {
  const AssignmentProblem problem;
  EXPECT_THAT(SolveAndCheck(problem).matches, IsEmpty());
}

// Nothing to fill and nothing to count: the values of such a plan have no bits at all.
TEST(SolveTest, AProblemWithoutPlacesHasAnEmptyPlanByEveryMethod) {
  AssignmentProblem problem = FromScores({{7}});
  problem.needs[0].max = 0;
  for (const Objective objective : {Objective::kTotal, Objective::kCoverage, Objective::kFloor}) {
    problem.objective = objective;
    for (const SolveMethod method : {SolveMethod::kAutomatic, SolveMethod::kGeneral}) {
      SolveOptions options;
      options.method = method;
      const absl::StatusOr<AssignmentResult> result = Solve(problem, options);
      ASSERT_TRUE(result.ok()) << result.status();
      EXPECT_THAT(result->matches, IsEmpty());
      EXPECT_EQ(Check(problem, *result).failure, "");
    }
  }
}

TEST(SolveTest, TotalIsBetterThanGreedy) {
  const AssignmentProblem problem = FromScores({{10, 9}, {9, 1}});
  EXPECT_THAT(Names(problem, SolveAndCheck(problem)), ElementsAre("n0m1", "n1m0"));
}

TEST(SolveTest, FillingComesBeforePointsUnlessOptional) {
  AssignmentProblem problem = FromScores({{100, 0}, {1, -1}});
  EXPECT_THAT(Names(problem, SolveAndCheck(problem)), ElementsAre("n0m1", "n1m0"));
  problem.fill = Fill::kOptional;
  EXPECT_THAT(Names(problem, SolveAndCheck(problem)), ElementsAre("n0m0"));
}

TEST(SolveTest, OptionalFillingFillsForNothing) {
  AssignmentProblem problem = FromScores({{0, 0}});
  problem.needs[0].max = 2;
  problem.fill = Fill::kOptional;
  EXPECT_EQ(SolveAndCheck(problem).filled_slots, 2);
}

TEST(SolveTest, FirstTierIsServedFirst) {
  AssignmentProblem problem = FromScores({{100}, {1}});
  problem.needs[0].tier = 2;
  EXPECT_THAT(Names(problem, SolveAndCheck(problem)), ElementsAre("n1m0"));
}

TEST(SolveTest, OneMoreNeedServedBeatsASecondMentor) {
  AssignmentProblem problem = FromScores({{100, 100}, {-1, 1}});
  problem.needs[0].max = 2;
  EXPECT_THAT(Names(problem, SolveAndCheck(problem)), ElementsAre("n0m0", "n1m1"));
}

TEST(SolveTest, CoverageServesMoreBeneficiariesThanTotal) {
  AssignmentProblem problem = FromScores({{50}, {40}, {10}});
  problem.mentors[0].max = 2;
  problem.needs[0].beneficiary = problem.needs[1].beneficiary = "A";
  problem.needs[2].beneficiary = "B";
  problem.needs[2].tier = 2;
  EXPECT_THAT(Names(problem, SolveAndCheck(problem)), ElementsAre("n0m0", "n1m0"));
  problem.objective = Objective::kCoverage;
  EXPECT_THAT(Names(problem, SolveAndCheck(problem)), ElementsAre("n0m0", "n2m0"));
}

TEST(SolveTest, FloorLiftsTheWorstMatch) {
  AssignmentProblem problem = FromScores({{100, 40}, {50, 1}});
  EXPECT_THAT(Names(problem, SolveAndCheck(problem)), ElementsAre("n0m0", "n1m1"));
  problem.objective = Objective::kFloor;
  const AssignmentResult result = SolveAndCheck(problem);
  EXPECT_THAT(Names(problem, result), ElementsAre("n0m1", "n1m0"));
  EXPECT_EQ(result.worst_pair_score, 40);
}

TEST(SolveTest, StableLeavesNoPairThatWouldRatherHaveEachOther) {
  AssignmentProblem problem = FromScores({{10, 9}, {9, 1}});
  problem.objective = Objective::kStable;
  const AssignmentResult result = SolveAndCheck(problem);
  EXPECT_EQ(result.outcome, Outcome::kStable);
  EXPECT_THAT(Names(problem, result), ElementsAre("n0m0", "n1m1"));
}

TEST(SolveTest, RolesOfOneRequestNeverShareAMentor) {
  AssignmentProblem problem = FromScores({{100, 1}, {100, 2}});
  problem.mentors[0].max = 2;
  problem.needs[0].request = problem.needs[1].request = "workshop";
  EXPECT_THAT(Names(problem, SolveAndCheck(problem)), ElementsAre("n0m0", "n1m1"));
}

TEST(SolveTest, NestedQuotasBoundTheirMembers) {
  AssignmentProblem problem = FromScores({{9, 8, 7}, {6, 5, 4}, {3, 2, 1}});
  problem.quotas = {{"europe", Side::kMentor, 0, 2, -1}, {"north", Side::kMentor, 0, 1, 0}};
  problem.mentors[0].quota = problem.mentors[1].quota = 1;
  problem.mentors[2].quota = 0;
  EXPECT_EQ(SolveAndCheck(problem).filled_slots, 2);
  problem.quotas[0].max = 1;
  EXPECT_THAT(Names(problem, SolveAndCheck(problem)), ElementsAre("n0m0"));
}

TEST(SolveTest, PreviousPairsStayForTheirPenalty) {
  AssignmentProblem problem = FromScores({{10, 13}});
  problem.has_previous = true;
  problem.previous = {{"n0", "m0"}, {"gone", "m0"}};
  problem.change_penalty = 3;
  const AssignmentResult kept = SolveAndCheck(problem);
  EXPECT_THAT(Names(problem, kept), ElementsAre("n0m0"));
  EXPECT_EQ(kept.changed_pairs, 1);
  problem.change_penalty = 2;
  EXPECT_THAT(Names(problem, SolveAndCheck(problem)), ElementsAre("n0m1"));
}

TEST(SolveTest, ConflictNamesWhoAsksForMoreThanThereIs) {
  AssignmentProblem problem = FromScores({{1, 1, -1}, {1, 1, -1}, {1, 1, 1}});
  for (AssignmentNeed& need : problem.needs) need.min = 1;
  problem.needs[2].max = 2;
  problem.needs[0].max = problem.needs[0].min = 2;
  const AssignmentResult result = SolveAndCheck(problem);
  EXPECT_EQ(result.outcome, Outcome::kInfeasible);
  EXPECT_THAT(result.conflict.needs, ElementsAre(0, 1));
  EXPECT_THAT(result.conflict.mentors, ElementsAre(0, 1));
  EXPECT_EQ(result.conflict.demand, 3);
  EXPECT_EQ(result.conflict.supply, 2);
}

TEST(SolveTest, APinThatIsNoPairIsAConflictOfOneAgainstNone) {
  AssignmentProblem problem = FromScores({{1, -1}});
  problem.pinned = {{0, 1}};
  const AssignmentResult result = SolveAndCheck(problem);
  EXPECT_EQ(result.outcome, Outcome::kInfeasible);
  EXPECT_THAT(result.conflict.needs, ElementsAre(0));
  EXPECT_THAT(result.conflict.mentors, ElementsAre(1));
  EXPECT_EQ(result.conflict.demand, 1);
  EXPECT_EQ(result.conflict.supply, 0);
}

TEST(SolveTest, PinsThatContradictEachOtherAreNamed) {
  AssignmentProblem problem = FromScores({{1}, {1}});
  problem.pinned = {{1, 0}, {0, 0}};
  const AssignmentResult result = SolveAndCheck(problem);
  EXPECT_EQ(result.outcome, Outcome::kInfeasible);
  EXPECT_THAT(result.conflict.pins, ElementsAre(PairRef{0, 0}, PairRef{1, 0}));
}

TEST(SolveTest, LargestScoresDoNotOverflow) {
  constexpr int kCount = 40;
  AssignmentProblem problem = FromScores(
      std::vector<std::vector<int64_t>>(kCount, std::vector<int64_t>(kCount, kMaxScore)));
  problem.has_previous = true;
  problem.change_penalty = kMaxScore;
  problem.previous = {{"n0", "m1"}};
  for (int i = 0; i < kCount; ++i) {
    problem.needs[i].max = problem.mentors[i].max = kMaxCapacity;
    problem.needs[i].tier = 1 + i % 9;
  }
  const AssignmentResult result = SolveAndCheck(problem);
  EXPECT_EQ(result.filled_slots, kCount * kCount);
  EXPECT_EQ(result.total_score, absl::int128(kMaxScore) * kCount * kCount);
}

TEST(SolveTest, ACancelledSolveSaysSo) {
  SolveOptions options;
  options.cancelled = [] { return true; };
  EXPECT_THAT(Solve(FromScores({{1, 2}, {2, 1}}), options).status(),
              StatusIs(absl::StatusCode::kCancelled));
}

TEST(SolveTest, ProgressTellsThePhases) {
  std::vector<SolvePhase> phases;
  SolveOptions options;
  options.progress = [&phases](const SolveProgress& progress) {
    if (phases.empty() || phases.back() != progress.phase) phases.push_back(progress.phase);
  };
  TANDEM_ASSERT_OK_AND_ASSIGN(AssignmentResult result, Solve(FromScores({{1, 2}}), options));
  EXPECT_EQ(result.filled_slots, 1);
  EXPECT_THAT(phases, ElementsAre(SolvePhase::kBuild, SolvePhase::kSolve, SolvePhase::kCertify));
}

}  // namespace
}  // namespace tandem::engine::testing
