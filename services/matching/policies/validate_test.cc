#include "services/matching/policies/validate.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace tandem::matching {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

v1::Policy Parse(const std::string& text) {
  v1::Policy policy;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &policy));
  return policy;
}

std::vector<std::string> ViolatedFields(const v1::Policy& policy) {
  std::vector<std::string> fields;
  const common::FieldViolations violations = ValidatePolicy(policy);
  for (const common::FieldViolation& violation : violations.violations()) {
    fields.push_back(violation.field);
  }
  return fields;
}

constexpr char kGood[] = R"(
  policy_id: "ldc" objective: OBJECTIVE_COVERAGE near_tie_micropoints: 5000
  service_policies {
    service_type: SERVICE_TYPE_MENTORING stale_after_days: 365 fresh_for_days: 90
    waived_rules: RULE_WEEKLY_OVERLAP
    weights { criterion: CRITERION_EXPERTISE weight: 10 }
  })";

TEST(ValidatePolicyTest, AGoodPolicyHasNoViolation) {
  EXPECT_THAT(ViolatedFields(Parse(kGood)), IsEmpty());
}

TEST(ValidatePolicyTest, EveryViolatedFieldIsNamedAtOnce) {
  const v1::Policy policy = Parse(R"(
    policy_id: "LDC!" near_tie_micropoints: -1
    service_policies { stale_after_days: 0 fresh_for_days: 5 cooling_off_months: 999
                       weights { criterion: CRITERION_EXPERTISE weight: 2000 }
                       weights { criterion: CRITERION_EXPERTISE } }
    screening_list { restricted_countries: "Mali" restricted_mentors: "someone"
                     list_date { year: 2026 month: 2 day: 30 } }
    effective_from { year: 2026 month: 13 day: 1 })");

  EXPECT_THAT(
      ViolatedFields(policy),
      ElementsAre("policy_id", "service_policies[0].service_type",
                  "service_policies[0].stale_after_days", "service_policies[0].fresh_for_days",
                  "service_policies[0].cooling_off_months", "service_policies[0].weights[0].weight",
                  "service_policies[0].weights[1].criterion", "near_tie_micropoints",
                  "screening_list.source", "screening_list.list_date",
                  "screening_list.restricted_countries[0]", "screening_list.restricted_mentors[0]",
                  "effective_from"));
}

TEST(ValidatePolicyTest, APolicyWithoutSettingsIsRefused) {
  EXPECT_THAT(ViolatedFields(Parse("policy_id: 'ldc'")), ElementsAre("service_policies"));
}

TEST(ValidatePolicyTest, AServiceTypeIsSetOnce) {
  v1::Policy policy = Parse(kGood);
  *policy.add_service_policies() = policy.service_policies(0);

  EXPECT_THAT(ViolatedFields(policy), ElementsAre("service_policies[1].service_type"));
}

TEST(ValidatePolicyTest, WeightsThatAreAllZeroRankNobody) {
  v1::Policy policy = Parse(kGood);
  policy.mutable_service_policies(0)->mutable_weights(0)->set_weight(0);

  EXPECT_THAT(ViolatedFields(policy), ElementsAre("service_policies[0].weights"));
}

TEST(ValidatePolicyTest, AnUnknownRuleCannotBeWaived) {
  v1::Policy policy = Parse(kGood);
  policy.mutable_service_policies(0)->add_waived_rules(v1::RULE_UNSPECIFIED);
  policy.mutable_service_policies(0)->add_waived_rules(static_cast<v1::Rule>(99));
  policy.mutable_service_policies(0)->add_waived_rules(v1::RULE_WEEKLY_OVERLAP);

  EXPECT_THAT(ViolatedFields(policy), ElementsAre("service_policies[0].waived_rules[1]",
                                                  "service_policies[0].waived_rules[2]",
                                                  "service_policies[0].waived_rules[3]"));
}

}  // namespace
}  // namespace tandem::matching
