// A mentor's profile as the engine reads it: the one place that knows both.
#ifndef TANDEM_SERVICES_MATCHING_INDEX_MENTOR_FACTS_H_
#define TANDEM_SERVICES_MATCHING_INDEX_MENTOR_FACTS_H_

#include "services/matching/engine/facts.h"
#include "tandem/profiles/v1/mentor.pb.h"

namespace tandem::matching {

// Reads nothing that identifies the person.
engine::MentorFacts ToMentorFacts(const profiles::v1::Mentor& mentor);

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_INDEX_MENTOR_FACTS_H_
