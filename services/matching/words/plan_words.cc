#include "services/matching/words/plan_words.h"

#include <algorithm>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/points.h"
#include "services/matching/engine/rules/words.h"

namespace tandem::matching {
namespace {

absl::int128 Magnitude(absl::int128 number) { return number < 0 ? -number : number; }

// "needs served in tier 2" for "served_2".
std::string TierWords(absl::string_view component, absl::string_view prefix,
                      absl::string_view words) {
  return absl::StrCat(words, " in tier ", component.substr(prefix.size()));
}

std::string QuotedList(const std::vector<std::string>& names) {
  return absl::StrCat("\"", absl::StrJoin(names, "\", \""), "\"");
}

// What would fill a need that mentors are eligible for, some of whom the plan has placed there.
std::string RemedyForEligible(int64_t eligible, const Openings& openings, const FullQuotas& full) {
  if (!full.of_need.empty()) {
    return absl::StrCat(
        Counted(eligible, "mentor is", "mentors are"),
        " eligible, but the need stands in a quota that is full: ", QuotedList(full.of_need),
        ". A higher maximum in the policy would make room.");
  }
  const int64_t others = eligible - openings.placed;
  if (others <= 0) {
    return absl::StrCat(eligible == 1
                            ? "The only eligible mentor is"
                            : absl::StrCat("All ", Grouped(eligible), " eligible mentors are"),
                        " placed here already: recruit for this need.");
  }
  const std::string where = absl::StrCat(
      openings.placed > 0
          ? absl::StrCat(Counted(others, "more mentor is", "more mentors are"), " eligible but ")
          : Counted(others, "mentor is eligible but ", "mentors are eligible but "),
      others == 1 ? "is" : "are all", " placed elsewhere");
  if (!full.of_mentors.empty()) {
    return absl::StrCat(where, ", without a place left, or in a quota that is full: ",
                        QuotedList(full.of_mentors), ".");
  }
  return absl::StrCat(
      where, " or without a place left: ", Counted(openings.slots, "more place", "more places"),
      " of theirs would fill the need.");
}

}  // namespace

std::string DecimalString(absl::int128 number) {
  if (number == 0) return "0";
  // The magnitude of the least 128-bit number fits the unsigned type only.
  absl::uint128 rest =
      number < 0 ? absl::uint128(0) - absl::uint128(number) : absl::uint128(number);
  std::string digits;
  for (; rest != 0; rest /= 10) {
    digits.push_back(static_cast<char>('0' + static_cast<int>(absl::Uint128Low64(rest % 10))));
  }
  if (number < 0) digits.push_back('-');
  std::reverse(digits.begin(), digits.end());
  return digits;
}

std::string Grouped(absl::int128 number) {
  std::string digits = DecimalString(number);
  const int first = digits.front() == '-' ? 1 : 0;
  for (int i = static_cast<int>(digits.size()) - 3; i > first; i -= 3) digits.insert(i, ",");
  return digits;
}

std::string ComponentWords(absl::string_view component) {
  if (component == "beneficiaries") return "standards bodies served";
  if (absl::StartsWith(component, "served_")) {
    return TierWords(component, "served_", "needs served");
  }
  if (absl::StartsWith(component, "slots_")) {
    return TierWords(component, "slots_", "places filled");
  }
  if (component == "slots") return "places filled";
  if (component == "floor") return "score of the worst match in micro-points";
  if (component == "points") return "total score in micro-points";
  if (component == "kept") return "matches of the previous plan kept";
  if (absl::StartsWith(component, "draws")) return "the draw that decides ties";
  return std::string(component);
}

std::string AmountWords(absl::string_view component, absl::int128 amount,
                        absl::string_view comparison) {
  constexpr absl::string_view kUnit = " in micro-points";
  std::string words = ComponentWords(component);
  std::string number = Grouped(amount);
  if (absl::EndsWith(words, kUnit)) {
    words.resize(words.size() - kUnit.size());
    number = absl::StrCat(base::ExactPoints(amount), " points");
  }
  return absl::StrCat(number, comparison.empty() ? "" : " ", comparison, " in ", words);
}

std::string Counted(int64_t number, absl::string_view one, absl::string_view many) {
  return absl::StrCat(Grouped(number), " ", number == 1 ? one : many);
}

std::string FirstCostWords(const std::vector<engine::ValueComponent>& cost) {
  for (const engine::ValueComponent& component : cost) {
    if (component.amount == 0 && !component.unbounded) continue;
    if (absl::StartsWith(component.name, "draws")) break;
    return AmountWords(component.name, Magnitude(component.amount),
                       component.amount < 0 ? "more" : "less");
  }
  return "";
}

namespace {

// Of a need that nobody is eligible for.
UnmatchedWords WordsOfNobody(const engine::PoolCounts& pool) {
  UnmatchedWords words;
  const std::optional<engine::Rule> binding = engine::BindingRule(pool);
  if (!binding.has_value()) {
    words.remedy =
        pool.considered == 0
            ? "There is nobody in the roster: add mentors."
            : "Every mentor fails several rules: no single change would help; recruit for this "
              "need, or refer it elsewhere.";
    return words;
  }
  words.has_binding_rule = true;
  words.binding_rule = *binding;
  const engine::RuleCount& count = pool.rules[engine::IndexOf(*binding)];
  words.remedy =
      absl::StrCat(Counted(count.sole, "mentor fails", "mentors fail"), " this rule only.");
  if (count.nearest.has_value()) {
    const std::string change = engine::RemedyOf(*count.nearest);
    if (!change.empty())
      absl::StrAppend(&words.remedy, " What would bring the first: ", change, ".");
  }
  return words;
}

}  // namespace

UnmatchedWords WordsOfUnmatched(const engine::PoolCounts& pool, const Openings& openings,
                                const FullQuotas& full_quotas) {
  if (pool.eligible == 0) return WordsOfNobody(pool);
  UnmatchedWords words;
  words.remedy = RemedyForEligible(pool.eligible, openings, full_quotas);
  return words;
}

UnmatchedWords WordsOfUnplanned(const engine::PoolCounts& pool) {
  if (pool.eligible == 0) return WordsOfNobody(pool);
  UnmatchedWords words;
  words.remedy = absl::StrCat(Counted(pool.eligible, "mentor is", "mentors are"),
                              " eligible, but nobody is placed: the hard minimums of the cohort "
                              "cannot be kept. What the conflict names has to change.");
  return words;
}

std::string WhyNotSentence(const engine::WhyNot& why_not, v1::WhyNotKind kind) {
  if (kind == v1::WHY_NOT_KIND_MATCHED) return "The pair is matched in this run.";
  if (kind == v1::WHY_NOT_KIND_INFEASIBLE) {
    return absl::StrCat("With this pair no plan is possible: it asks for ",
                        Counted(why_not.conflict.demand, "place", "places"), " where there ",
                        why_not.conflict.supply == 1 ? "is " : "are ",
                        Grouped(why_not.conflict.supply), ".");
  }
  const std::string cost = FirstCostWords(why_not.cost);
  const std::string moved =
      Counted(static_cast<int64_t>(why_not.removed.size()), "match", "matches");
  if (cost.empty()) {
    return absl::StrCat(
        "It would cost nothing: an equally good plan has this pair, and the draw "
        "decided between them. ",
        moved, " would give way.");
  }
  const absl::string_view why = kind == v1::WHY_NOT_KIND_OUTRANKED
                                    ? "Others fill the need better. "
                                    : "The mentor is worth more elsewhere. ";
  return absl::StrCat(why, "Forcing this pair would give ", cost, "; ", moved,
                      " of the plan would give way.");
}

}  // namespace tandem::matching
