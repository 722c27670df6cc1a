#include "services/matching/engine/criteria/points.h"

#include <algorithm>
#include <vector>

#include "services/matching/engine/rules/language.h"
#include "services/matching/engine/rules/meeting.h"

namespace tandem::engine {
namespace {

constexpr int64_t kHalfPoints = kFullPoints / 2;
constexpr int64_t kPointsPerLevel = kFullPoints / 5;
constexpr int kRecentDays = 730;     // 2 years.
constexpr int kLongAgoDays = 3'652;  // 10 years.
constexpr int kPlentyFactor = 4;     // Times the asked minutes.
constexpr int kPlentyMinutes = 240;  // At least, per week.
constexpr int kHighestCefr = static_cast<int>(Cefr::kC2);

int64_t DivideHalfUp(int64_t amount, int64_t whole) { return (2 * amount + whole) / (2 * whole); }

int64_t RecencyPoints(Day last_practised, Day today) {
  if (last_practised == kNoDay) return kHalfPoints;
  const int64_t beyond = int64_t{today} - last_practised - kRecentDays;
  if (beyond <= 0) return kFullPoints;
  return kFullPoints -
         DivideHalfUp(kHalfPoints * std::min<int64_t>(beyond, kLongAgoDays - kRecentDays),
                      kLongAgoDays - kRecentDays);
}

int64_t BeyondAsked(Cefr has, Cefr asked) {
  const int from = static_cast<int>(asked);
  return ShareInPoints(static_cast<int>(has) - from, kHighestCefr - from);
}

bool Contains(absl::Span<const uint32_t> numbers, uint32_t number) {
  return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
}

bool Knows(const MentorView& mentor, uint32_t country) {
  return mentor.facts().residence == country || Contains(mentor.experience_countries(), country);
}

bool KnowsRegion(const MentorView& mentor, const PreparedNeed& need) {
  return std::any_of(need.region_countries.begin(), need.region_countries.end(),
                     [&mentor](uint32_t country) { return Knows(mentor, country); });
}

}  // namespace

int64_t ExpertisePoints(const MentorView& mentor, const PreparedNeed& need) {
  const std::vector<TopicNeed>& topics = need.facts.topics;
  if (topics.empty()) return kFullPoints;
  int64_t best[64] = {};  // By index of the topic: at most 64, see facts.h.
  for (const ExpertiseEntry& entry : mentor.expertise()) {
    uint64_t met = need.topics_met_by[entry.topic];
    if (met == 0) continue;
    const int64_t points = DivideHalfUp(
        kPointsPerLevel * entry.level * RecencyPoints(entry.last_practised, need.today),
        kFullPoints);
    for (; met != 0; met &= met - 1) {
      int64_t& of_topic = best[__builtin_ctzll(met)];
      of_topic = std::max(of_topic, points);
    }
  }
  int64_t sum = 0;
  int64_t weights = 0;
  for (size_t i = 0; i < topics.size(); ++i) {
    sum += best[i] * topics[i].weight;
    weights += topics[i].weight;
  }
  return weights == 0 ? kFullPoints : DivideHalfUp(sum, weights);
}

int64_t LanguagePoints(const MentorView& mentor, const PreparedNeed& need) {
  if (need.facts.languages.empty()) return kFullPoints;
  int64_t best = 0;
  for (const LanguageEntry& entry : mentor.languages()) {
    for (uint64_t met = need.languages_met_by[entry.language]; met != 0; met &= met - 1) {
      const LanguageNeed& asked = need.facts.languages[__builtin_ctzll(met)];
      if (entry.spoken < asked.min_spoken || entry.written < asked.min_written) continue;
      const int64_t points = DivideHalfUp(BeyondAsked(entry.spoken, asked.min_spoken) +
                                              BeyondAsked(entry.written, asked.min_written),
                                          2);
      best = std::max(best, points);
    }
  }
  return best;
}

int64_t RegionalPoints(const MentorView& mentor, const PreparedNeed& need) {
  if (need.country_count == 0) return kFullPoints;
  const int64_t known =
      std::count_if(need.countries.begin(), need.countries.end(),
                    [&mentor](uint32_t country) { return Knows(mentor, country); });
  const int64_t others = need.country_count - known;
  const int64_t half = KnowsRegion(mentor, need) ? others : 0;
  return ShareInPoints(2 * known + half, 2 * int64_t{need.country_count});
}

int64_t ContextPoints(const MentorView& mentor, const PreparedNeed& need) {
  const int64_t known = std::count_if(
      need.contexts.begin(), need.contexts.end(),
      [&mentor](uint32_t context) { return Contains(mentor.development_contexts(), context); });
  return ShareInPoints(known, need.context_count);
}

int64_t OverlapPoints(const MentorView& mentor, const PreparedNeed& need) {
  if ((need.facts.modalities & kRemote) == 0) return kFullPoints;
  const int plenty = std::min(need.counterpart_minutes,
                              std::max(kPlentyFactor * need.required_minutes, kPlentyMinutes));
  const int minutes = AssuredOverlapMinutes(mentor, need);
  if (plenty <= need.required_minutes) {
    return minutes >= need.required_minutes ? kFullPoints : 0;
  }
  return ShareInPoints(minutes - need.required_minutes, plenty - need.required_minutes);
}

int64_t FreshnessPoints(int64_t last_confirmed, const PreparedNeed& need) {
  if (last_confirmed == kNever) return 0;
  const int64_t stale_after = int64_t{need.policy.stale_after_days} * kSecondsPerDay;
  const int64_t fresh_for = int64_t{need.policy.fresh_for_days} * kSecondsPerDay;
  const int64_t age = need.now - last_confirmed;
  if (age <= fresh_for) return kFullPoints;
  return age >= stale_after ? 0 : ShareInPoints(stale_after - age, stale_after - fresh_for);
}

int64_t LoadBalancePoints(const MentorView& mentor, const PreparedNeed& need) {
  const MentorRow& facts = mentor.facts();
  const LoadInPeriod load = ParticularOf(mentor, need).load;
  if (facts.hours_per_month == 0 || facts.max_engagements == 0) return 0;
  return std::min(ShareInPoints(facts.hours_per_month - load.hours, facts.hours_per_month),
                  ShareInPoints(facts.max_engagements - load.engagements, facts.max_engagements));
}

int64_t PreferencePoints(const MentorView& mentor, const PreparedNeed& need) {
  int64_t points = (ParticularOf(mentor, need).marks & kPreferredByNsb) != 0 ? kHalfPoints : 0;
  if ((mentor.facts().organisations_signature & need.organisations_signature) == 0) return points;
  for (uint32_t organisation : mentor.preferred_organisations()) {
    if (std::binary_search(need.organisations.begin(), need.organisations.end(), organisation)) {
      return points + kHalfPoints;
    }
  }
  return points;
}

}  // namespace tandem::engine
