#include "gtest/gtest.h"
#include "services/matching/engine/facts.h"
#include "services/matching/engine/rules/rule.h"
#include "services/matching/engine/rules/verdict.h"
#include "services/matching/engine/testing/scene.h"

namespace tandem::engine {
namespace {

void AskVisit(Scene& s, int days) {
  s.need.modalities = kRemote | kOnSite;
  s.need.visit = VisitNeed{"TD", days, D("2026-03-09"), D("2026-03-20")};  // 12 days.
}

TEST(MeetingTest, ACommonWayToMeetIsNeeded) {
  ExpectCases(Rule::kModality,
              {
                  {"remote", [](Scene& s) { s.mentor.modalities = kRemote; }, true},
                  {"the other one", [](Scene& s) { s.mentor.modalities = kOnSite; }, false},
                  {"none", [](Scene& s) { s.mentor.modalities = 0; }, false},
                  {"a visit, and travels", [](Scene& s) { AskVisit(s, 5); }, true},
                  {"a visit, and does not travel",
                   [](Scene& s) {
                     AskVisit(s, 5);
                     s.mentor.modalities = kRemote;
                   },
                   false},
              });
}

TEST(MeetingTest, ADayMustBeFree) {
  ExpectCases(Rule::kDates, {
                                {"all days off but one",
                                 [](Scene& s) {
                                   s.mentor.days_off = {{D("2026-03-01"), D("2026-05-30")}};
                                   s.need.min_weekly_overlap_minutes = 0;
                                 },
                                 true},
                                {"all days off, in two parts",
                                 [](Scene& s) {
                                   s.mentor.days_off = {{D("2026-04-01"), D("2026-06-30")},
                                                        {D("2026-01-01"), D("2026-03-31")}};
                                   s.need.min_weekly_overlap_minutes = 0;
                                 },
                                 false},
                                {"the period is over",
                                 [](Scene& s) {
                                   s.need.period = {D("2025-11-03"), D("2026-01-31")};
                                 },
                                 false},
                                {"the last day is today",
                                 [](Scene& s) {
                                   s.need.period = {D("2025-11-03"), D("2026-02-01")};
                                 },
                                 true},
                            });
}

TEST(MeetingTest, EnoughCommonTimeIsNeededInAsManyWeeksAsAsked) {
  ExpectCases(
      Rule::kWeeklyOverlap,
      {
          {"15 hours", [](Scene& s) { s.need.min_weekly_overlap_minutes = 900; }, true},
          {"15 minutes more", [](Scene& s) { s.need.min_weekly_overlap_minutes = 915; }, false},
          {"the policy's minutes",
           [](Scene& s) {
             s.need.min_weekly_overlap_minutes = 0;
             s.service().min_weekly_overlap_minutes = 915;
           },
           false},
          {"the request's minutes come before the policy's",
           [](Scene& s) { s.service().min_weekly_overlap_minutes = 915; }, true},
          {"two hours later", [](Scene& s) { s.mentor.time_zone = "Two"; }, true},
          {"two hours later, an hour lost",
           [](Scene& s) {
             s.mentor.time_zone = "Two";  // 9 to 12 there is 7 to 10 here; the others begin at 8.
             s.need.min_weekly_overlap_minutes = 615;
           },
           false},
          {"from summer on an hour less",
           [](Scene& s) {
             s.mentor.time_zone = "Summer";
             s.need.min_weekly_overlap_minutes = 615;
           },
           false},
          {"from summer on an hour less, four weeks asked",
           [](Scene& s) {
             s.mentor.time_zone = "Summer";
             s.need.min_weekly_overlap_minutes = 615;
             s.need.min_overlap_weeks = 4;
           },
           true},
          {"five weeks asked",
           [](Scene& s) {
             s.mentor.time_zone = "Summer";
             s.need.min_weekly_overlap_minutes = 615;
             s.need.min_overlap_weeks = 5;
           },
           false},
          {"a week off",
           [](Scene& s) {
             s.mentor.days_off = {{D("2026-03-09"), D("2026-03-15")}};
           },
           false},
          {"a week off, twelve weeks asked",
           [](Scene& s) {
             s.mentor.days_off = {{D("2026-03-09"), D("2026-03-15")}};
             s.need.min_overlap_weeks = 12;
           },
           true},
          {"no windows", [](Scene& s) { s.mentor.weekly_windows = {}; }, false},
          {"counterparts without windows", [](Scene& s) { s.need.weekly_windows = {}; }, false},
          {"an unknown zone", [](Scene& s) { s.mentor.time_zone = "Nowhere"; }, false},
          {"nothing asked",
           [](Scene& s) {
             s.mentor.weekly_windows = {};
             s.need.min_weekly_overlap_minutes = 0;
           },
           true},
          {"all work on site",
           [](Scene& s) {
             s.mentor.weekly_windows = {};
             s.need.modalities = kOnSite;
           },
           true},
      });
}

TEST(MeetingTest, AVisitNeedsConsecutiveFreeDays) {
  ExpectCases(Rule::kConsecutiveDays,
              {
                  {"no day off", [](Scene& s) { AskVisit(s, 12); }, true},
                  {"longer than between the two days", [](Scene& s) { AskVisit(s, 13); }, false},
                  {"a day off in the middle",
                   [](Scene& s) {
                     AskVisit(s, 7);
                     s.mentor.days_off = {{D("2026-03-14"), D("2026-03-14")}};
                   },
                   false},
                  {"six days after it",
                   [](Scene& s) {
                     AskVisit(s, 6);
                     s.mentor.days_off = {{D("2026-03-14"), D("2026-03-14")}};
                   },
                   true},
                  {"no visit", [](Scene&) {}, true},
              });
}

TEST(MeetingTest, RemediesNameWhatTheMentorHas) {
  Scene scene;
  scene.need.min_weekly_overlap_minutes = 1'000;
  Verdict verdict = scene.Judge(Rule::kWeeklyOverlap);
  ASSERT_EQ(verdict.relaxations.size(), 1u);
  EXPECT_EQ(verdict.relaxations[0], (Relaxation{RelaxationKind::kAcceptOverlap, "", 900, 0}));

  scene.need.min_weekly_overlap_minutes = 900;
  scene.mentor.days_off = {{D("2026-03-09"), D("2026-03-09")}};
  verdict = scene.Judge(Rule::kWeeklyOverlap);
  ASSERT_EQ(verdict.relaxations.size(), 1u);
  EXPECT_EQ(verdict.relaxations[0], (Relaxation{RelaxationKind::kAcceptOverlapWeeks, "", 12, 0}));

  AskVisit(scene, 20);
  verdict = scene.Judge(Rule::kConsecutiveDays);
  ASSERT_EQ(verdict.relaxations.size(), 1u);
  EXPECT_EQ(verdict.relaxations[0], (Relaxation{RelaxationKind::kShortenVisit, "", 11, 0}));
}

}  // namespace
}  // namespace tandem::engine
