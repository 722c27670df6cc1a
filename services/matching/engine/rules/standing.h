// Rules about the mentor's own standing, whatever the need.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_RULES_STANDING_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_RULES_STANDING_H_

#include "services/matching/engine/rules/prepared_need.h"
#include "services/matching/engine/rules/verdict.h"

namespace tandem::engine {

// INACTIVE. Matches: a profile in use. Does not match: one that was deactivated or erased.
inline bool IsInUse(const MentorView& mentor) { return mentor.facts().active; }

// NOT_VETTED. Matches: vetting passed. Does not match: pending, rejected, suspended, not stated.
inline bool IsVetted(const MentorView& mentor) {
  return mentor.facts().vetting == Vetting::kVetted;
}

// CONSENT_MISSING. Matches: consent given on the day of the decision or before, and not withdrawn
// by then. Does not match: never given, given later, withdrawn on that day or before.
inline bool HasConsented(const MentorView& mentor, const PreparedNeed& need) {
  const MentorRow& facts = mentor.facts();
  return facts.consent_given_on != kNoDay && facts.consent_given_on <= need.today &&
         (facts.consent_withdrawn_on == kNoDay || facts.consent_withdrawn_on > need.today);
}

// PROFILE_STALE. Matches: confirmed at most `stale_after_days` times 24 hours ago. Does not match:
// confirmed earlier, or never.
inline bool IsConfirmedRecently(const MentorView& mentor, const PreparedNeed& need) {
  return mentor.last_confirmed() >= need.confirmed_since;
}

// COI_DECLARATION. Matches: declared on the day of the decision or before, and not expired on it.
// Does not match: no declaration, one from a later day, one whose last day has passed.
inline bool HasDeclaredConflicts(const MentorView& mentor, const PreparedNeed& need) {
  const MentorRow& facts = mentor.facts();
  return facts.coi_declared_on != kNoDay && facts.coi_declared_on <= need.today &&
         (facts.coi_expires_on == kNoDay || facts.coi_expires_on >= need.today);
}

// Each adds what it compared, and, unless it passes, what would help.
void CompareInUse(const MentorView& mentor, const PreparedNeed& need, Verdict* verdict);
void CompareVetting(const MentorView& mentor, const PreparedNeed& need, Verdict* verdict);
void CompareConsent(const MentorView& mentor, const PreparedNeed& need, Verdict* verdict);
void CompareConfirmation(const MentorView& mentor, const PreparedNeed& need, Verdict* verdict);
void CompareDeclaration(const MentorView& mentor, const PreparedNeed& need, Verdict* verdict);

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_RULES_STANDING_H_
