#include "services/matching/engine/rules/eligibility.h"

namespace tandem::engine {

RuleSet BrokenRules(const MentorView& mentor, const PreparedNeed& need) {
  RuleSet broken;
  ForEachRule(need, [&](Rule rule, const auto& passes) { broken.AddIf(!passes(mentor), rule); });
  return broken.Without(need.policy.waived_rules);
}

bool Breaks(Rule rule, const MentorView& mentor, const PreparedNeed& need) {
  if (need.policy.waived_rules.Has(rule)) return false;
  bool broken = false;
  ForEachRule(need, [&](Rule each, const auto& passes) {
    if (each == rule) broken = !passes(mentor);
  });
  return broken;
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
  verdict.passed = !Breaks(rule, mentor, need);
  kCompare[IndexOf(rule)](mentor, need, &verdict);
  if (verdict.passed) verdict.relaxations.clear();
  return verdict;
}

}  // namespace tandem::engine
