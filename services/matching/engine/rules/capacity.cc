#include "services/matching/engine/rules/capacity.h"

#include <algorithm>

namespace tandem::engine {

void CompareCapacity(const MentorView& mentor, const PreparedNeed& need, Verdict* verdict) {
  const LoadInPeriod load = ParticularOf(mentor, need).load;
  const MentorRow& facts = mentor.facts();
  const int asked = need.facts.hours_per_month;
  const int free_hours = std::max(facts.hours_per_month - load.hours, 0);
  const bool place_left = load.engagements < facts.max_engagements;
  const bool hours_left = load.hours + asked <= facts.hours_per_month;
  verdict->compared.push_back({Item::kEngagements,
                               "",
                               {ValueKind::kNumber, load.engagements},
                               {ValueKind::kNumber, facts.max_engagements},
                               place_left});
  verdict->compared.push_back({Item::kFreeHours,
                               "",
                               {ValueKind::kNumber, free_hours},
                               {ValueKind::kNumber, asked},
                               hours_left});
  if (!place_left) {
    verdict->relaxations.push_back(
        {RelaxationKind::kAllowMoreEngagements, "", load.engagements + 1, 0});
  }
  if (!hours_left && free_hours > 0) {
    verdict->relaxations.push_back({RelaxationKind::kAskFewerHours, "", free_hours, 0});
  } else if (!hours_left) {
    verdict->relaxations.push_back({RelaxationKind::kOfferMoreHours, "", load.hours + asked, 0});
  }
}

int PlacesLeft(const MentorView& mentor, const PreparedNeed& need, int hours_per_month) {
  const LoadInPeriod load = ParticularOf(mentor, need).load;
  const int engagements = std::max(mentor.facts().max_engagements - load.engagements, 0);
  if (hours_per_month <= 0) return engagements;
  const int free_hours = std::max(mentor.facts().hours_per_month - load.hours, 0);
  return std::min(engagements, free_hours / hours_per_month);
}

}  // namespace tandem::engine
