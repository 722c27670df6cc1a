#include "services/matching/engine/ranking/roster_judge.h"

#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "services/matching/engine/facts.h"
#include "services/matching/engine/roster/roster.h"
#include "services/matching/engine/rules/eligibility.h"
#include "services/matching/engine/rules/prepared_need.h"
#include "services/matching/engine/testing/population.h"
#include "services/matching/engine/time/zone_transitions.h"

namespace tandem::engine {
namespace {

// A programme in motion: mentors change and come while needs are judged at different times.
class MovingProgramme {
 public:
  explicit MovingProgramme(uint64_t seed) : population_(seed, Options()), random_(seed) {
    for (int i = 0; i < 3 * kChunkRows + 40; ++i) Add(population_.NextMentor());
    for (int i = 0; i < 12; ++i) needs_.push_back(population_.NextNeed());
    for (int i = 0; i < 3; ++i) policies_.push_back(population_.NextPolicy());
    for (int i = 0; i < 3; ++i) loads_.push_back(population_.NextLoad(mentors_, i * 60));
    for (const std::string& name : PopulationZones()) {
      auto zone = ReadZone(name, {PopulationToday() - 200, PopulationToday() + 400});
      if (!zone.ok() || !zones_.Add(*std::move(zone)).ok()) std::abort();
    }
  }

  // Some mentors get the facts of others, or leave; now and then somebody comes.
  void Move() {
    for (int i = Below(4); i > 0; --i) {
      MentorFacts mentor = mentors_[Below(static_cast<int>(mentors_.size()))];
      mentor.id = mentors_[Below(static_cast<int>(mentors_.size()))].id;
      mentor.revision = ++revision_;
      mentor.active = Below(5) > 0;
      if (!roster_.Upsert(mentor).ok()) std::abort();
    }
    if (Below(4) == 0) Add(population_.NextMentor());
  }

  // A need met before, with one thing or another changed.
  PreparedNeed NextNeed() {
    NeedFacts need = needs_[Below(static_cast<int>(needs_.size()))];
    const NeedFacts& other = needs_[Below(static_cast<int>(needs_.size()))];
    switch (Below(8)) {
      case 0:
        need.topics = other.topics;
        break;
      case 1:
        need.languages = other.languages;
        break;
      case 2:
        need.weekly_windows = other.weekly_windows;
        break;
      case 3:
        need.organisations = other.organisations;
        break;
      case 4:
        need.min_weekly_overlap_minutes = 15 * Below(20);
        break;
      case 5:
        need.min_overlap_weeks = Below(4);
        break;
      case 6:
        need.visit = other.visit;
        break;
      default:
        break;
    }
    DecisionInputs inputs;
    inputs.roster = roster_.Snapshot();
    inputs.policy = &policies_[Below(3)];
    inputs.load = &loads_[Below(3)];
    inputs.zones = &zones_;
    inputs.decision_time =
        absl::FromUnixSeconds(int64_t{PopulationToday()} * kSecondsPerDay + 3600 * Below(3 * 24));
    auto prepared = Prepare(need, inputs);
    if (!prepared.ok()) std::abort();
    return *std::move(prepared);
  }

 private:
  static PopulationOptions Options() {
    PopulationOptions options;
    options.weeks = 5;
    options.awkward_percent = 10;
    return options;
  }

  int Below(int count) { return std::uniform_int_distribution<int>(0, count - 1)(random_); }

  void Add(MentorFacts mentor) {
    mentor.revision = ++revision_;
    if (!roster_.Upsert(mentor).ok()) std::abort();
    mentors_.push_back(std::move(mentor));
  }

  Population population_;
  std::mt19937_64 random_;
  Roster roster_;
  ZoneTable zones_{"test"};
  std::vector<MentorFacts> mentors_;
  std::vector<NeedFacts> needs_;
  std::vector<PolicyFacts> policies_;
  std::vector<LoadFacts> loads_;
  int64_t revision_ = 0;
};

// The rules that the mentor in a row breaks, as the judge says.
RuleSet BrokenIn(const ChunkVerdicts& verdicts, int index) {
  RuleSet broken;
  for (int rule = 0; rule < kRuleCount; ++rule) {
    const uint64_t word = verdicts.broken[rule][static_cast<size_t>(index) / 64];
    broken.AddIf((word >> (index % 64) & 1) != 0, RuleAt(rule));
  }
  return broken;
}

TEST(RosterJudgeTest, VerdictsAreThoseOfSinglePairsHoweverTheRosterAndTheNeedsChanged) {
  const char* given = std::getenv("TANDEM_SEED");
  const uint64_t seed = given == nullptr ? 20261123 : std::strtoull(given, nullptr, 10);
  SCOPED_TRACE(testing::Message() << "run again with TANDEM_SEED=" << seed);
  MovingProgramme programme(seed);
  for (int round = 0; round < 400; ++round) {
    programme.Move();
    PreparedNeed need = programme.NextNeed();
    RosterJudge judge(&need);
    const auto& chunks = need.roster.chunks();
    for (int chunk = 0; chunk < static_cast<int>(chunks.size()); ++chunk) {
      const ChunkVerdicts verdicts = judge.Judge(chunk);
      const int count = static_cast<int>(chunks[static_cast<size_t>(chunk)]->rows.size());
      ASSERT_EQ(CountRows(verdicts.mentors), count);
      for (int index = 0; index < count; ++index) {
        const int32_t row = chunk * kChunkRows + index;
        ASSERT_EQ(BrokenIn(verdicts, index).bits(),
                  BrokenRules(need.roster.mentor(row), need).bits())
            << "round " << round << ", row " << row;
      }
    }
    judge.KeepAnswers();
  }
}

TEST(RosterJudgeTest, AnswersKnownFromAnotherNeedAreNotWorkedOutAgain) {
  MovingProgramme programme(7);
  PreparedNeed need = programme.NextNeed();
  {
    RosterJudge judge(&need);
    for (int chunk = 0; chunk < 4; ++chunk) judge.Judge(chunk);
    judge.KeepAnswers();
  }
  const size_t bytes = need.roster.memo().MemoryBytes();
  EXPECT_GT(bytes, 0u);
  need.weeks_reached.clear();
  RosterJudge again(&need);
  for (int chunk = 0; chunk < 4; ++chunk) again.Judge(chunk);
  again.KeepAnswers();
  EXPECT_EQ(need.roster.memo().MemoryBytes(), bytes);
  EXPECT_TRUE(need.weeks_reached.empty());  // Nobody was asked about a schedule.
}

}  // namespace
}  // namespace tandem::engine
