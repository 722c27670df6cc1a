// The rule about what the mentor must master.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_RULES_TOPICS_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_RULES_TOPICS_H_

#include "services/matching/engine/rules/prepared_need.h"
#include "services/matching/engine/rules/verdict.h"

namespace tandem::engine {

// TOPIC_LEVEL. Matches: for every topic with a least level, expertise in it or in a topic below it
// at that level. Does not match: a lower level in one of them, expertise only above it
// ("testing" for "testing.food"), or none.
inline bool MeetsTopicLevels(const MentorView& mentor, const PreparedNeed& need);

// The same for the asked topic of this index alone.
bool MeetsTopicLevel(int topic_index, const MentorView& mentor, const PreparedNeed& need);

// The mentor's highest level in the asked topic of this index or below it; 0 if none.
int LevelIn(int topic_index, const MentorView& mentor, const PreparedNeed& need);

inline bool MeetsTopicLevels(const MentorView& mentor, const PreparedNeed& need) {
  if ((mentor.facts().topics_signature & need.topics_signature) != need.topics_signature) {
    return false;
  }
  for (uint64_t required = need.required_topics; required != 0; required &= required - 1) {
    if (!MeetsTopicLevel(__builtin_ctzll(required), mentor, need)) return false;
  }
  return true;
}

void CompareTopicLevels(const MentorView& mentor, const PreparedNeed& need, Verdict* verdict);

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_RULES_TOPICS_H_
