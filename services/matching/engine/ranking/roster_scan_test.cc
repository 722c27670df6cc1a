#include "services/matching/engine/ranking/scan.h"

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

// The rows handed over, in order.
struct Rows {
  std::vector<int32_t> rows;

  void Take(const MentorView& mentor) { rows.push_back(mentor.row()); }
  void Merge(const Rows& part) { rows.insert(rows.end(), part.rows.begin(), part.rows.end()); }
};

TEST(ScanTest, TheResultDoesNotDependOnTheNumberOfThreads) {
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
    Rows alone;
    const Tally expected = ScanRoster(&*prepared, 1, &alone);
    EXPECT_EQ(expected.eligible, static_cast<int64_t>(alone.rows.size()));
    for (const int threads : {2, 3, 9}) {
      Rows rows;
      const Tally tally = ScanRoster(&*prepared, threads, &rows);
      EXPECT_EQ(rows.rows, alone.rows);
      EXPECT_EQ(tally.considered, expected.considered);
      EXPECT_EQ(tally.eligible, expected.eligible);
      for (int i = 0; i < kRuleCount; ++i) {
        EXPECT_EQ(tally.rules[i].failed, expected.rules[i].failed);
        EXPECT_EQ(tally.rules[i].sole, expected.rules[i].sole);
        ASSERT_EQ(tally.rules[i].examples.size(), expected.rules[i].examples.size());
        for (size_t e = 0; e < expected.rules[i].examples.size(); ++e) {
          EXPECT_EQ(tally.rules[i].examples[e].row, expected.rules[i].examples[e].row);
        }
      }
    }
  }
}

}  // namespace
}  // namespace tandem::engine
