#include "services/matching/engine/criteria/words.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/matching/engine/rules/language.h"
#include "services/matching/engine/rules/meeting.h"
#include "services/matching/engine/rules/topics.h"

namespace tandem::engine {
namespace {

constexpr const char* kCefr[] = {"no level", "A1", "A2", "B1", "B2", "C1", "C2"};

std::string CefrWord(Cefr level) { return kCefr[static_cast<int>(level)]; }

std::string LastPractised(int topic, const MentorView& mentor, const PreparedNeed& need) {
  Day latest = kNoDay;
  for (const ExpertiseEntry& entry : mentor.expertise()) {
    if ((need.topics_met_by[entry.topic] >> topic & 1) != 0) {
      latest = std::max(latest, entry.last_practised);
    }
  }
  return latest == kNoDay ? "" : absl::StrCat(", last practised ", FormatDay(latest));
}

std::string ExpertiseSentence(const MentorView& mentor, const PreparedNeed& need) {
  std::vector<std::string> parts;
  for (int i = 0; i < static_cast<int>(need.facts.topics.size()); ++i) {
    parts.push_back(absl::StrCat("level ", LevelIn(i, mentor, need), " in ",
                                 need.facts.topics[i].topic, LastPractised(i, mentor, need)));
  }
  return parts.empty() ? "no topic asked" : absl::StrJoin(parts, "; ");
}

std::string LanguageSentence(const MentorView& mentor, const PreparedNeed& need) {
  std::vector<std::string> parts;
  for (int i = 0; i < static_cast<int>(need.facts.languages.size()); ++i) {
    const LevelsInLanguage has = LevelsIn(i, mentor, need);
    if (has.spoken == Cefr::kNone) continue;
    parts.push_back(absl::StrCat(need.facts.languages[i].language, " spoken ", CefrWord(has.spoken),
                                 ", written ", CefrWord(has.written)));
  }
  if (need.facts.languages.empty()) return "no language asked";
  if (NeedsInterpreter(mentor, need)) parts.push_back("needs an interpreter");
  return absl::StrJoin(parts, "; ");
}

std::string RegionalSentence(const MentorView& mentor, const PreparedNeed& need) {
  if (need.country_count == 0) return "no country asked";
  const auto known = [&mentor](uint32_t country) {
    const auto countries = mentor.experience_countries();
    return mentor.facts().residence == country ||
           std::find(countries.begin(), countries.end(), country) != countries.end();
  };
  const auto in_country = std::count_if(need.countries.begin(), need.countries.end(), known);
  const auto in_region =
      std::count_if(need.region_countries.begin(), need.region_countries.end(), known);
  return absl::StrCat("knows ", in_country, " of ", need.country_count, " countries, and ",
                      in_region, " others of the region");
}

std::string ContextSentence(const MentorView& mentor, const PreparedNeed& need) {
  const auto contexts = mentor.development_contexts();
  const auto known =
      std::count_if(need.contexts.begin(), need.contexts.end(), [&contexts](uint32_t context) {
        return std::find(contexts.begin(), contexts.end(), context) != contexts.end();
      });
  return need.context_count == 0
             ? "no development context asked"
             : absl::StrCat("knows ", known, " of ", need.context_count, " development contexts");
}

std::string OverlapSentence(const MentorView& mentor, const PreparedNeed& need) {
  if ((need.facts.modalities & kRemote) == 0) return "all work is on site";
  return absl::StrCat(AssuredOverlapMinutes(mentor, need), " common minutes in ", need.weeks_asked,
                      " of ", need.weeks->count(), " weeks, ", need.required_minutes, " asked");
}

std::string FreshnessSentence(const MentorView& mentor, const PreparedNeed& need) {
  const int64_t confirmed = mentor.last_confirmed();
  if (confirmed == kNever) return "profile never confirmed";
  // Rounded up, as the rule on stale profiles does.
  const int64_t seconds = std::max<int64_t>(need.now - confirmed, 0);
  return absl::StrCat("profile confirmed ", (seconds + kSecondsPerDay - 1) / kSecondsPerDay,
                      " days ago");
}

std::string LoadSentence(const MentorView& mentor, const PreparedNeed& need) {
  const LoadInPeriod load = ParticularOf(mentor, need).load;
  return absl::StrCat(load.engagements, " of ", mentor.facts().max_engagements, " engagements and ",
                      load.hours, " of ", mentor.facts().hours_per_month,
                      " hours per month taken in the fullest month");
}

std::string PreferenceSentence(const MentorView& mentor, const PreparedNeed& need) {
  const bool by_nsb = (ParticularOf(mentor, need).marks & kPreferredByNsb) != 0;
  const auto preferred = mentor.preferred_organisations();
  const bool by_mentor =
      std::any_of(preferred.begin(), preferred.end(), [&need](uint32_t organisation) {
        return std::binary_search(need.organisations.begin(), need.organisations.end(),
                                  organisation);
      });
  if (by_nsb && by_mentor) return "each side would like the other";
  if (by_nsb) return "the NSB would like this mentor";
  return by_mentor ? "the mentor would like this NSB" : "no preference stated";
}

}  // namespace

std::string CriterionSentence(Criterion criterion, const MentorView& mentor,
                              const PreparedNeed& need) {
  switch (criterion) {
    case Criterion::kExpertise:
      return ExpertiseSentence(mentor, need);
    case Criterion::kLanguage:
      return LanguageSentence(mentor, need);
    case Criterion::kRegionalExperience:
      return RegionalSentence(mentor, need);
    case Criterion::kDevelopmentContext:
      return ContextSentence(mentor, need);
    case Criterion::kScheduleOverlap:
      return OverlapSentence(mentor, need);
    case Criterion::kFreshness:
      return FreshnessSentence(mentor, need);
    case Criterion::kLoadBalance:
      return LoadSentence(mentor, need);
    case Criterion::kMutualPreference:
      return PreferenceSentence(mentor, need);
  }
  return "";
}

}  // namespace tandem::engine
