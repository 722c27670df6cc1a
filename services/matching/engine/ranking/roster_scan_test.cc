#include "services/matching/engine/ranking/roster_scan.h"

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "services/matching/engine/facts.h"
#include "services/matching/engine/roster/roster.h"
#include "services/matching/engine/rules/prepared_need.h"
#include "services/matching/engine/testing/population.h"
#include "services/matching/engine/time/zone_transitions.h"

namespace tandem::engine {
namespace {

void ExpectSameMentors(const std::vector<ScoredMentor>& a, const std::vector<ScoredMentor>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].row, b[i].row);
    EXPECT_EQ(a[i].sum, b[i].sum);
    EXPECT_EQ(a[i].bound, b[i].bound);
    EXPECT_EQ(a[i].needs_interpreter, b[i].needs_interpreter);
  }
}

void ExpectSame(const RosterScan& a, const RosterScan& b) {
  EXPECT_EQ(a.considered, b.considered);
  ExpectSameMentors(a.eligible, b.eligible);
  for (int i = 0; i < kRuleCount; ++i) {
    EXPECT_EQ(a.rules[i].failed, b.rules[i].failed);
    EXPECT_EQ(a.rules[i].sole, b.rules[i].sole);
    EXPECT_EQ(a.rules[i].nearest_among, b.rules[i].nearest_among);
    ASSERT_EQ(a.rules[i].nearest.has_value(), b.rules[i].nearest.has_value());
    if (a.rules[i].nearest.has_value()) {
      EXPECT_EQ(a.rules[i].nearest->relaxations, b.rules[i].nearest->relaxations);
    }
    ASSERT_EQ(a.rules[i].examples.size(), b.rules[i].examples.size());
    for (size_t e = 0; e < a.rules[i].examples.size(); ++e) {
      EXPECT_EQ(a.rules[i].examples[e].id, b.rules[i].examples[e].id);
      EXPECT_EQ(a.rules[i].examples[e].mentor.sum, b.rules[i].examples[e].mentor.sum);
    }
  }
}

TEST(RosterScanTest, TheResultDoesNotDependOnTheNumberOfThreads) {
  constexpr uint64_t kSeed = 11;
  SCOPED_TRACE(kSeed);
  PopulationOptions options;
  options.weeks = 6;
  options.awkward_percent = 3;
  Population population(kSeed, options);
  Roster roster;
  std::vector<MentorFacts> mentors;
  for (int i = 0; i < 5 * kChunkRows + 17; ++i) {
    mentors.push_back(population.NextMentor());
    ASSERT_TRUE(roster.Upsert(mentors.back()).ok());
  }
  ZoneTable zones("test");
  for (const std::string& name : PopulationZones()) {
    auto zone = ReadZone(name, {PopulationToday() - 200, PopulationToday() + 400});
    ASSERT_TRUE(zone.ok() && zones.Add(*std::move(zone)).ok()) << name;
  }
  const LoadFacts load = population.NextLoad(mentors, 50);
  for (int round = 0; round < 6; ++round) {
    SCOPED_TRACE(round);
    NeedFacts need = population.NextNeed();
    need.topics.resize(1);
    const PolicyFacts policy = population.NextPolicy();
    DecisionInputs inputs;
    inputs.roster = roster.Snapshot();
    inputs.policy = &policy;
    inputs.load = &load;
    inputs.zones = &zones;
    inputs.decision_time = absl::FromUnixSeconds(int64_t{PopulationToday()} * kSecondsPerDay);
    auto prepared = Prepare(need, inputs);
    ASSERT_TRUE(prepared.ok()) << prepared.status();
    const auto alone = ScanRoster(&*prepared, 1);
    for (const int threads : {2, 3, 9}) {
      // A roster with the same mentors in the same rows, of which nothing is known yet.
      Roster fresh;
      for (const MentorFacts& mentor : mentors) ASSERT_TRUE(fresh.Upsert(mentor).ok());
      inputs.roster = fresh.Snapshot();
      auto again = Prepare(need, inputs);
      ASSERT_TRUE(again.ok()) << again.status();
      ExpectSame(*ScanRoster(&*again, threads), *alone);
    }
  }
}

}  // namespace
}  // namespace tandem::engine
