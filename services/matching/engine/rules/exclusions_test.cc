#include "gtest/gtest.h"
#include "services/matching/engine/facts.h"
#include "services/matching/engine/rules/rule.h"
#include "services/matching/engine/rules/verdict.h"
#include "services/matching/engine/testing/scene.h"

namespace tandem::engine {
namespace {

TEST(ExclusionsTest, TheScreeningListHoldsForPersonResidenceAndNationalities) {
  ExpectCases(
      Rule::kScreening,
      {
          {"an empty list", [](Scene&) {}, true},
          {"residence", [](Scene& s) { s.policy.restricted_countries = {"FR"}; }, false},
          {"a second nationality",
           [](Scene& s) {
             s.mentor.nationalities = {"FR", "CH"};
             s.policy.restricted_countries = {"CH"};
           },
           false},
          {"another country", [](Scene& s) { s.policy.restricted_countries = {"CH"}; }, true},
          {"experience there is fine",
           [](Scene& s) {
             s.mentor.experience_countries = {"CH"};
             s.policy.restricted_countries = {"CH"};
           },
           true},
          {"the person", [](Scene& s) { s.policy.restricted_mentors = {"mentors/a"}; }, false},
          {"another person", [](Scene& s) { s.policy.restricted_mentors = {"mentors/b"}; }, true},
      });
}

TEST(ExclusionsTest, EitherSideMayExcludeTheOther) {
  ExpectCases(
      Rule::kExcludedByParty,
      {
          {"by the NSB", [](Scene& s) { s.need.excluded_mentors = {"mentors/a"}; }, false},
          {"another mentor", [](Scene& s) { s.need.excluded_mentors = {"mentors/b"}; }, true},
          {"by the mentor",
           [](Scene& s) { s.mentor.excluded_organisations = {"organisations/nsb"}; }, false},
          {"another NSB",
           [](Scene& s) { s.mentor.excluded_organisations = {"organisations/other"}; }, true},
      });
}

TEST(ExclusionsTest, ARefusalCountsForThePolicysMonths) {
  ExpectCases(Rule::kDeclinedBefore, {
                                         {"for ever",
                                          [](Scene& s) {
                                            s.need.refusals = {{"mentors/a", D("2001-01-01")}};
                                          },
                                          false},
                                         {"within the months",
                                          [](Scene& s) {
                                            s.service().declined_for_months = 6;
                                            s.need.refusals = {{"mentors/a", D("2025-08-02")}};
                                          },
                                          false},
                                         {"over on the day",
                                          [](Scene& s) {
                                            s.service().declined_for_months = 6;
                                            s.need.refusals = {{"mentors/a", D("2025-08-01")}};
                                          },
                                          true},
                                         {"somebody else",
                                          [](Scene& s) {
                                            s.need.refusals = {{"mentors/b", D("2026-01-01")}};
                                          },
                                          true},
                                     });
}

TEST(ExclusionsTest, TheRemedyOfARefusalIsToWait) {
  Scene scene;
  scene.service().declined_for_months = 6;
  scene.need.refusals = {{"mentors/a", D("2025-12-31")}};
  const Verdict verdict = scene.Judge(Rule::kDeclinedBefore);
  ASSERT_EQ(verdict.relaxations.size(), 1u);
  EXPECT_EQ(verdict.relaxations[0],
            (Relaxation{RelaxationKind::kWaitUntil, "", D("2026-06-30"), 0}));
}

}  // namespace
}  // namespace tandem::engine
