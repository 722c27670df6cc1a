// One mentor, one need and one policy that fit each other, for tests that change a single fact.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_TESTING_SCENE_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_TESTING_SCENE_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/matching/engine/criteria/criterion.h"
#include "services/matching/engine/criteria/score.h"
#include "services/matching/engine/facts.h"
#include "services/matching/engine/roster/roster.h"
#include "services/matching/engine/rules/prepared_need.h"
#include "services/matching/engine/rules/verdict.h"
#include "services/matching/engine/time/zone_table.h"

namespace tandem::engine {

// A day from "2026-03-01".
Day D(absl::string_view iso);

// Mentoring in French over the thirteen weeks from Monday 2026-03-02, decided on 2026-02-01 at
// noon. Zones: "UTC", "Two" (always UTC+2), "Summer" (UTC+1, and UTC+2 from 2026-03-29 01:00 UTC).
struct Scene {
  Scene();

  // The mentor's view and the prepared need of the facts as they are now; checks that they are
  // fine.
  DecisionInputs Inputs(Roster* roster) const;
  Verdict Judge(Rule rule) const;
  RuleSet Broken() const;
  Score ScoreNow() const;
  int64_t Points(Criterion criterion) const;
  ServicePolicyFacts& service() { return policy.services[0]; }

  MentorFacts mentor;
  NeedFacts need;
  PolicyFacts policy;
  LoadFacts load;
  ZoneTable zones;
  absl::Time decision_time;
};

// A case of a rule: what differs from the scene, and whether the mentor passes then.
struct RuleCase {
  const char* name;
  std::function<void(Scene&)> change;
  bool passes;
};

// Checks for each case that the rule passes or fails as said, that only this rule is broken if any,
// and that a failure says what was compared.
void ExpectCases(Rule rule, const std::vector<RuleCase>& cases);

// A case of a criterion: what differs from the scene, and the points that it gives then.
struct PointsCase {
  const char* name;
  std::function<void(Scene&)> change;
  int64_t points;
};
void ExpectPoints(Criterion criterion, const std::vector<PointsCase>& cases);

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_TESTING_SCENE_H_
