// The hard rules: a mentor who breaks one is not eligible for the need.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_RULES_RULE_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_RULES_RULE_H_

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"

namespace tandem::engine {

// Numbers and order as in tandem.matching.v1.Rule.
enum class Rule : uint8_t {
  kInactive = 1,
  kNotVetted = 2,
  kConsentMissing = 3,
  kProfileStale = 4,
  kNoCapacity = 5,
  kLanguage = 6,
  kTopicLevel = 7,
  kModality = 8,
  kDates = 9,
  kWeeklyOverlap = 10,
  kConsecutiveDays = 11,
  kSameOrganisation = 12,
  kConflictOfInterest = 13,
  kCoiDeclaration = 14,
  kScreening = 15,
  kExcludedByParty = 16,
  kDeclinedBefore = 17,
};

constexpr int kRuleCount = 17;

// Position in arrays of kRuleCount, from 0.
constexpr int IndexOf(Rule rule) { return static_cast<int>(rule) - 1; }
constexpr Rule RuleAt(int index) { return static_cast<Rule>(index + 1); }

// The code that other systems rely on, for example "WEEKLY_OVERLAP".
absl::string_view CodeOf(Rule rule);

// A set of rules.
class RuleSet {
 public:
  constexpr RuleSet() = default;

  constexpr void Add(Rule rule) { bits_ |= uint32_t{1} << IndexOf(rule); }
  constexpr void AddIf(bool condition, Rule rule) { bits_ |= uint32_t{condition} << IndexOf(rule); }
  constexpr bool Has(Rule rule) const { return (bits_ >> IndexOf(rule) & 1) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr bool HasExactlyOne() const { return bits_ != 0 && (bits_ & (bits_ - 1)) == 0; }
  constexpr RuleSet Without(RuleSet other) const { return RuleSet(bits_ & ~other.bits_); }
  constexpr uint32_t bits() const { return bits_; }  // Bit IndexOf(rule) per rule.

  // In the order of the enum.
  std::vector<Rule> rules() const;

  friend constexpr bool operator==(RuleSet a, RuleSet b) { return a.bits_ == b.bits_; }
  friend constexpr bool operator!=(RuleSet a, RuleSet b) { return a.bits_ != b.bits_; }

 private:
  constexpr explicit RuleSet(uint32_t bits) : bits_(bits) {}

  uint32_t bits_ = 0;
};

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_RULES_RULE_H_
