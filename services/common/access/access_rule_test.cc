#include "services/common/access/access_rule.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "tandem/needs/v1/assessment_requests.pb.h"

namespace tandem::common {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// The mistakes in an option of UpdateAssessment.
std::vector<std::string> MistakesOf(const std::string& text) {
  v1::Access option;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &option)) << text;
  std::vector<std::string> mistakes;
  const AccessRule rule("S/M", option, *needs::v1::UpdateAssessmentRequest::descriptor(),
                        *needs::v1::Assessment::descriptor(), &mistakes);
  return mistakes;
}

TEST(AccessRuleTest, AnOptionInOrderHasNoMistakes) {
  EXPECT_THAT(MistakesOf(R"(grants { roles: [ROLE_STAFF, ROLE_ADMIN] objects: OBJECT_RULE_ANY }
                            grants { roles: ROLE_NSB objects: OBJECT_RULE_OWN_ORGANISATION
                                     object_field: "assessment.name"
                                     protected_fields: "assessment.external_id"
                                     hidden_fields: "items.state" })"),
              IsEmpty());
  EXPECT_THAT(MistakesOf("without_credentials: true"), IsEmpty());
}

TEST(AccessRuleTest, WhatIsNotDeclaredIsAMistake) {
  struct Case {
    const char* option;
    const char* mistake;
  };
  const Case cases[] = {
      {"", "declares no access rule"},
      {"grants { objects: OBJECT_RULE_ANY }", "a grant without a role"},
      {"grants { roles: ROLE_STAFF }", "no object rule that fits ROLE_STAFF"},
      {"grants { roles: ROLE_UNSPECIFIED objects: OBJECT_RULE_ANY }", "fits ROLE_UNSPECIFIED"},
      {"grants { roles: ROLE_STAFF objects: OBJECT_RULE_OWN_MENTOR }", "fits ROLE_STAFF"},
      {"grants { roles: ROLE_MENTOR objects: OBJECT_RULE_OWN_ORGANISATION }", "fits ROLE_MENTOR"},
      {"grants { roles: ROLE_NSB objects: OBJECT_RULE_OWN_MENTOR }", "fits ROLE_NSB"},
      {"grants { roles: [ROLE_STAFF, ROLE_STAFF] objects: OBJECT_RULE_ANY }", "grants twice"},
      {R"(grants { roles: ROLE_NSB objects: OBJECT_RULE_ANY object_field: "nam" })", "nam, which"},
      {R"(grants { roles: ROLE_NSB objects: OBJECT_RULE_ANY object_field: "assessment" })",
       "no string"},
      {R"(grants { roles: ROLE_NSB objects: OBJECT_RULE_ANY protected_fields: "assessment.tier" })",
       "assessment.tier, which is not in"},
      {R"(grants { roles: ROLE_NSB objects: OBJECT_RULE_ANY protected_fields: "assessment" })",
       "assessment, which is not in"},
      {R"(grants { roles: ROLE_NSB objects: OBJECT_RULE_ANY hidden_fields: "items.tier" })",
       "items.tier, which is not in"},
  };
  for (const Case& one : cases) {
    EXPECT_THAT(MistakesOf(one.option), ElementsAre(HasSubstr(one.mistake))) << one.option;
  }
}

}  // namespace
}  // namespace tandem::common
