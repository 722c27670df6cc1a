// Times ranking and loading over a generated roster: wall time, and CPU time of the calling thread,
// which other work on the machine disturbs less (large rosters are ranked by two threads, so it is
// about half of the work).
//
//   rank_bench [MENTORS [SEEDS]]     default 100000 mentors, 9 seeds

#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
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

void Run(int mentor_count, int seeds, bool own_windows) {
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
  std::vector<double> rank_ms;
  std::vector<double> wall_ms;
  std::vector<double> first_ms;  // Of a need nobody asked about before.
  std::vector<double> prepare_ms;
  std::vector<double> upsert_ms;
  for (int seed = 0; seed < seeds; ++seed) {
    const NeedFacts need = population.NextNeed();
    const PolicyFacts policy = population.NextPolicy();
    DecisionInputs inputs;
    inputs.roster = snapshot;
    inputs.policy = &policy;
    inputs.load = &load;
    inputs.zones = &zones;
    inputs.decision_time = absl::FromUnixSeconds(int64_t{PopulationToday()} * kSecondsPerDay);
    std::vector<double> runs;
    std::vector<double> wall_runs;
    int64_t eligible = 0;
    for (int i = 0; i < 5; ++i) {
      const double start = WallMilliseconds();
      runs.push_back(MillisecondsOf([&] {
        const auto ranking = Rank(need, inputs, 10);
        if (!ranking.ok()) std::abort();
        eligible = ranking->pool.eligible;
      }));
      wall_runs.push_back(WallMilliseconds() - start);
    }
    prepare_ms.push_back(MillisecondsOf([&] {
      if (!Prepare(need, inputs).ok()) std::abort();
    }));
    upsert_ms.push_back(MillisecondsOf([&] {
      if (!roster.Upsert(mentors[static_cast<size_t>(seed)]).ok()) std::abort();
    }));
    first_ms.push_back(wall_runs.front());
    rank_ms.push_back(Median(runs));
    wall_ms.push_back(Median(wall_runs));
    std::printf("  need %d: %6.2f ms, CPU %6.2f ms, %lld eligible\n", seed, wall_ms.back(),
                rank_ms.back(), static_cast<long long>(eligible));
  }
  std::printf(
      "  p50 of needs: rank %.2f ms (asked first: %.2f ms), CPU %.2f ms (prepare %.2f ms)\n",
      Median(wall_ms), Median(first_ms), Median(rank_ms), Median(prepare_ms));
  std::printf("  p50 of an update while a snapshot lives: CPU %.3f ms\n", Median(upsert_ms));
}

}  // namespace
}  // namespace tandem::engine

int main(int argc, char** argv) {
  const int mentors = argc > 1 ? std::atoi(argv[1]) : 100'000;
  const int seeds = argc > 2 ? std::atoi(argv[2]) : 9;
  if (mentors < 10 || seeds < 1) {
    std::fprintf(stderr, "usage: rank_bench [MENTORS [SEEDS]]\n");
    return 2;
  }
  tandem::engine::Run(mentors, seeds, /*own_windows=*/false);
  tandem::engine::Run(mentors, seeds, /*own_windows=*/true);
  return 0;
}
