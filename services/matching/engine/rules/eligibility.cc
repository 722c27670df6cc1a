#include "services/matching/engine/rules/eligibility.h"

#include "services/matching/engine/rules/capacity.h"
#include "services/matching/engine/rules/conflicts.h"
#include "services/matching/engine/rules/exclusions.h"
#include "services/matching/engine/rules/language.h"
#include "services/matching/engine/rules/meeting.h"
#include "services/matching/engine/rules/standing.h"
#include "services/matching/engine/rules/topics.h"

namespace tandem::engine {

RuleSet BrokenRules(const MentorView& mentor, const PreparedNeed& need) {
  RuleSet broken;
  // The mentor's own standing.
  broken.AddIf(!IsInUse(mentor), Rule::kInactive);
  broken.AddIf(!IsVetted(mentor), Rule::kNotVetted);
  broken.AddIf(!HasConsented(mentor, need), Rule::kConsentMissing);
  broken.AddIf(!IsConfirmedRecently(mentor, need), Rule::kProfileStale);
  broken.AddIf(!HasDeclaredConflicts(mentor, need), Rule::kCoiDeclaration);
  // What the need asks for.
  broken.AddIf(!HasCapacity(mentor, need), Rule::kNoCapacity);
  broken.AddIf(!HasCommonLanguage(mentor, need), Rule::kLanguage);
  broken.AddIf(!MeetsTopicLevels(mentor, need), Rule::kTopicLevel);
  broken.AddIf(!HasCommonModality(mentor, need), Rule::kModality);
  broken.AddIf(!HasFreeDay(mentor, need), Rule::kDates);
  broken.AddIf(!HasWeeklyOverlap(mentor, need), Rule::kWeeklyOverlap);
  broken.AddIf(!HasDaysForVisit(mentor, need), Rule::kConsecutiveDays);
  // What stands between the two.
  broken.AddIf(!IsIndependentOfNsbs(mentor, need), Rule::kSameOrganisation);
  broken.AddIf(!IsFreeOfConflicts(mentor, need), Rule::kConflictOfInterest);
  broken.AddIf(!PassesScreening(mentor, need), Rule::kScreening);
  broken.AddIf(!IsWelcomeToBoth(mentor, need), Rule::kExcludedByParty);
  broken.AddIf(!WasNotRefused(mentor, need), Rule::kDeclinedBefore);
  return broken.Without(need.policy.waived_rules);
}

namespace {

using Compare = void (*)(const MentorView&, const PreparedNeed&, Verdict*);

// In the order of the rules.
constexpr Compare kCompare[kRuleCount] = {
    CompareInUse,     CompareVetting,       CompareConsent,     CompareConfirmation,
    CompareCapacity,  CompareLanguages,     CompareTopicLevels, CompareModalities,
    CompareDates,     CompareWeeklyOverlap, CompareVisitDays,   CompareOrganisations,
    CompareConflicts, CompareDeclaration,   CompareScreening,   CompareExclusions,
    CompareRefusals,
};

}  // namespace

Verdict VerdictOf(Rule rule, const MentorView& mentor, const PreparedNeed& need) {
  Verdict verdict;
  verdict.rule = rule;
  verdict.waived = need.policy.waived_rules.Has(rule);
  verdict.passed = !BrokenRules(mentor, need).Has(rule);
  kCompare[IndexOf(rule)](mentor, need, &verdict);
  if (verdict.passed) verdict.relaxations.clear();
  return verdict;
}

}  // namespace tandem::engine
