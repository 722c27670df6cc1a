#include "gtest/gtest.h"
#include "services/matching/engine/facts.h"
#include "services/matching/engine/rules/rule.h"
#include "services/matching/engine/rules/verdict.h"
#include "services/matching/engine/testing/scene.h"

namespace tandem::engine {
namespace {

constexpr int64_t kNoon = int64_t{20'485} * kSecondsPerDay + 43'200;  // 2026-02-01 12:00 UTC.

TEST(StandingTest, OnlyProfilesInUseMatch) {
  ExpectCases(Rule::kInactive,
              {
                  {"in use", [](Scene&) {}, true},
                  {"deactivated", [](Scene& s) { s.mentor.active = false; }, false},
              });
}

TEST(StandingTest, OnlyVettedMentorsMatch) {
  ExpectCases(Rule::kNotVetted,
              {
                  {"vetted", [](Scene& s) { s.mentor.vetting = Vetting::kVetted; }, true},
                  {"not stated", [](Scene& s) { s.mentor.vetting = Vetting::kUnspecified; }, false},
                  {"pending", [](Scene& s) { s.mentor.vetting = Vetting::kPending; }, false},
                  {"rejected", [](Scene& s) { s.mentor.vetting = Vetting::kRejected; }, false},
                  {"suspended", [](Scene& s) { s.mentor.vetting = Vetting::kSuspended; }, false},
              });
}

TEST(StandingTest, ConsentMustHoldOnTheDayOfTheDecision) {
  ExpectCases(
      Rule::kConsentMissing,
      {
          {"given on the day", [](Scene& s) { s.mentor.consent_given_on = D("2026-02-01"); }, true},
          {"given later", [](Scene& s) { s.mentor.consent_given_on = D("2026-02-02"); }, false},
          {"never given", [](Scene& s) { s.mentor.consent_given_on = kNoDay; }, false},
          {"withdrawn before", [](Scene& s) { s.mentor.consent_withdrawn_on = D("2026-01-31"); },
           false},
          {"withdrawn on the day",
           [](Scene& s) { s.mentor.consent_withdrawn_on = D("2026-02-01"); }, false},
          {"withdrawn later", [](Scene& s) { s.mentor.consent_withdrawn_on = D("2026-02-02"); },
           true},
      });
}

TEST(StandingTest, StaleProfilesDoNotMatch) {
  constexpr int64_t kYear = int64_t{365} * kSecondsPerDay;
  ExpectCases(
      Rule::kProfileStale,
      {
          {"to the second", [](Scene& s) { s.mentor.last_confirmed = kNoon - kYear; }, true},
          {"a second more", [](Scene& s) { s.mentor.last_confirmed = kNoon - kYear - 1; }, false},
          {"never", [](Scene& s) { s.mentor.last_confirmed = kNever; }, false},
          {"after the decision", [](Scene& s) { s.mentor.last_confirmed = kNoon + 60; }, true},
          {"shorter by policy",
           [](Scene& s) {
             s.service().stale_after_days = 10;
             s.service().fresh_for_days = 5;
           },
           false},
      });
}

TEST(StandingTest, TheDeclarationOnConflictsMustHold) {
  ExpectCases(
      Rule::kCoiDeclaration,
      {
          {"expires on the day", [](Scene& s) { s.mentor.coi_expires_on = D("2026-02-01"); }, true},
          {"expired", [](Scene& s) { s.mentor.coi_expires_on = D("2026-01-31"); }, false},
          {"no end", [](Scene& s) { s.mentor.coi_expires_on = kNoDay; }, true},
          {"none", [](Scene& s) { s.mentor.coi_declared_on = kNoDay; }, false},
          {"declared later", [](Scene& s) { s.mentor.coi_declared_on = D("2026-02-02"); }, false},
      });
}

TEST(StandingTest, ARemedySaysWhatToDo) {
  Scene scene;
  scene.mentor.last_confirmed = kNever;
  const Verdict verdict = scene.Judge(Rule::kProfileStale);
  ASSERT_EQ(verdict.relaxations.size(), 1u);
  EXPECT_EQ(verdict.relaxations[0].kind, RelaxationKind::kConfirmProfile);
}

}  // namespace
}  // namespace tandem::engine
