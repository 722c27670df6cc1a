#include "services/matching/policies/validate.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "services/common/reference_data.h"

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
  static const auto reference = common::ReferenceData::Load("").value();
  const common::FieldViolations violations = ValidatePolicy(policy, *reference);
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
    policy_id: "LDC!" near_tie_micropoints: -1 approval_rules { reason_from_rank: -1 }
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
                  "effective_from", "approval_rules.reason_from_rank"));
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

TEST(ValidatePolicyTest, TextsHoldNothingInvisible) {
  v1::Policy policy = Parse(kGood);
  policy.set_display_name("LDC \u202Eycilop");
  policy.set_rationale("Line one\nline two\u200B");
  policy.mutable_screening_list()->set_source("UN\x07");

  EXPECT_THAT(ViolatedFields(policy),
              ElementsAre("display_name", "rationale", "screening_list.source"));
}

TEST(ValidatePolicyTest, ACountryThatDoesNotExistCannotBeRestricted) {
  v1::Policy policy = Parse(kGood);
  policy.mutable_screening_list()->set_source("Invented list");
  policy.mutable_screening_list()->add_restricted_countries("ML");
  policy.mutable_screening_list()->add_restricted_countries("XX");

  EXPECT_THAT(ViolatedFields(policy), ElementsAre("screening_list.restricted_countries[1]"));
}

constexpr char kGoodQuotas[] = R"(
  quotas { quota_id: "ldc" attribute: QUOTA_ATTRIBUTE_DEVELOPMENT_CONTEXT values: "ldc"
           min_matches: 3 }
  quotas { quota_id: "sahel" attribute: QUOTA_ATTRIBUTE_COUNTRY values: "ML" values: "TD"
           max_matches: 4 parent: "ldc" }
  quotas { quota_id: "workshops" attribute: QUOTA_ATTRIBUTE_SERVICE_TYPE
           values: "SERVICE_TYPE_WORKSHOP" max_matches: 0 }
  quotas { quota_id: "bureau" attribute: QUOTA_ATTRIBUTE_EMPLOYER values: "organisations/x1" }
)";

TEST(ValidatePolicyTest, QuotasOfEveryKindAreTaken) {
  EXPECT_THAT(ViolatedFields(Parse(absl::StrCat(kGood, kGoodQuotas))), IsEmpty());
}

TEST(ValidatePolicyTest, EveryViolatedFieldOfAQuotaIsNamedAtOnce) {
  const v1::Policy policy = Parse(absl::StrCat(kGood, R"(
    quotas { quota_id: "Not Good" attribute: QUOTA_ATTRIBUTE_COUNTRY values: "XX" values: "ML"
             values: "ML" min_matches: -1 max_matches: -2 parent: "nobody" }
    quotas { quota_id: "a" parent: "b" attribute: QUOTA_ATTRIBUTE_COUNTRY values: "TD" }
    quotas { quota_id: "b" parent: "a" attribute: QUOTA_ATTRIBUTE_COUNTRY values: "UG" }
    quotas { quota_id: "b" attribute: QUOTA_ATTRIBUTE_NOMINATED_BY values: "NSB-TG" parent: "a" }
    quotas { quota_id: "c" attribute: QUOTA_ATTRIBUTE_SERVICE_TYPE values: "WORKSHOP"
             min_matches: 3 max_matches: 2 }
    quotas { quota_id: "d" })"));

  EXPECT_THAT(
      ViolatedFields(policy),
      ElementsAre("quotas[0].quota_id", "quotas[0].values[0]", "quotas[0].values[2]",
                  "quotas[0].min_matches", "quotas[0].max_matches", "quotas[0].max_matches",
                  "quotas[0].parent", "quotas[1].parent", "quotas[2].parent", "quotas[3].values[0]",
                  "quotas[3].parent", "quotas[3].quota_id", "quotas[4].values[0]",
                  "quotas[4].max_matches", "quotas[5].attribute", "quotas[5].values"));
}

TEST(ValidatePolicyTest, AStablePlanKnowsNoQuotas) {
  v1::Policy policy = Parse(absl::StrCat(kGood, kGoodQuotas));
  policy.set_objective(v1::OBJECTIVE_STABLE);

  EXPECT_THAT(ViolatedFields(policy), ElementsAre("quotas"));
}

}  // namespace
}  // namespace tandem::matching
