#include "services/matching/engine/ranking/roster_judge.h"

#include <cstdlib>
#include <numeric>
#include <vector>

#include "gtest/gtest.h"
#include "services/matching/engine/rules/eligibility.h"
#include "services/matching/engine/rules/prepared_need.h"
#include "services/matching/engine/testing/moving_programme.h"

namespace tandem::engine {
namespace {

PreparedNeed NextNeed(MovingProgramme* programme) {
  const MovingProgramme::Question question = programme->Next();
  auto prepared = Prepare(question.need, question.inputs);
  if (!prepared.ok()) std::abort();
  return *std::move(prepared);
}

std::vector<int> AllChunks(const PreparedNeed& need) {
  std::vector<int> indices(need.roster.chunks().size());
  std::iota(indices.begin(), indices.end(), 0);
  return indices;
}

// The rules that the mentor in a row breaks, as the judge says.
RuleSet BrokenIn(const ChunkVerdicts& verdicts, int index) {
  RuleSet broken;
  for (int rule = 0; rule < kRuleCount; ++rule) {
    const uint64_t word = verdicts.broken[rule][static_cast<size_t>(index) / 64];
    broken.AddIf((word >> (index % 64) & 1) != 0, RuleAt(rule));
  }
  return broken;
}

TEST(RosterJudgeTest, VerdictsAreThoseOfSinglePairsHoweverTheRosterAndTheNeedsChanged) {
  const char* given = std::getenv("TANDEM_SEED");
  const uint64_t seed = given == nullptr ? 20261123 : std::strtoull(given, nullptr, 10);
  SCOPED_TRACE(testing::Message() << "run again with TANDEM_SEED=" << seed);
  MovingProgramme programme(seed);
  for (int round = 0; round < 400; ++round) {
    programme.Move();
    PreparedNeed need = NextNeed(&programme);
    RosterJudge judge(&need, AllChunks(need));
    const auto& chunks = need.roster.chunks();
    for (int chunk = 0; chunk < static_cast<int>(chunks.size()); ++chunk) {
      const ChunkVerdicts verdicts = judge.Judge(chunk);
      const int count = static_cast<int>(chunks[static_cast<size_t>(chunk)]->rows.size());
      ASSERT_EQ(CountRows(verdicts.mentors), count);
      for (int index = 0; index < count; ++index) {
        const int32_t row = chunk * kChunkRows + index;
        ASSERT_EQ(BrokenIn(verdicts, index).bits(),
                  BrokenRules(need.roster.mentor(row), need).bits())
            << "round " << round << ", row " << row;
      }
    }
    judge.KeepAnswers();
  }
}

TEST(RosterJudgeTest, AnswersKnownFromAnotherNeedAreNotWorkedOutAgain) {
  MovingProgramme programme(7);
  PreparedNeed need = NextNeed(&programme);
  {
    RosterJudge judge(&need, AllChunks(need));
    for (int chunk = 0; chunk < 4; ++chunk) judge.Judge(chunk);
    judge.KeepAnswers();
  }
  const size_t bytes = need.roster.answers().MemoryBytes();
  EXPECT_GT(bytes, 0u);
  need.weeks_reached.clear();
  RosterJudge again(&need, AllChunks(need));
  for (int chunk = 0; chunk < 4; ++chunk) again.Judge(chunk);
  again.KeepAnswers();
  EXPECT_EQ(need.roster.answers().MemoryBytes(), bytes);
  EXPECT_TRUE(need.weeks_reached.empty());  // Nobody was asked about a schedule.
}

TEST(RosterJudgeTest, AnswersAboutChunksThatAreNotJudgedStayKnown) {
  MovingProgramme programme(8);
  PreparedNeed need = NextNeed(&programme);
  for (const int chunk : {0, 1, 2, 3}) {
    RosterJudge judge(&need, {chunk});
    judge.Judge(chunk);
    judge.KeepAnswers();
  }
  need.weeks_reached.clear();
  RosterJudge again(&need, AllChunks(need));
  EXPECT_TRUE(need.weeks_reached.empty());  // All was known.
}

}  // namespace
}  // namespace tandem::engine
