#include "services/matching/engine/testing/scene.h"

#include <cstdlib>

#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/matching/engine/rules/eligibility.h"

namespace tandem::engine {
namespace {

void AddZone(ZoneTable* zones, const char* name, int hours, std::vector<ZoneTransition> changes) {
  ZoneTransitions zone;
  zone.zone = name;
  zone.from = int64_t{D("2025-01-01")} * kSecondsPerDay;
  zone.until = int64_t{D("2028-01-01")} * kSecondsPerDay;
  zone.first_offset = hours * 3600;
  zone.transitions = std::move(changes);
  if (!zones->Add(std::move(zone)).ok()) std::abort();
}

std::vector<WeeklyWindow> OnWorkdays(int from_hour, int to_hour) {
  std::vector<WeeklyWindow> windows;
  for (int weekday = 1; weekday <= 5; ++weekday) {
    windows.push_back({weekday, from_hour * 60, to_hour * 60});
  }
  return windows;
}

}  // namespace

Day D(absl::string_view iso) {
  const std::vector<std::string> parts = absl::StrSplit(iso, '-');
  return DayOf(absl::CivilDay(std::stoi(parts[0]), std::stoi(parts[1]), std::stoi(parts[2])));
}

Scene::Scene()
    : zones("test"),
      decision_time(absl::FromUnixSeconds(int64_t{D("2026-02-01")} * 86'400 + 43'200)) {
  mentor.id = "mentors/a";
  mentor.vetting = Vetting::kVetted;
  mentor.consent_given_on = D("2025-06-01");
  mentor.last_confirmed = int64_t{D("2026-01-15")} * kSecondsPerDay;
  mentor.coi_declared_on = D("2025-06-01");
  mentor.coi_expires_on = D("2026-12-31");
  mentor.residence_country = "FR";
  mentor.nationalities = {"FR"};
  mentor.expertise = {{"testing.food", 4, D("2025-12-01")}};
  mentor.languages = {{"fr", Cefr::kC1, Cefr::kC1}};
  mentor.time_zone = "UTC";
  mentor.weekly_windows = OnWorkdays(9, 12);
  mentor.hours_per_month = 20;
  mentor.max_engagements = 2;
  mentor.modalities = kRemote | kOnSite;

  need.id = "engagementRequests/r/roles/lead";
  need.service_type = ServiceType::kMentoring;
  need.organisations = {"organisations/nsb"};
  need.countries = {"TD"};
  need.region_countries = {"CM", "CF"};
  need.development_contexts = {"ldc"};
  need.topics = {{"testing", 3, 1}};
  need.languages = {{"fr", Cefr::kB2, Cefr::kB1}};
  need.hours_per_month = 10;
  need.modalities = kRemote;
  need.period = {D("2026-03-02"), D("2026-05-31")};
  need.time_zone = "UTC";
  need.weekly_windows = OnWorkdays(8, 16);
  need.min_weekly_overlap_minutes = 120;

  ServicePolicyFacts mentoring;
  mentoring.service_type = ServiceType::kMentoring;
  mentoring.stale_after_days = 365;
  mentoring.fresh_for_days = 90;
  mentoring.cooling_off_months = 24;
  mentoring.interpreter_cost = 100'000;
  mentoring.weights = {400, 100, 100, 100, 100, 50, 100, 50};
  policy.services = {mentoring};

  AddZone(&zones, "UTC", 0, {});
  AddZone(&zones, "Two", 2, {});
  AddZone(&zones, "Summer", 1, {{int64_t{D("2026-03-29")} * kSecondsPerDay + 3600, 7200}});
}

DecisionInputs Scene::Inputs(Roster* roster) const {
  EXPECT_TRUE(roster->Upsert(mentor).ok());
  DecisionInputs inputs;
  inputs.roster = roster->Snapshot();
  inputs.policy = &policy;
  inputs.load = &load;
  inputs.zones = &zones;
  inputs.decision_time = decision_time;
  return inputs;
}

namespace {

// Calls `with(mentor, need)` for the scene's mentor and need.
template <typename With>
auto InScene(const Scene& scene, With with) {
  Roster roster;
  const auto prepared = Prepare(scene.need, scene.Inputs(&roster));
  if (!prepared.ok()) {
    ADD_FAILURE() << prepared.status();
    std::abort();
  }
  return with(prepared->roster.mentor(0), *prepared);
}

}  // namespace

Verdict Scene::Judge(Rule rule) const {
  return InScene(*this, [rule](const MentorView& mentor, const PreparedNeed& need) {
    return VerdictOf(rule, mentor, need);
  });
}

RuleSet Scene::Broken() const {
  return InScene(*this, [](const MentorView& mentor, const PreparedNeed& need) {
    return BrokenRules(mentor, need);
  });
}

Score Scene::ScoreNow() const {
  return InScene(*this, [](const MentorView& mentor, const PreparedNeed& need) {
    return ScoreOf(mentor, need);
  });
}

int64_t Scene::Points(Criterion criterion) const { return ScoreNow().points[IndexOf(criterion)]; }

void ExpectCases(Rule rule, const std::vector<RuleCase>& cases) {
  for (const RuleCase& tried : cases) {
    SCOPED_TRACE(tried.name);
    Scene scene;
    tried.change(scene);
    const Verdict verdict = scene.Judge(rule);
    EXPECT_EQ(verdict.rule, rule);
    EXPECT_EQ(verdict.passed, tried.passes);
    if (tried.passes) {
      EXPECT_TRUE(scene.Broken().empty());
      EXPECT_THAT(verdict.relaxations, testing::IsEmpty());
    } else {
      EXPECT_THAT(scene.Broken().rules(), testing::ElementsAre(rule));
      EXPECT_THAT(verdict.compared, testing::Contains(testing::Field(&Comparison::met, false)));
    }
    scene.service().waived_rules.Add(rule);
    EXPECT_TRUE(scene.Broken().empty()) << "waived";
    EXPECT_TRUE(scene.Judge(rule).passed) << "waived";
  }
}

void ExpectPoints(Criterion criterion, const std::vector<PointsCase>& cases) {
  for (const PointsCase& tried : cases) {
    SCOPED_TRACE(tried.name);
    Scene scene;
    tried.change(scene);
    EXPECT_EQ(scene.Points(criterion), tried.points);
  }
}

}  // namespace tandem::engine
