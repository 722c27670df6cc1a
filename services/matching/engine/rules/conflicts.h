// Rules about ties between the mentor and the NSBs of the need.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_RULES_CONFLICTS_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_RULES_CONFLICTS_H_

#include "services/matching/engine/rules/prepared_need.h"
#include "services/matching/engine/rules/verdict.h"

namespace tandem::engine {

// SAME_ORGANISATION. Matches: nobody of the NSBs asked for help. Does not match: a mentor whom one
// of them employs on the first day on which the engagement can begin or later in its period, or
// whom one of them nominated. Former employment is CONFLICT_OF_INTEREST.
bool IsIndependentOfNsbs(const MentorView& mentor, const PreparedNeed& need);

// CONFLICT_OF_INTEREST. Matches: no declared relation with an NSB of the need, or one (or an
// employment) that ended so long ago that the policy's cooling-off months after its last day are
// over on the first day on which the engagement can begin. Does not match: a relation that lasts,
// that begins before the period ends, or that is cooling off.
bool IsFreeOfConflicts(const MentorView& mentor, const PreparedNeed& need);

void CompareOrganisations(const MentorView& mentor, const PreparedNeed& need, Verdict* verdict);
void CompareConflicts(const MentorView& mentor, const PreparedNeed& need, Verdict* verdict);

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_RULES_CONFLICTS_H_
