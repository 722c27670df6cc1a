// Times ranking and loading over a generated roster: wall time, and CPU time of the calling thread,
// which other work on the machine disturbs less (large rosters are ranked by two threads, so it is
// about half of the work).
//
//   rank_bench [MENTORS [NEEDS]]     default 100000 mentors, 100 needs in turn

#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <numeric>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "services/matching/engine/facts.h"
#include "services/matching/engine/ranking/rank.h"
#include "services/matching/engine/roster/roster.h"
#include "services/matching/engine/testing/population.h"
#include "services/matching/engine/time/zone_transitions.h"

namespace tandem::engine {
namespace {

constexpr int kRounds = 5;

double CpuMilliseconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

double WallMilliseconds() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

double MillisecondsOf(const std::function<void()>& work) {
  const double start = CpuMilliseconds();
  work();
  return CpuMilliseconds() - start;
}

double Median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
  return values[values.size() / 2];
}

double Mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

// In milliseconds, by need.
struct Times {
  std::vector<double> wall;
  std::vector<double> cpu;

  void Add(const Times& more) {
    wall.insert(wall.end(), more.wall.begin(), more.wall.end());
    cpu.insert(cpu.end(), more.cpu.begin(), more.cpu.end());
  }
};

Times TimesOf(const std::vector<NeedFacts>& needs,
              const std::function<void(const NeedFacts&)>& work) {
  Times times;
  for (const NeedFacts& need : needs) {
    const double start = WallMilliseconds();
    times.cpu.push_back(MillisecondsOf([&] { work(need); }));
    times.wall.push_back(WallMilliseconds() - start);
  }
  return times;
}

void Run(int mentor_count, int need_count, bool own_windows) {
  PopulationOptions options;
  options.own_windows = own_windows;
  Population population(1, options);
  std::vector<MentorFacts> mentors;
  for (int i = 0; i < mentor_count; ++i) mentors.push_back(population.NextMentor());
  Roster roster;
  const double load_ms = MillisecondsOf([&] {
    for (const MentorFacts& mentor : mentors) {
      if (!roster.Upsert(mentor).ok()) std::abort();
    }
  });
  const RosterSnapshot snapshot = roster.Snapshot();
  std::printf("%d mentors, %u schedules: loaded in %.0f ms, %.0f bytes per mentor\n", mentor_count,
              snapshot.dictionaries().schedules.size(), load_ms,
              static_cast<double>(roster.MemoryBytes()) / mentor_count);
  ZoneTable zones(TzdataVersion());
  for (const std::string& name : PopulationZones()) {
    auto zone = ReadZone(name, {PopulationToday() - 200, PopulationToday() + 400});
    if (!zone.ok() || !zones.Add(*std::move(zone)).ok()) std::abort();
  }
  const LoadFacts load = population.NextLoad(mentors, mentor_count / 100);
  const PolicyFacts policy = population.NextPolicy();
  std::vector<NeedFacts> needs;
  for (int i = 0; i < need_count; ++i) needs.push_back(population.NextNeed());
  DecisionInputs inputs;
  inputs.roster = snapshot;
  inputs.policy = &policy;
  inputs.load = &load;
  inputs.zones = &zones;
  inputs.decision_time = absl::FromUnixSeconds(int64_t{PopulationToday()} * kSecondsPerDay);
  const auto rank = [&inputs](const NeedFacts& need) {
    if (!Rank(need, inputs, 10).ok()) std::abort();
  };
  const Times first = TimesOf(needs, rank);  // Of needs that nobody asked about before.
  Times again;
  for (int round = 0; round < kRounds; ++round) again.Add(TimesOf(needs, rank));
  const Times prepare = TimesOf(needs, [&inputs](const NeedFacts& need) {
    if (!Prepare(need, inputs).ok()) std::abort();
  });
  std::printf("  %d needs in turn, p50: rank %.3f ms, CPU %.3f ms (mean %.3f ms)\n", need_count,
              Median(again.wall), Median(again.cpu), Mean(again.cpu));
  std::printf("  asked first: %.3f ms; preparing a need: CPU %.3f ms\n", Median(first.wall),
              Median(prepare.cpu));
  std::vector<double> upsert_ms;
  for (int i = 0; i < need_count; ++i) {
    upsert_ms.push_back(MillisecondsOf([&] {
      if (!roster.Upsert(mentors[static_cast<size_t>(i)]).ok()) std::abort();
    }));
  }
  std::printf("  p50 of an update while a snapshot lives: CPU %.3f ms\n", Median(upsert_ms));
}

}  // namespace
}  // namespace tandem::engine

int main(int argc, char** argv) {
  const int mentors = argc > 1 ? std::atoi(argv[1]) : 100'000;
  const int needs = argc > 2 ? std::atoi(argv[2]) : 100;
  if (needs < 1 || mentors < needs) {
    std::fprintf(stderr, "usage: rank_bench [MENTORS [NEEDS]]\n");
    return 2;
  }
  tandem::engine::Run(mentors, needs, /*own_windows=*/false);
  tandem::engine::Run(mentors, needs, /*own_windows=*/true);
  return 0;
}
