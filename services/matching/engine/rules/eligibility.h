// Who is eligible: the hard rules in one place. eligibility.cc reads like the policy.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_RULES_ELIGIBILITY_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_RULES_ELIGIBILITY_H_

#include "services/matching/engine/rules/prepared_need.h"
#include "services/matching/engine/rules/verdict.h"

namespace tandem::engine {

// The rules that the mentor breaks, those waived by the policy left out. Empty: eligible.
RuleSet BrokenRules(const MentorView& mentor, const PreparedNeed& need);

// What one rule finds, with the data compared and what would help.
Verdict VerdictOf(Rule rule, const MentorView& mentor, const PreparedNeed& need);

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_RULES_ELIGIBILITY_H_
