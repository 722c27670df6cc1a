#include "services/matching/engine/ranking/rank.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/matching/engine/facts.h"
#include "services/matching/engine/testing/scene.h"

namespace tandem::engine {
namespace {

using base::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// The scene's mentor several times, with changes.
class RankTest : public ::testing::Test {
 protected:
  void Add(const std::string& id, int level, Cefr spoken = Cefr::kC1) {
    MentorFacts mentor = scene_.mentor;
    mentor.id = id;
    mentor.expertise[0].level = level;
    mentor.languages[0].spoken = spoken;
    Add(mentor);
  }
  void Add(const MentorFacts& mentor) { ASSERT_TRUE(roster_.Upsert(mentor).ok()); }

  DecisionInputs Inputs() const {
    DecisionInputs inputs;
    inputs.roster = roster_.Snapshot();
    inputs.policy = &scene_.policy;
    inputs.load = &scene_.load;
    inputs.zones = &scene_.zones;
    inputs.decision_time = scene_.decision_time;
    return inputs;
  }

  std::vector<std::string> BestOf(const DecisionInputs& inputs, int k) {
    std::vector<std::string> ids;
    const auto ranking = Rank(scene_.need, inputs, k);
    EXPECT_TRUE(ranking.ok()) << ranking.status();
    for (const RankedMentor& ranked : ranking->best) ids.push_back(ranked.mentor);
    return ids;
  }

