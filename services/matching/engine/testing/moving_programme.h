// A programme in motion, for random tests: mentors change, come and leave while needs are asked
// about at different times, under different policies and loads.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_TESTING_MOVING_PROGRAMME_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_TESTING_MOVING_PROGRAMME_H_

#include <cstdint>
#include <memory>
#include <random>
#include <vector>

#include "services/matching/engine/facts.h"
#include "services/matching/engine/roster/roster.h"
#include "services/matching/engine/rules/prepared_need.h"
#include "services/matching/engine/testing/population.h"
#include "services/matching/engine/time/zone_table.h"

namespace tandem::engine {

class MovingProgramme {
 public:
  // The pointers in `inputs` live as long as the programme.
  struct Question {
    NeedFacts need;
    DecisionInputs inputs;
  };

  // The same seed gives the same programme.
  explicit MovingProgramme(uint64_t seed);

  // Some mentors get the facts of others, or leave; now and then somebody comes.
  void Move();

  // About a need met before, often with one thing or another changed.
  Question Next();

  // Another roster of the same mentors, who came in another order: nothing was asked of it yet.
  std::unique_ptr<Roster> FreshRoster();

  // A mentor of the roster.
  const MentorFacts& SomeMentor() { return mentors_[Index(mentors_.size())]; }

 private:
  size_t Index(size_t count) {
    return std::uniform_int_distribution<size_t>(0, count - 1)(random_);
  }
  int Below(int count) { return static_cast<int>(Index(static_cast<size_t>(count))); }
  void Add(MentorFacts mentor);
  void ChangeOneThing(NeedFacts* need);

  Population population_;
  std::mt19937_64 random_;
  Roster roster_;
  ZoneTable zones_{"test"};
  std::vector<MentorFacts> mentors_;  // As they are now.
  std::vector<NeedFacts> needs_;
  std::vector<PolicyFacts> policies_;
  std::vector<LoadFacts> loads_;
  int64_t revision_ = 0;
};

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_TESTING_MOVING_PROGRAMME_H_
