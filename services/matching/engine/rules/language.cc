#include "services/matching/engine/rules/language.h"

#include <algorithm>
#include <tuple>

namespace tandem::engine {
namespace {

bool Suffices(const LanguageNeed& asked, LevelsInLanguage has) {
  return has.spoken >= asked.min_spoken && has.written >= asked.min_written;
}

int Gap(Cefr asked, Cefr has) {
  return std::max(static_cast<int>(asked) - static_cast<int>(has), 0);
}

// The language that the mentor has to some degree and that lacks least; -1 if the mentor has none.
int NearestLanguage(const MentorView& mentor, const PreparedNeed& need) {
  int nearest = -1;
  int least_gap = 0;
  for (int i = 0; i < static_cast<int>(need.facts.languages.size()); ++i) {
    const LanguageNeed& asked = need.facts.languages[i];
    const LevelsInLanguage has = LevelsIn(i, mentor, need);
    if (has.spoken == Cefr::kNone) continue;
    const int gap = Gap(asked.min_spoken, has.spoken) + Gap(asked.min_written, has.written);
    if (nearest < 0 || gap < least_gap) {
      nearest = i;
      least_gap = gap;
    }
  }
  return nearest;
}

}  // namespace

bool SpeaksAnAskedLanguage(const MentorView& mentor, const PreparedNeed& need) {
  if (need.facts.languages.empty()) return true;
  if ((mentor.facts().languages_signature & need.languages_signature) == 0) return false;
  for (const LanguageEntry& entry : mentor.languages()) {
    for (uint64_t met = need.languages_met_by[entry.language]; met != 0; met &= met - 1) {
      const LanguageNeed& asked = need.facts.languages[__builtin_ctzll(met)];
      if (Suffices(asked, {entry.spoken, entry.written})) return true;
    }
  }
  return false;
}

bool MeetsLanguage(int language_index, const MentorView& mentor, const PreparedNeed& need) {
  if ((mentor.facts().languages_signature & need.languages_signature) == 0) return false;
  const LanguageNeed& asked = need.facts.languages[language_index];
  for (const LanguageEntry& entry : mentor.languages()) {
    if ((need.languages_met_by[entry.language] >> language_index & 1) == 0) continue;
    if (Suffices(asked, {entry.spoken, entry.written})) return true;
  }
  return false;
}

LevelsInLanguage LevelsIn(int language_index, const MentorView& mentor, const PreparedNeed& need) {
  LevelsInLanguage best;
  const LanguageNeed& asked = need.facts.languages[language_index];
  for (const LanguageEntry& entry : mentor.languages()) {
    if ((need.languages_met_by[entry.language] >> language_index & 1) == 0) continue;
    const LevelsInLanguage levels = {entry.spoken, entry.written};
    // One that suffices is better than one that does not, whatever its levels.
    if (std::make_tuple(Suffices(asked, levels), levels.spoken, levels.written) >
        std::make_tuple(Suffices(asked, best), best.spoken, best.written)) {
      best = levels;
    }
  }
  return best;
}

void CompareLanguages(const MentorView& mentor, const PreparedNeed& need, Verdict* verdict) {
  for (int i = 0; i < static_cast<int>(need.facts.languages.size()); ++i) {
    const LanguageNeed& asked = need.facts.languages[i];
    const LevelsInLanguage has = LevelsIn(i, mentor, need);
    verdict->compared.push_back({Item::kSpokenLevel,
                                 asked.language,
                                 {ValueKind::kCefr, static_cast<int64_t>(has.spoken)},
                                 {ValueKind::kCefr, static_cast<int64_t>(asked.min_spoken)},
                                 has.spoken >= asked.min_spoken});
    if (asked.min_written == Cefr::kNone) continue;
    verdict->compared.push_back({Item::kWrittenLevel,
                                 asked.language,
                                 {ValueKind::kCefr, static_cast<int64_t>(has.written)},
                                 {ValueKind::kCefr, static_cast<int64_t>(asked.min_written)},
                                 has.written >= asked.min_written});
  }
  if (SpeaksAnAskedLanguage(mentor, need)) return;
  verdict->compared.push_back({Item::kInterpreter,
                               "",
                               {ValueKind::kYesNo, need.interpreter},
                               {ValueKind::kYesNo, 1},
                               need.interpreter});
  if (need.interpreter) return;
  const int nearest = NearestLanguage(mentor, need);
  if (nearest >= 0) {
    const LanguageNeed& asked = need.facts.languages[nearest];
    const LevelsInLanguage has = LevelsIn(nearest, mentor, need);
    verdict->relaxations.push_back(
        {RelaxationKind::kAcceptLanguageLevel, asked.language,
         static_cast<int64_t>(std::min(has.spoken, asked.min_spoken)),
         static_cast<int64_t>(std::min(has.written, asked.min_written))});
  } else if (need.policy.interpreter_allowed) {
    verdict->relaxations.push_back({RelaxationKind::kArrangeInterpreter, "", 0, 0});
  }
}

}  // namespace tandem::engine
