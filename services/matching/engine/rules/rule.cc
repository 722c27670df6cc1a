#include "services/matching/engine/rules/rule.h"

#include <array>

namespace tandem::engine {

absl::string_view CodeOf(Rule rule) {
  static constexpr std::array<absl::string_view, kRuleCount> kCodes = {
      "INACTIVE",
      "NOT_VETTED",
      "CONSENT_MISSING",
      "PROFILE_STALE",
      "NO_CAPACITY",
      "LANGUAGE",
      "TOPIC_LEVEL",
      "MODALITY",
      "DATES",
      "WEEKLY_OVERLAP",
      "CONSECUTIVE_DAYS",
      "SAME_ORGANISATION",
      "CONFLICT_OF_INTEREST",
      "COI_DECLARATION",
      "SCREENING",
      "EXCLUDED_BY_PARTY",
      "DECLINED_BEFORE",
  };
  const int index = IndexOf(rule);
  return index >= 0 && index < kRuleCount ? kCodes[index] : "RULE_UNSPECIFIED";
}

std::vector<Rule> RuleSet::rules() const {
  std::vector<Rule> rules;
  for (int i = 0; i < kRuleCount; ++i) {
    if (Has(RuleAt(i))) rules.push_back(RuleAt(i));
  }
  return rules;
}

}  // namespace tandem::engine
