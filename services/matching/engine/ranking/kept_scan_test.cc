// Rankings of a roster that keeps scans, against rankings of one that never was asked anything. Set
// TANDEM_SEED to repeat a run, TANDEM_ROUNDS for a longer one.

#include <cstdlib>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "services/matching/engine/facts.h"
#include "services/matching/engine/ranking/rank.h"
#include "services/matching/engine/roster/roster.h"
#include "services/matching/engine/testing/moving_programme.h"

namespace tandem::engine {
namespace {

uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* given = std::getenv(name);
  return given == nullptr ? otherwise : std::strtoull(given, nullptr, 10);
}

void ExpectSame(const Verdict& a, const Verdict& b) {
  EXPECT_EQ(a.rule, b.rule);
  EXPECT_EQ(a.passed, b.passed);
  ASSERT_EQ(a.compared.size(), b.compared.size());
  for (size_t i = 0; i < a.compared.size(); ++i) {
    EXPECT_EQ(a.compared[i].actual.number, b.compared[i].actual.number);
    EXPECT_EQ(a.compared[i].required.number, b.compared[i].required.number);
    EXPECT_EQ(a.compared[i].met, b.compared[i].met);
  }
}

void ExpectSame(const PoolCounts& a, const PoolCounts& b) {
  EXPECT_EQ(a.considered, b.considered);
  EXPECT_EQ(a.eligible, b.eligible);
  for (int i = 0; i < kRuleCount; ++i) {
    SCOPED_TRACE(CodeOf(RuleAt(i)));
    EXPECT_EQ(a.rules[i].failed, b.rules[i].failed);
    EXPECT_EQ(a.rules[i].sole, b.rules[i].sole);
    EXPECT_EQ(a.rules[i].sole_examples, b.rules[i].sole_examples);
    ASSERT_EQ(a.rules[i].nearest.has_value(), b.rules[i].nearest.has_value());
    if (a.rules[i].nearest.has_value()) ExpectSame(*a.rules[i].nearest, *b.rules[i].nearest);
  }
}

void ExpectSame(const Score& a, const Score& b) {
  EXPECT_EQ(a.total, b.total);
  EXPECT_EQ(a.points, b.points);
  EXPECT_EQ(a.needs_interpreter, b.needs_interpreter);
}

void ExpectSame(const Ranking& a, const Ranking& b) {
  ExpectSame(a.pool, b.pool);
  ASSERT_EQ(a.best.size(), b.best.size());
  for (size_t i = 0; i < a.best.size(); ++i) {
    SCOPED_TRACE(i);
    EXPECT_EQ(a.best[i].mentor, b.best[i].mentor);
    ExpectSame(a.best[i].score, b.best[i].score);
    EXPECT_EQ(a.best[i].criterion_sentences, b.best[i].criterion_sentences);
    EXPECT_EQ(a.best[i].near_tie_with_next, b.best[i].near_tie_with_next);
    EXPECT_EQ(a.best[i].tie_turner.has_value(), b.best[i].tie_turner.has_value());
  }
}

TEST(KeptScanTest, RankingsAreThoseOfARosterThatWasNeverAskedBefore) {
  const uint64_t seed = FromEnvironment("TANDEM_SEED", 20261127);
  const auto rounds = static_cast<int>(FromEnvironment("TANDEM_ROUNDS", 300));
  SCOPED_TRACE(::testing::Message() << "run again with TANDEM_SEED=" << seed);
  MovingProgramme programme(seed);
  for (int round = 0; round < rounds && !::testing::Test::HasFailure(); ++round) {
    SCOPED_TRACE(::testing::Message() << "round " << round);
    if (round % 3 == 0) programme.Move();
    const MovingProgramme::Question question = programme.Next();
    const std::string mentor = programme.SomeMentor().id;

    const absl::StatusOr<Ranking> kept = Rank(question.need, question.inputs, 11);
    const absl::StatusOr<Explanation> explained = Explain(question.need, mentor, question.inputs);

    const std::unique_ptr<Roster> fresh = programme.FreshRoster();
    DecisionInputs inputs = question.inputs;
    inputs.roster = fresh->Snapshot();
    const absl::StatusOr<Ranking> anew = Rank(question.need, inputs, 11);
    ASSERT_TRUE(kept.ok() && explained.ok() && anew.ok());
    ExpectSame(*kept, *anew);
    const absl::StatusOr<Explanation> explained_anew = Explain(question.need, mentor, inputs);
    ASSERT_TRUE(explained_anew.ok());
    EXPECT_EQ(explained->eligible, explained_anew->eligible);
    EXPECT_EQ(explained->rank, explained_anew->rank);
    ExpectSame(explained->score, explained_anew->score);
  }
}

TEST(KeptScanTest, AnEarlierStateOfTheRosterIsRankedAsItWas) {
  MovingProgramme programme(5);
  const MovingProgramme::Question before = programme.Next();
  const absl::StatusOr<Ranking> first = Rank(before.need, before.inputs, 20);
  ASSERT_TRUE(first.ok());
  for (int i = 0; i < 60; ++i) programme.Move();  // Changes, and mentors who come.
  MovingProgramme::Question after = before;
  after.inputs.roster = programme.Next().inputs.roster;
  ASSERT_GT(after.inputs.roster.size(), before.inputs.roster.size());
  ASSERT_TRUE(Rank(after.need, after.inputs, 20).ok());

  const absl::StatusOr<Ranking> again = Rank(before.need, before.inputs, 20);

  ASSERT_TRUE(again.ok());
  ExpectSame(*again, *first);
}

}  // namespace
}  // namespace tandem::engine
