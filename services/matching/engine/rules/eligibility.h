// Who is eligible: the hard rules in one place. ForEachRule reads like the policy.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_RULES_ELIGIBILITY_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_RULES_ELIGIBILITY_H_

#include "services/matching/engine/rules/capacity.h"
#include "services/matching/engine/rules/conflicts.h"
#include "services/matching/engine/rules/exclusions.h"
#include "services/matching/engine/rules/language.h"
#include "services/matching/engine/rules/meeting.h"
#include "services/matching/engine/rules/prepared_need.h"
#include "services/matching/engine/rules/standing.h"
#include "services/matching/engine/rules/topics.h"
#include "services/matching/engine/rules/verdict.h"

namespace tandem::engine {

// All hard rules: calls visit(rule, passes) for each, where passes(mentor) tells whether a mentor
// passes it.
template <typename Visit>
void ForEachRule(const PreparedNeed& need, const Visit& visit) {
  using Mentor = const MentorView&;
  // The mentor's own standing.
  visit(Rule::kInactive, [](Mentor mentor) { return IsInUse(mentor); });
  visit(Rule::kNotVetted, [](Mentor mentor) { return IsVetted(mentor); });
  visit(Rule::kConsentMissing, [&](Mentor mentor) { return HasConsented(mentor, need); });
  visit(Rule::kProfileStale, [&](Mentor mentor) { return IsConfirmedRecently(mentor, need); });
  visit(Rule::kCoiDeclaration, [&](Mentor mentor) { return HasDeclaredConflicts(mentor, need); });
  // What the need asks for.
  visit(Rule::kNoCapacity, [&](Mentor mentor) { return HasCapacity(mentor, need); });
  visit(Rule::kLanguage, [&](Mentor mentor) { return HasCommonLanguage(mentor, need); });
  visit(Rule::kTopicLevel, [&](Mentor mentor) { return MeetsTopicLevels(mentor, need); });
  visit(Rule::kModality, [&](Mentor mentor) { return HasCommonModality(mentor, need); });
  visit(Rule::kDates, [&](Mentor mentor) { return HasFreeDay(mentor, need); });
  visit(Rule::kWeeklyOverlap, [&](Mentor mentor) { return HasWeeklyOverlap(mentor, need); });
  visit(Rule::kConsecutiveDays, [&](Mentor mentor) { return HasDaysForVisit(mentor, need); });
  // What stands between the two.
  visit(Rule::kSameOrganisation, [&](Mentor mentor) { return IsIndependentOfNsbs(mentor, need); });
  visit(Rule::kConflictOfInterest, [&](Mentor mentor) { return IsFreeOfConflicts(mentor, need); });
  visit(Rule::kScreening, [&](Mentor mentor) { return PassesScreening(mentor, need); });
  visit(Rule::kExcludedByParty, [&](Mentor mentor) { return IsWelcomeToBoth(mentor, need); });
  visit(Rule::kDeclinedBefore, [&](Mentor mentor) { return WasNotRefused(mentor, need); });
}

// The rules that the mentor breaks, those waived by the policy left out. Empty: eligible.
RuleSet BrokenRules(const MentorView& mentor, const PreparedNeed& need);

// Whether the mentor breaks this rule; false for one that the policy waives.
bool Breaks(Rule rule, const MentorView& mentor, const PreparedNeed& need);

// What one rule finds, with the data compared and what would help.
Verdict VerdictOf(Rule rule, const MentorView& mentor, const PreparedNeed& need);

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_RULES_ELIGIBILITY_H_
