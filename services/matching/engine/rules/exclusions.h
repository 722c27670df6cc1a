// Rules about lists: the screening list, and what the parties have said no to.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_RULES_EXCLUSIONS_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_RULES_EXCLUSIONS_H_

#include "services/matching/engine/rules/prepared_need.h"
#include "services/matching/engine/rules/verdict.h"

namespace tandem::engine {

// Whether the country of residence or a nationality is restricted.
bool HasRestrictedCountry(const MentorView& mentor, const PreparedNeed& need);

// Whether the mentor excludes one of the need's NSBs.
bool ExcludesAnNsb(const MentorView& mentor, const PreparedNeed& need);

// SCREENING. Matches: neither the mentor nor the country of residence or a nationality is on the
// policy's screening list. Does not match: one of them is. A possible hit goes to a person.
inline bool PassesScreening(const MentorView& mentor, const PreparedNeed& need) {
  return (ParticularOf(mentor, need).marks & kRestrictedPerson) == 0 &&
         ((mentor.facts().countries_signature & need.countries_signature) == 0 ||
          !HasRestrictedCountry(mentor, need));
}

// EXCLUDED_BY_PARTY. Matches: neither side has excluded the other. Does not match: the request or
// one of its NSBs excludes the mentor, or the mentor one of the NSBs.
inline bool IsWelcomeToBoth(const MentorView& mentor, const PreparedNeed& need) {
  return (ParticularOf(mentor, need).marks & kExcludedByNsb) == 0 &&
         ((mentor.facts().organisations_signature & need.organisations_signature) == 0 ||
          !ExcludesAnNsb(mentor, need));
}

// DECLINED_BEFORE. Matches: this pair was never refused, or the policy's months since then are
// over. Does not match: refused within them; at any time, if the policy sets no months.
inline bool WasNotRefused(const MentorView& mentor, const PreparedNeed& need) {
  return (ParticularOf(mentor, need).marks & kRefusedBefore) == 0;
}

void CompareScreening(const MentorView& mentor, const PreparedNeed& need, Verdict* verdict);
void CompareExclusions(const MentorView& mentor, const PreparedNeed& need, Verdict* verdict);
void CompareRefusals(const MentorView& mentor, const PreparedNeed& need, Verdict* verdict);

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_RULES_EXCLUSIONS_H_
