// Generated rosters, needs and policies: the same seed gives the same facts.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_TESTING_POPULATION_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_TESTING_POPULATION_H_

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "services/matching/engine/facts.h"

namespace tandem::engine {

// How varied the facts are.
struct PopulationOptions {
  int weeks = 26;           // Of the needs' periods, from March 2026 on.
  int awkward_percent = 8;  // Chance of each of: inactive, not vetted, stale, and so on.
  int organisations = 200;
  bool own_windows = true;  // Each mentor's windows differ; else a few patterns.
};

class Population {
 public:
  Population(uint64_t seed, PopulationOptions options) : random_(seed), options_(options) {}

  MentorFacts NextMentor();
  NeedFacts NextNeed();
  // Settings for every service type.
  PolicyFacts NextPolicy();
  LoadFacts NextLoad(const std::vector<MentorFacts>& mentors, int commitments);

 private:
  int Below(int limit) { return static_cast<int>(random_() % static_cast<uint64_t>(limit)); }
  bool Chance(int percent) { return Below(100) < percent; }
  bool Awkward() { return Chance(options_.awkward_percent); }
  std::string Topic();
  std::string Language();
  std::string Country();
  std::string Organisation();
  std::string Zone();
  std::vector<WeeklyWindow> Windows();

  std::mt19937_64 random_;
  const PopulationOptions options_;
  int mentors_ = 0;
  int needs_ = 0;
};

// The names of the zones that a population lives in.
std::vector<std::string> PopulationZones();

// The day on which its decisions are made.
Day PopulationToday();

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_TESTING_POPULATION_H_