  Scene scene_;
  Roster roster_;
};

TEST_F(RankTest, TheBestComeFirst) {
  Add("mentors/b", 3);
  Add("mentors/c", 5);
  Add("mentors/d", 4);
  EXPECT_THAT(BestOf(Inputs(), 2), ElementsAre("mentors/c", "mentors/d"));
  EXPECT_THAT(BestOf(Inputs(), 10), ElementsAre("mentors/c", "mentors/d", "mentors/b"));
  EXPECT_THAT(BestOf(Inputs(), 0), IsEmpty());
}

TEST_F(RankTest, EqualScoresAreDrawnByTheSeedNotByNameOrOrder) {
  std::vector<std::string> ids;
  for (int i = 0; i < 8; ++i) ids.push_back("mentors/" + std::to_string(i));
  for (const std::string& id : ids) Add(id, 4);
  DecisionInputs inputs = Inputs();
  const std::vector<std::string> first = BestOf(inputs, 8);
  Roster reversed;
  for (auto id = ids.rbegin(); id != ids.rend(); ++id) {
    MentorFacts mentor = scene_.mentor;
    mentor.id = *id;
    ASSERT_TRUE(reversed.Upsert(mentor).ok());
  }
  inputs.roster = reversed.Snapshot();
  EXPECT_EQ(BestOf(inputs, 8), first);
  EXPECT_NE(first, ids);
  inputs.seed = 1;
  EXPECT_NE(BestOf(inputs, 8), first);
}

TEST_F(RankTest, ThoseWhoFailOneRuleOnlyAreNamedBestFirstWhateverTheDraw) {
  Add("mentors/one", 1);
  Add("mentors/three", 3);
  Add("mentors/two", 2);
  scene_.need.topics[0].min_level = 4;
  DecisionInputs inputs = Inputs();
  for (inputs.seed = 0; inputs.seed < 10; ++inputs.seed) {
    const auto ranking = Rank(scene_.need, inputs, 10);
    ASSERT_TRUE(ranking.ok()) << ranking.status();
    const RuleCount& topic = ranking->pool.rules[IndexOf(Rule::kTopicLevel)];
    EXPECT_THAT(topic.sole_examples, ElementsAre("mentors/three", "mentors/two", "mentors/one"));
    EXPECT_THAT(topic.nearest->relaxations,
                ElementsAre(Relaxation{RelaxationKind::kAcceptTopicLevel, "testing", 3, 0}));
  }
}

TEST_F(RankTest, AMentorCountsUnderEveryRuleBrokenAndSoleUnderTheOnlyOne) {
  Add("mentors/fine", 4);
  Add("mentors/low", 2);
  Add("mentors/low-and-mute", 2, Cefr::kA1);
  const auto ranking = Rank(scene_.need, Inputs(), 10);
  ASSERT_TRUE(ranking.ok()) << ranking.status();
  const PoolCounts& pool = ranking->pool;
  EXPECT_EQ(pool.considered, 3);
  EXPECT_EQ(pool.eligible, 1);
  const RuleCount& topic = pool.rules[IndexOf(Rule::kTopicLevel)];
  EXPECT_EQ(topic.failed, 2);
  EXPECT_EQ(topic.sole, 1);
  EXPECT_THAT(topic.sole_examples, ElementsAre("mentors/low"));
  ASSERT_TRUE(topic.nearest.has_value());
  EXPECT_THAT(topic.nearest->relaxations,
              ElementsAre(Relaxation{RelaxationKind::kAcceptTopicLevel, "testing", 2, 0}));
  const RuleCount& language = pool.rules[IndexOf(Rule::kLanguage)];
  EXPECT_EQ(language.failed, 1);
  EXPECT_EQ(language.sole, 0);
  EXPECT_FALSE(language.nearest.has_value());
  EXPECT_EQ(BindingRule(pool), std::nullopt);
}

// More of them than are named as examples, so the nearest is found among all.
TEST_F(RankTest, WhatWouldHelpIsTheLeastChangeThatBringsSomebodyWhateverTheDraw) {
  for (int i = 0; i < 40; ++i) Add("mentors/lower-" + std::to_string(i), 1);
  Add("mentors/low", 2);
  for (uint64_t seed = 0; seed < 20; ++seed) {
    DecisionInputs inputs = Inputs();
    inputs.seed = seed;
    const auto ranking = Rank(scene_.need, inputs, 10);
    ASSERT_TRUE(ranking.ok()) << ranking.status();
    const RuleCount& topic = ranking->pool.rules[IndexOf(Rule::kTopicLevel)];
    ASSERT_TRUE(topic.nearest.has_value());
    EXPECT_THAT(topic.nearest->relaxations,
                ElementsAre(Relaxation{RelaxationKind::kAcceptTopicLevel, "testing", 2, 0}))
        << "seed " << seed;
  }
}

TEST_F(RankTest, RelaxingTheBindingRuleBringsExactlyTheSoleOnes) {
  for (int i = 0; i < 7; ++i) Add("mentors/low-" + std::to_string(i), 2);
  Add("mentors/mute", 4, Cefr::kA1);
  auto ranking = Rank(scene_.need, Inputs(), 10);
  ASSERT_TRUE(ranking.ok()) << ranking.status();
  EXPECT_THAT(ranking->best, IsEmpty());
  EXPECT_EQ(BindingRule(ranking->pool), Rule::kTopicLevel);
  EXPECT_THAT(ranking->pool.rules[IndexOf(Rule::kTopicLevel)].sole_examples, SizeIs(5));
  scene_.need.topics[0].min_level = 2;
  ranking = Rank(scene_.need, Inputs(), 10);
  ASSERT_TRUE(ranking.ok()) << ranking.status();
  EXPECT_EQ(ranking->pool.eligible, 7);
}

TEST_F(RankTest, NearTiesAreMarkedAlsoBehindTheLastOne) {
  Add("mentors/b", 4);
  MentorFacts mentor = scene_.mentor;
  mentor.id = "mentors/c";
  mentor.languages[0].spoken = Cefr::kC2;  // 100 x 250,000 / 1000 more points.
  Add(mentor);
  scene_.policy.near_tie_margin = 24'999;
  auto ranking = Rank(scene_.need, Inputs(), 1);
  ASSERT_TRUE(ranking.ok()) << ranking.status();
  ASSERT_THAT(ranking->best, SizeIs(1));
  EXPECT_FALSE(ranking->best[0].near_tie_with_next);
  scene_.policy.near_tie_margin = 25'000;
  ranking = Rank(scene_.need, Inputs(), 1);
  ASSERT_TRUE(ranking.ok()) << ranking.status();
  EXPECT_TRUE(ranking->best[0].near_tie_with_next);
  EXPECT_EQ(ranking->best[0].mentor, "mentors/c");
}

TEST_F(RankTest, ATurnerReallyTurnsAndASmallerChangeDoesNot) {
  MentorFacts mentor = scene_.mentor;
  mentor.id = "mentors/b";
  mentor.expertise[0].level = 5;
  Add(mentor);
  mentor.id = "mentors/c";
  mentor.expertise[0].level = 4;
  mentor.experience_countries = {"CM"};
  Add(mentor);
  scene_.policy.near_tie_margin = kFullPoints;
  const auto ranking = Rank(scene_.need, Inputs(), 1);
  ASSERT_TRUE(ranking.ok()) << ranking.status();
  ASSERT_TRUE(ranking->best[0].tie_turner.has_value());
  const TieTurner turner = *ranking->best[0].tie_turner;
  int& weight = scene_.service().weights[IndexOf(turner.criterion)];
  weight = turner.to_weight;
  EXPECT_THAT(BestOf(Inputs(), 1), ElementsAre("mentors/c"));
  weight += turner.to_weight > turner.from_weight ? -1 : 1;
  EXPECT_THAT(BestOf(Inputs(), 1), ElementsAre("mentors/b"));
}

TEST_F(RankTest, AnExplanationHasEveryRuleAndTheRank) {
  Add("mentors/b", 3);
  Add("mentors/c", 5);
  Add("mentors/d", 2);
  auto explained = Explain(scene_.need, "mentors/b", Inputs());
  ASSERT_TRUE(explained.ok()) << explained.status();
  EXPECT_TRUE(explained->eligible);
  EXPECT_EQ(explained->rank, 2);
  EXPECT_EQ(explained->score.points[IndexOf(Criterion::kExpertise)], 600'000);
  for (int i = 0; i < kRuleCount; ++i) {
    EXPECT_EQ(explained->verdicts[i].rule, RuleAt(i));
    EXPECT_TRUE(explained->verdicts[i].passed) << CodeOf(RuleAt(i));
  }
  explained = Explain(scene_.need, "mentors/d", Inputs());
  ASSERT_TRUE(explained.ok()) << explained.status();
  EXPECT_FALSE(explained->eligible);
  EXPECT_EQ(explained->rank, 0);
  EXPECT_FALSE(explained->verdicts[IndexOf(Rule::kTopicLevel)].passed);
  EXPECT_GT(explained->score.total, 0);
}

TEST_F(RankTest, WrongQuestionsGetPreciseErrors) {
  EXPECT_THAT(Explain(scene_.need, "mentors/x", Inputs()).status(),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Rank(scene_.need, Inputs(), -1).status(),
              StatusIs(absl::StatusCode::kInvalidArgument));
  scene_.need.service_type = ServiceType::kCoaching;
  EXPECT_THAT(Rank(scene_.need, Inputs(), 1).status(),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(RankTest, ACohortsPairsAreAllEligibleOnes) {
  Add("mentors/b", 3);
  Add("mentors/c", 5);
  Add("mentors/d", 2);
  NeedFacts easier = scene_.need;
  easier.id = "engagementRequests/r/roles/second";
  easier.topics[0].min_level = 1;
  const auto pairs = EligiblePairs({scene_.need, easier}, Inputs());
  ASSERT_TRUE(pairs.ok()) << pairs.status();
  ASSERT_THAT(*pairs, SizeIs(2));
  const auto ids = [](const NeedEligibility& eligibility) {
    std::vector<std::string> ids;
    for (const EligibleMentor& mentor : eligibility.mentors) ids.push_back(mentor.mentor);
    return ids;
  };
  EXPECT_THAT(ids((*pairs)[0]), ElementsAre("mentors/b", "mentors/c"));
  EXPECT_THAT(ids((*pairs)[1]), ElementsAre("mentors/b", "mentors/c", "mentors/d"));
}

TEST_F(RankTest, AnEmptyRosterHasNobody) {
  const auto ranking = Rank(scene_.need, Inputs(), 10);
  ASSERT_TRUE(ranking.ok()) << ranking.status();
  EXPECT_EQ(ranking->pool.considered, 0);
  EXPECT_THAT(ranking->best, IsEmpty());
  EXPECT_EQ(BindingRule(ranking->pool), std::nullopt);
}

}  // namespace
}  // namespace tandem::engine
