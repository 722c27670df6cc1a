#include <algorithm>
#include <cstdlib>
#include <string>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "services/matching/engine/criteria/score.h"
#include "services/matching/engine/facts.h"
#include "services/matching/engine/roster/roster.h"
#include "services/matching/engine/rules/prepared_need.h"
#include "services/matching/engine/testing/population.h"
#include "services/matching/engine/time/zone_transitions.h"

namespace tandem::engine {
namespace {

TEST(ScoreBoundTest, ATotalMayBeReachedExactlyUpToFullPointsForTheSchedule) {
  const char* given = std::getenv("TANDEM_SEED");
  const uint64_t seed = given == nullptr ? 41 : std::strtoull(given, nullptr, 10);
  SCOPED_TRACE(testing::Message() << "run again with TANDEM_SEED=" << seed);
  Population population(seed, PopulationOptions());
  Roster roster;
  for (int i = 0; i < 300; ++i) ASSERT_TRUE(roster.Upsert(population.NextMentor()).ok());
  ZoneTable zones("test");
  for (const std::string& name : PopulationZones()) {
    auto zone = ReadZone(name, {PopulationToday() - 200, PopulationToday() + 400});
    ASSERT_TRUE(zone.ok() && zones.Add(*std::move(zone)).ok()) << name;
  }
  const LoadFacts load;
  int64_t below = 0;
  for (int round = 0; round < 40; ++round) {
    const PolicyFacts policy = population.NextPolicy();
    DecisionInputs inputs;
    inputs.roster = roster.Snapshot();
    inputs.policy = &policy;
    inputs.load = &load;
    inputs.zones = &zones;
    inputs.decision_time = absl::FromUnixSeconds(int64_t{PopulationToday()} * kSecondsPerDay);
    const auto need = Prepare(population.NextNeed(), inputs);
    ASSERT_TRUE(need.ok()) << need.status();
    for (int32_t row = 0; row < roster.Snapshot().size(); ++row) {
      const MentorView mentor = need->roster.mentor(row);
      const Score score = ScoreOf(mentor, *need);
      CriterionPoints points = score.points;
      points[IndexOf(Criterion::kScheduleOverlap)] = kFullPoints;
      const int64_t cost = score.needs_interpreter && need->interpreter  //
                               ? need->policy.interpreter_cost
                               : 0;
      const int64_t bound = WeightedTotal(points, score.weights, cost);
      if (bound == 0) continue;
      ASSERT_TRUE(MayReach(bound, mentor, *need)) << "row " << row << ", round " << round;
      ASSERT_FALSE(MayReach(bound + 1, mentor, *need)) << "row " << row << ", round " << round;
      below += score.total < bound;
    }
  }
  EXPECT_GT(below, 0);
}

}  // namespace
}  // namespace tandem::engine
