#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/common/errors.h"
#include "tests/matching/pipeline.h"

namespace tandem::tests {
namespace {

using ::tandem::base::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace v1 = ::tandem::matching::v1;

class RankingTest : public testing::Test {
 protected:
  void SetUp() override {
    pipeline_.Start();
    pipeline_.AddBasics();
  }

  absl::StatusOr<v1::ExplainPairResponse> Explain(const std::string& need,
                                                  const std::string& mentor) {
    v1::ExplainPairRequest request;
    request.set_need(need);
    request.set_mentor(mentor);
    return pipeline_.Call(pipeline_.matching(), &v1::MatchingService::Stub::ExplainPair, request);
  }

  Pipeline pipeline_;
};

TEST_F(RankingTest, TheBestComeFirstAndTheOthersAreCountedByRule) {
  const std::string expert = pipeline_.AddMentor({"expert", 5});
  const std::string fair = pipeline_.AddMentor({"fair", 3});
  const std::string novice = pipeline_.AddMentor({"novice", 1});
  const std::string request = pipeline_.AddRequest({"request"});
  pipeline_.WaitUntilSeen();

  TANDEM_ASSERT_OK_AND_ASSIGN(const v1::RankMentorsResponse ranking, pipeline_.Rank(request));

  ASSERT_EQ(ranking.mentors_size(), 2);
  EXPECT_EQ(ranking.mentors(0).mentor(), expert);
  EXPECT_EQ(ranking.mentors(1).mentor(), fair);
  EXPECT_GT(ranking.mentors(0).score_micropoints(), ranking.mentors(1).score_micropoints());
  EXPECT_THAT(ranking.mentors(0).breakdown(0).sentence(), HasSubstr("level 5"));
  EXPECT_EQ(ranking.need(), request + "/roles/lead");
  EXPECT_EQ(ranking.considered_count(), 3);
  EXPECT_EQ(ranking.eligible_count(), 2);
  ASSERT_EQ(ranking.rule_counts_size(), 1);
  EXPECT_EQ(ranking.rule_counts(0).rule(), v1::RULE_TOPIC_LEVEL);
  EXPECT_EQ(ranking.rule_counts(0).failed(), 1);
  EXPECT_THAT(ranking.rule_counts(0).sole_examples(), ElementsAre(novice));
}

TEST_F(RankingTest, AChangeIsSeenAndTheAnswerNamesItsRevision) {
  pipeline_.AddMentor({"first", 3});
  const std::string request = pipeline_.AddRequest({"request"});
  pipeline_.WaitUntilSeen();
  TANDEM_ASSERT_OK_AND_ASSIGN(const v1::RankMentorsResponse before, pipeline_.Rank(request));

  const std::string better = pipeline_.AddMentor({"better", 5});
  pipeline_.WaitUntilSeen();

  TANDEM_ASSERT_OK_AND_ASSIGN(const v1::RankMentorsResponse after, pipeline_.Rank(request));
  EXPECT_GT(after.seen().profiles(), before.seen().profiles());
  EXPECT_EQ(after.mentors(0).mentor(), better);
}

TEST_F(RankingTest, APairIsExplainedRuleByRuleWithTheDataCompared) {
  const std::string novice = pipeline_.AddMentor({"novice", 1});
  const std::string request = pipeline_.AddRequest({"request"});
  pipeline_.WaitUntilSeen();

  TANDEM_ASSERT_OK_AND_ASSIGN(const v1::ExplainPairResponse explanation, Explain(request, novice));

  EXPECT_FALSE(explanation.eligible());
  EXPECT_EQ(explanation.rank(), 0);
  ASSERT_EQ(explanation.verdicts_size(), v1::Rule_MAX);
  for (const v1::RuleVerdict& verdict : explanation.verdicts()) {
    EXPECT_EQ(verdict.passed(), verdict.rule() != v1::RULE_TOPIC_LEVEL) << verdict.DebugString();
  }
  const v1::RuleVerdict& topic = explanation.verdicts(v1::RULE_TOPIC_LEVEL - 1);
  EXPECT_EQ(topic.compared(0).actual(), "1");
  EXPECT_NE(topic.remedy(), "");
}

TEST_F(RankingTest, WhatIsUnknownIsNamed) {
  const std::string request = pipeline_.AddRequest({"request"});
  pipeline_.WaitUntilSeen();

  EXPECT_THAT(pipeline_.Rank("engagementRequests/none"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("engagementRequests/none")));
  EXPECT_THAT(Explain(request, "mentors/none"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("mentors/none")));
  EXPECT_THAT(pipeline_.Rank(""), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(RankingTest, APolicyThatLacksTheServiceTypeIsNamedByItsReason) {
  const std::string mentor = pipeline_.AddMentor({"mentor"});
  const std::string request = pipeline_.AddRequest({"request"});
  pipeline_.WaitUntilSeen();

  pipeline_.AskForCoaching(request);

  for (const absl::Status& refused :
       {pipeline_.Rank(request).status(), Explain(request, mentor).status()}) {
    EXPECT_THAT(refused, StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("COACHING")));
    ASSERT_TRUE(common::ErrorDetailOf(refused).has_value());
    EXPECT_EQ(common::ErrorDetailOf(refused)->reason, "SERVICE_TYPE_NOT_COVERED");
  }
}

TEST_F(RankingTest, ADraftOfAPolicyDecidesOnlyWhereItIsNamed) {
  pipeline_.AddMentor({"mentor"});
  const std::string request = pipeline_.AddRequest({"request"});
  const std::string draft = pipeline_.AddPolicy(1, 0, /*publish=*/false);
  pipeline_.WaitUntilSeen();
  v1::RankMentorsRequest ranking;
  ranking.set_need(request);
  ranking.set_policy(draft);

  TANDEM_ASSERT_OK_AND_ASSIGN(const v1::RankMentorsResponse in_force, pipeline_.Rank(request));
  TANDEM_ASSERT_OK_AND_ASSIGN(
      const v1::RankMentorsResponse named,
      pipeline_.Call(pipeline_.matching(), &v1::MatchingService::Stub::RankMentors, ranking));

  EXPECT_EQ(in_force.policy(), "policies/ldc/versions/1");
  EXPECT_EQ(named.policy(), "policies/ldc/versions/2");
}

TEST_F(RankingTest, APolicyIsPublishedOnceAndTheAuthorIsFlagged) {
  v1::PublishPolicyRequest request;
  request.set_name("policies/ldc/versions/1");

  EXPECT_THAT(
      pipeline_.Call(pipeline_.matching(), &v1::MatchingService::Stub::PublishPolicy, request),
      StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("published already")));

  TANDEM_ASSERT_OK_AND_ASSIGN(
      const common::v1::ListChangesResponse changes,
      pipeline_.Call(pipeline_.matching(), &v1::MatchingService::Stub::ListChanges,
                     common::v1::ListChangesRequest()));
  ASSERT_EQ(changes.changes_size(), 2);
  EXPECT_EQ(changes.changes(1).resource(), "policies/ldc/versions/1");
  EXPECT_EQ(changes.changes(1).reason_code(), "PUBLISHED_BY_AUTHOR");
  EXPECT_EQ(changes.changes(1).actor(), "unauthenticated: tester");
}

}  // namespace
}  // namespace tandem::tests
