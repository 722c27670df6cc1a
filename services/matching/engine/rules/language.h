// The rule about a common language.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_RULES_LANGUAGE_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_RULES_LANGUAGE_H_

#include "services/matching/engine/rules/prepared_need.h"
#include "services/matching/engine/rules/verdict.h"

namespace tandem::engine {

// Whether the mentor masters one of the asked languages at the asked spoken and written levels;
// also if none is asked for. A language below an asked one counts: "pt-BR" for "pt".
bool SpeaksAnAskedLanguage(const MentorView& mentor, const PreparedNeed& need);

// Whether the mentor masters the asked language of this index.
bool MeetsLanguage(int language_index, const MentorView& mentor, const PreparedNeed& need);

// LANGUAGE. Matches: a mentor with one of the asked languages at both levels; anybody, if the
// request can have an interpreter and the policy allows one (which costs score). Does not match:
// all others.
inline bool HasCommonLanguage(const MentorView& mentor, const PreparedNeed& need) {
  return need.interpreter || SpeaksAnAskedLanguage(mentor, need);
}

// Eligible only with an interpreter.
inline bool NeedsInterpreter(const MentorView& mentor, const PreparedNeed& need) {
  return !SpeaksAnAskedLanguage(mentor, need);
}

// The mentor's levels in the asked language of this index: of the covered language that is best
// spoken, then best written. kNone if none is.
struct LevelsInLanguage {
  Cefr spoken = Cefr::kNone;
  Cefr written = Cefr::kNone;
};
LevelsInLanguage LevelsIn(int language_index, const MentorView& mentor, const PreparedNeed& need);

void CompareLanguages(const MentorView& mentor, const PreparedNeed& need, Verdict* verdict);

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_RULES_LANGUAGE_H_
