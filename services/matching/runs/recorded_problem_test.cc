#include "services/matching/runs/recorded_problem.h"

#include <map>

#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::matching {
namespace {

using ::tandem::base::StatusIs;

engine::AssignmentProblem Problem() {
  engine::AssignmentProblem problem;
  problem.objective = engine::Objective::kCoverage;
  problem.seed = 42;
  problem.needs = {{"n1", 0, 2, 1, "b1", "r1", -1}, {"n2", 1, 1, 3, "b2", "r2", -1}};
  problem.mentors = {{"m1", 0, 1, -1}, {"m2", 0, 2, -1}};
  problem.pairs = {{0, 0, 500'000, engine::kSameScore}, {1, 1, 1'000'000, engine::kSameScore}};
  problem.pinned = {{1, 1}};
  return problem;
}

TEST(RecordedProblemTest, WhatIsReadBackIsRecordedAsTheSameBytes) {
  const std::string bytes = RecordProblem(Problem());

  TANDEM_ASSERT_OK_AND_ASSIGN(const engine::AssignmentProblem problem, ReadRecordedProblem(bytes));

  EXPECT_EQ(RecordProblem(problem), bytes);
  EXPECT_EQ(problem.needs[1].tier, 3);
  EXPECT_EQ(problem.mentors[1].max, 2);
  EXPECT_EQ(problem.pairs[0].score, 500'000);
  EXPECT_EQ(problem.objective, engine::Objective::kCoverage);
}

// The two needs stand in "inner", which lies within "outer"; one mentor stands in "mentors".
engine::AssignmentProblem WithQuotas() {
  engine::AssignmentProblem problem = Problem();
  problem.quotas = {{"inner", engine::Side::kNeed, 1, 2, 2},
                    {"mentors", engine::Side::kMentor, 0, 1, -1},
                    {"outer", engine::Side::kNeed, 0, engine::kUnlimited, -1}};
  problem.needs[0].quota = 0;
  problem.needs[1].quota = 0;
  problem.mentors[1].quota = 1;
  return problem;
}

TEST(RecordedProblemTest, QuotasAndTheirMembersAreReadBack) {
  const std::string bytes = RecordProblem(WithQuotas());

  TANDEM_ASSERT_OK_AND_ASSIGN(const engine::AssignmentProblem problem, ReadRecordedProblem(bytes));

  EXPECT_EQ(RecordProblem(problem), bytes);
  ASSERT_EQ(problem.quotas.size(), 3u);
  EXPECT_EQ(problem.quotas[0].min, 1);
  EXPECT_EQ(problem.quotas[0].parent, 2);
  EXPECT_EQ(problem.quotas[1].side, engine::Side::kMentor);
  EXPECT_EQ(problem.quotas[2].max, engine::kUnlimited);
  EXPECT_EQ(problem.needs[1].quota, 0);
  EXPECT_EQ(problem.mentors[0].quota, -1);
  EXPECT_EQ(problem.mentors[1].quota, 1);
}

TEST(RecordedProblemTest, ThePlanToStayNearIsReadBackAndExported) {
  engine::AssignmentProblem near = Problem();
  near.has_previous = true;
  near.previous = {{"needs/gone", "mentors/gone"}};
  near.change_penalty = 1'500'000;
  const std::string bytes = RecordProblem(near);

  TANDEM_ASSERT_OK_AND_ASSIGN(const engine::AssignmentProblem problem, ReadRecordedProblem(bytes));

  EXPECT_EQ(RecordProblem(problem), bytes);
  EXPECT_TRUE(problem.has_previous);
  ASSERT_EQ(problem.previous.size(), 1u);
  EXPECT_EQ(problem.previous[0].mentor, "mentors/gone");
  EXPECT_EQ(problem.change_penalty, 1'500'000);
  std::map<std::string, std::string> files;
  TANDEM_ASSERT_OK(WritePlainFiles(near, [&](absl::string_view name, absl::string_view data) {
    files[std::string(name)] += std::string(data);
    return true;
  }));
  EXPECT_THAT(files["previous.json"], testing::HasSubstr("needs/gone"));
  EXPECT_THAT(files["options.txt"],
              testing::HasSubstr(" --previous previous.json --change-penalty 1.5"));
}

TEST(RecordedProblemTest, EveryDifferenceShowsInTheBytes) {
  const std::string bytes = RecordProblem(Problem());
  engine::AssignmentProblem problem = Problem();
  problem.pairs[0].score += 1;
  EXPECT_NE(RecordProblem(problem), bytes);
  problem = Problem();
  problem.seed = 43;
  EXPECT_NE(RecordProblem(problem), bytes);
  problem = Problem();
  problem.pinned.clear();
  EXPECT_NE(RecordProblem(problem), bytes);
  problem = Problem();
  problem.has_previous = true;
  EXPECT_NE(RecordProblem(problem), bytes);
}

TEST(RecordedProblemTest, DamagedBytesAreNoticed) {
  const std::string bytes = RecordProblem(Problem());

  EXPECT_THAT(ReadRecordedProblem("\xff\xff"), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(ReadRecordedProblem(bytes.substr(0, 5)), StatusIs(absl::StatusCode::kDataLoss));
  // A record that reads well but refers to a mentor that is not there.
  engine::AssignmentProblem problem = Problem();
  problem.mentors.pop_back();
  EXPECT_THAT(ReadRecordedProblem(RecordProblem(problem)), StatusIs(absl::StatusCode::kDataLoss));
}

TEST(RecordedProblemTest, PlainFilesComeInPiecesWithTheirOptions) {
  std::map<std::string, std::string> files;

  TANDEM_ASSERT_OK(WritePlainFiles(Problem(), [&](absl::string_view name, absl::string_view data) {
    files[std::string(name)] += std::string(data);
    return true;
  }));

  EXPECT_EQ(files["pairs.csv"], "need,mentor,score\nn1,m1,0.5\nn2,m2,1\n");
  EXPECT_EQ(files["options.txt"],
            "--pairs pairs.csv --needs needs.csv --mentors mentors.csv --pinned pinned.csv "
            "--objective coverage --fill first --seed 42\n");
}

TEST(RecordedProblemTest, AReaderWhoGoesAwayEndsTheExport) {
  EXPECT_THAT(WritePlainFiles(Problem(), [](auto, auto) { return false; }),
              StatusIs(absl::StatusCode::kCancelled));
}

}  // namespace
}  // namespace tandem::matching
