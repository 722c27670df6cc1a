#include "services/matching/engine/rules/prepared_need.h"

#include "absl/status/status.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/matching/engine/facts.h"
#include "services/matching/engine/rules/rule.h"
#include "services/matching/engine/rules/verdict.h"
#include "services/matching/engine/testing/scene.h"

namespace tandem::engine {
namespace {

using base::StatusIs;
using ::testing::HasSubstr;

absl::Status Prepared(const Scene& scene) {
  Roster roster;
  return Prepare(scene.need, scene.Inputs(&roster)).status();
}

TEST(PreparedNeedTest, ThePolicyMustKnowTheServiceType) {
  Scene scene;
  scene.need.service_type = ServiceType::kWorkshop;
  EXPECT_THAT(Prepared(scene), StatusIs(absl::StatusCode::kFailedPrecondition,
                                        HasSubstr("engagementRequests/r/roles/lead")));
}

TEST(PreparedNeedTest, LimitsAreChecked) {
  Scene scene;
  scene.need.period = {D("2026-03-02"), D("2026-03-01")};
  EXPECT_THAT(Prepared(scene), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("period")));
  scene = Scene();
  scene.need.topics.assign(65, {"testing", 1, 1});
  EXPECT_THAT(Prepared(scene), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("64")));
}

TEST(PreparedNeedTest, ZonesMustCoverThePeriod) {
  Scene scene;
  scene.need.period = {D("2027-12-01"), D("2028-01-15")};
  EXPECT_THAT(Prepared(scene),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("2027-12-01 to 2028-01-15")));
}

TEST(PreparedNeedTest, TheEngagementBeginsNotBeforeTheDecision) {
  Scene scene;
  scene.need.period = {D("2026-01-05"), D("2026-05-31")};
  Roster roster;
  const auto prepared = Prepare(scene.need, scene.Inputs(&roster));
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  EXPECT_EQ(prepared->first_day, D("2026-02-01"));
  EXPECT_EQ(prepared->today, D("2026-02-01"));
}

TEST(RuleTest, SetsKeepTheOrderOfTheRules) {
  RuleSet rules;
  EXPECT_TRUE(rules.empty());
  rules.Add(Rule::kDeclinedBefore);
  EXPECT_TRUE(rules.HasExactlyOne());
  rules.Add(Rule::kInactive);
  EXPECT_FALSE(rules.HasExactlyOne());
  EXPECT_THAT(rules.rules(), testing::ElementsAre(Rule::kInactive, Rule::kDeclinedBefore));
  RuleSet waived;
  waived.Add(Rule::kInactive);
  EXPECT_THAT(rules.Without(waived).rules(), testing::ElementsAre(Rule::kDeclinedBefore));
}

TEST(RuleTest, CodesAreThoseOfTheApi) {
  EXPECT_EQ(CodeOf(Rule::kInactive), "INACTIVE");
  EXPECT_EQ(CodeOf(Rule::kCoiDeclaration), "COI_DECLARATION");
  EXPECT_EQ(CodeOf(Rule::kDeclinedBefore), "DECLINED_BEFORE");
  EXPECT_EQ(CodeOf(static_cast<Rule>(0)), "RULE_UNSPECIFIED");
}

}  // namespace
}  // namespace tandem::engine
