#include "services/matching/engine/rules/topics.h"

#include <algorithm>

namespace tandem::engine {

bool MeetsTopicLevel(int topic_index, const MentorView& mentor, const PreparedNeed& need) {
  const TopicNeed& asked = need.facts.topics[topic_index];
  if (asked.min_level <= 0) return true;
  if ((mentor.facts().topics_signature & need.topic_bits[topic_index]) == 0) return false;
  for (const ExpertiseEntry& entry : mentor.expertise()) {
    if ((need.topics_met_by[entry.topic] >> topic_index & 1) == 0) continue;
    if (entry.level >= asked.min_level) return true;
  }
  return false;
}

int LevelIn(int topic_index, const MentorView& mentor, const PreparedNeed& need) {
  int level = 0;
  for (const ExpertiseEntry& entry : mentor.expertise()) {
    if ((need.topics_met_by[entry.topic] >> topic_index & 1) != 0) {
      level = std::max<int>(level, entry.level);
    }
  }
  return level;
}

void CompareTopicLevels(const MentorView& mentor, const PreparedNeed& need, Verdict* verdict) {
  for (int i = 0; i < static_cast<int>(need.facts.topics.size()); ++i) {
    const TopicNeed& asked = need.facts.topics[i];
    if (asked.min_level <= 0) continue;
    const int level = LevelIn(i, mentor, need);
    const bool met = level >= asked.min_level;
    verdict->compared.push_back({Item::kTopicLevel,
                                 asked.topic,
                                 {ValueKind::kNumber, level},
                                 {ValueKind::kNumber, asked.min_level},
                                 met});
    if (!met) {
      verdict->relaxations.push_back({RelaxationKind::kAcceptTopicLevel, asked.topic, level, 0});
    }
  }
}

}  // namespace tandem::engine
