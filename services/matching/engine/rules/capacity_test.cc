#include "gtest/gtest.h"
#include "services/matching/engine/facts.h"
#include "services/matching/engine/rules/rule.h"
#include "services/matching/engine/rules/verdict.h"
#include "services/matching/engine/testing/scene.h"

namespace tandem::engine {
namespace {

// A commitment of the scene's mentor.
Commitment Promised(int hours, const char* first_day, const char* last_day) {
  return {"mentors/a", "engagementRequests/other/roles/lead", hours, MonthOf(D(first_day)),
          MonthOf(D(last_day))};
}

TEST(CapacityTest, FullMentorIsNeverMatched) {
  ExpectCases(
      Rule::kNoCapacity,
      {
          {"nothing promised", [](Scene&) {}, true},
          {"one of two places taken",
           [](Scene& s) { s.load.commitments = {Promised(10, "2026-03-01", "2026-05-31")}; }, true},
          {"both places taken in May",
           [](Scene& s) {
             s.load.commitments = {Promised(1, "2026-03-01", "2026-05-31"),
                                   Promised(1, "2026-05-01", "2026-08-31")};
           },
           false},
          {"two places taken in different months",
           [](Scene& s) {
             s.load.commitments = {Promised(1, "2026-01-01", "2026-03-31"),
                                   Promised(1, "2026-04-01", "2026-08-31")};
           },
           true},
          {"no place offered", [](Scene& s) { s.mentor.max_engagements = 0; }, false},
          {"an hour too few in one month",
           [](Scene& s) { s.load.commitments = {Promised(11, "2026-04-01", "2026-04-30")}; },
           false},
          {"hours promised before and after",
           [](Scene& s) {
             s.load.commitments = {Promised(20, "2025-01-01", "2026-02-28"),
                                   Promised(20, "2026-06-01", "2026-12-31")};
           },
           true},
          {"more hours asked than offered", [](Scene& s) { s.need.hours_per_month = 21; }, false},
          {"promised to this very need",
           [](Scene& s) {
             s.load.commitments = {Promised(20, "2026-03-01", "2026-05-31")};
             s.load.commitments[0].need = s.need.id;
           },
           true},
          {"somebody else's promise",
           [](Scene& s) {
             s.load.commitments = {Promised(20, "2026-03-01", "2026-05-31")};
             s.load.commitments[0].mentor = "mentors/b";
           },
           true},
      });
}

TEST(CapacityTest, ARunningPeriodCountsFromTheDayOfTheDecision) {
  Scene scene;
  scene.need.period = {D("2026-01-05"), D("2026-05-31")};
  scene.load.commitments = {Promised(20, "2026-01-01", "2026-01-31")};
  EXPECT_TRUE(scene.Broken().empty());
}

TEST(CapacityTest, TheRemedyNamesTheHoursLeft) {
  Scene scene;
  scene.load.commitments = {Promised(12, "2026-04-01", "2026-04-30")};
  const Verdict verdict = scene.Judge(Rule::kNoCapacity);
  ASSERT_EQ(verdict.relaxations.size(), 1u);
  EXPECT_EQ(verdict.relaxations[0], (Relaxation{RelaxationKind::kAskFewerHours, "", 8, 0}));
}

}  // namespace
}  // namespace tandem::engine
