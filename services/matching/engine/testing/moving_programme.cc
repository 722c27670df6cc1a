#include "services/matching/engine/testing/moving_programme.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <utility>

#include "absl/time/time.h"
#include "services/matching/engine/time/zone_transitions.h"

namespace tandem::engine {
namespace {

PopulationOptions Options() {
  PopulationOptions options;
  options.weeks = 5;
  options.awkward_percent = 10;
  return options;
}

}  // namespace

MovingProgramme::MovingProgramme(uint64_t seed) : population_(seed, Options()), random_(seed) {
  for (int i = 0; i < 3 * kChunkRows + 40; ++i) Add(population_.NextMentor());
  for (int i = 0; i < 12; ++i) needs_.push_back(population_.NextNeed());
  for (int i = 0; i < 3; ++i) policies_.push_back(population_.NextPolicy());
  for (int i = 0; i < 3; ++i) loads_.push_back(population_.NextLoad(mentors_, i * 60));
  for (const std::string& name : PopulationZones()) {
    auto zone = ReadZone(name, {PopulationToday() - 200, PopulationToday() + 400});
    if (!zone.ok() || !zones_.Add(*std::move(zone)).ok()) std::abort();
  }
}

void MovingProgramme::Move() {
  for (int i = Below(4); i > 0; --i) {
    MentorFacts& mentor = mentors_[Index(mentors_.size())];
    const std::string id = mentor.id;
    mentor = mentors_[Index(mentors_.size())];
    mentor.id = id;
    mentor.revision = ++revision_;
    mentor.active = Below(5) > 0;
    if (!roster_.Upsert(mentor).ok()) std::abort();
  }
  if (Below(4) == 0) Add(population_.NextMentor());
}

MovingProgramme::Question MovingProgramme::Next() {
  Question question;
  question.need = needs_[Index(needs_.size())];
  ChangeOneThing(&question.need);
  DecisionInputs& inputs = question.inputs;
  inputs.roster = roster_.Snapshot();
  inputs.policy = &policies_[Index(policies_.size())];
  inputs.load = &loads_[Index(loads_.size())];
  inputs.zones = &zones_;
  // Within three days, mostly on the first.
  const int hour = Below(3) > 0 ? Below(24) : Below(3 * 24);
  inputs.decision_time = absl::FromUnixSeconds(int64_t{PopulationToday()} * kSecondsPerDay +
                                               3600 * hour + Below(3600));
  inputs.seed = Below(4) == 0 ? 1 : 0;
  return question;
}

std::unique_ptr<Roster> MovingProgramme::FreshRoster() {
  std::vector<MentorFacts> mentors = mentors_;
  std::shuffle(mentors.begin(), mentors.end(), random_);
  auto roster = std::make_unique<Roster>();
  for (const MentorFacts& mentor : mentors) {
    if (!roster->Upsert(mentor).ok()) std::abort();
  }
  return roster;
}

void MovingProgramme::Add(MentorFacts mentor) {
  mentor.revision = ++revision_;
  if (!roster_.Upsert(mentor).ok()) std::abort();
  mentors_.push_back(std::move(mentor));
}

void MovingProgramme::ChangeOneThing(NeedFacts* need) {
  const NeedFacts& other = needs_[Index(needs_.size())];
  switch (Below(16)) {
    case 0:
      need->topics = other.topics;
      break;
    case 1:
      need->languages = other.languages;
      break;
    case 2:
      need->weekly_windows = other.weekly_windows;
      break;
    case 3:
      need->organisations = other.organisations;
      break;
    case 4:
      need->min_weekly_overlap_minutes = 15 * Below(20);
      break;
    case 5:
      need->min_overlap_weeks = Below(4);
      break;
    case 6:
      need->visit = other.visit;
      break;
    case 7:
      need->refusals.push_back({SomeMentor().id, PopulationToday() - Below(700)});
      break;
    default:
      break;
  }
}

}  // namespace tandem::engine
