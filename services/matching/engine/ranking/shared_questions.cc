#include "services/matching/engine/ranking/shared_questions.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/matching/engine/rules/eligibility.h"

namespace tandem::engine {
namespace {

using Passes = bool (*)(const MentorView& mentor, const PreparedNeed& need);
using PassesPart = bool (*)(int argument, const MentorView& mentor, const PreparedNeed& need);

template <Passes passes>
RowSet Answer(const Chunk& chunk, int32_t first_row, int /*argument*/, const PreparedNeed& need) {
  return PassingRows(chunk, first_row,
                     [&need](const MentorView& mentor) { return passes(mentor, need); });
}

template <PassesPart passes>
RowSet AnswerPart(const Chunk& chunk, int32_t first_row, int argument, const PreparedNeed& need) {
  return PassingRows(chunk, first_row, [argument, &need](const MentorView& mentor) {
    return passes(argument, mentor, need);
  });
}

RuleAsQuestions Languages(const PreparedNeed& need) {
  RuleAsQuestions rule;
  rule.one_suffices = true;
  if (need.interpreter) return rule;
  for (int i = 0; i < static_cast<int>(need.facts.languages.size()); ++i) {
    const LanguageNeed& asked = need.facts.languages[i];
    rule.questions.push_back(
        {absl::StrCat("language ", static_cast<int>(asked.min_spoken), " ",
                      static_cast<int>(asked.min_written), " ", asked.language),
         i, AnswerPart<MeetsLanguage>});
  }
  return rule;
}

RuleAsQuestions Topics(const PreparedNeed& need) {
  RuleAsQuestions rule;
  for (int i = 0; i < static_cast<int>(need.facts.topics.size()); ++i) {
    const TopicNeed& asked = need.facts.topics[i];
    if (asked.min_level <= 0) continue;
    rule.questions.push_back({absl::StrCat("topic ", asked.min_level, " ", asked.topic), i,
                              AnswerPart<MeetsTopicLevel>});
  }
  return rule;
}

std::string RangeKey(DayRange days) { return absl::StrCat(days.first, "-", days.last); }

// A rule with one question. `key` names the rule and says what its answers depend on.
template <Passes passes, typename... Key>
RuleAsQuestions One(const Key&... key) {
  RuleAsQuestions rule;
  rule.questions.push_back({absl::StrCat(key...), 0, Answer<passes>});
  return rule;
}

// The same, asked as if the need and the load said nothing about any mentor.
template <Passes passes, typename... Key>
RuleAsQuestions OneApartFromParticularRows(const Key&... key) {
  RuleAsQuestions rule = One<passes>(key...);
  rule.but_particular_rows = true;
  return rule;
}

RuleAsQuestions WeeklyOverlap(const PreparedNeed& need) {
  if (!need.asks_overlap) return {};
  std::string key = absl::StrCat("overlap ", need.required_minutes, " ", need.weeks_asked, " ",
                                 RangeKey(need.facts.period), " ", need.zones_state);
  for (const WeeklyWindow& window : need.facts.weekly_windows) {
    absl::StrAppend(&key, " ", window.weekday, ",", window.start_minute, ",", window.end_minute);
  }
  absl::StrAppend(&key, " ", need.facts.time_zone);
  return One<HasWeeklyOverlap>(key);
}

RuleAsQuestions VisitDays(const PreparedNeed& need) {
  if (!need.facts.visit.has_value()) return {};
  return One<HasDaysForVisit>("visit ", need.facts.visit->consecutive_days, " ",
                              RangeKey(need.visit_days));
}

// Of ties with the NSBs, between the first day on which the engagement can begin and its last.
std::string TiesKey(const PreparedNeed& need) {
  return absl::StrCat(RangeKey({need.first_day, need.facts.period.last}), " ",
                      absl::StrJoin(need.organisations, ","));
}

bool InUse(const MentorView& mentor, const PreparedNeed& /*need*/) { return IsInUse(mentor); }
bool Vetted(const MentorView& mentor, const PreparedNeed& /*need*/) { return IsVetted(mentor); }
bool HasNoRestrictedCountry(const MentorView& mentor, const PreparedNeed& need) {
  return !HasRestrictedCountry(mentor, need);
}
bool ExcludesNoNsb(const MentorView& mentor, const PreparedNeed& need) {
  return !ExcludesAnNsb(mentor, need);
}

RuleAsQuestions OnlyParticularRows() {
  RuleAsQuestions rule;
  rule.but_particular_rows = true;
  return rule;
}

}  // namespace

std::optional<RuleAsQuestions> SharedQuestionsOf(Rule rule, const PreparedNeed& need) {
  const DayRange rest = {need.first_day, need.facts.period.last};
  switch (rule) {
    case Rule::kInactive:
      return One<InUse>("in use");
    case Rule::kNotVetted:
      return One<Vetted>("vetted");
    case Rule::kConsentMissing:
      return One<HasConsented>("consent ", need.today);
    case Rule::kProfileStale:
      return std::nullopt;  // Asked to the second.
    case Rule::kCoiDeclaration:
      return One<HasDeclaredConflicts>("declared ", need.today);
    case Rule::kNoCapacity:
      return OneApartFromParticularRows<OffersCapacity>("capacity ", need.facts.hours_per_month);
    case Rule::kLanguage:
      return Languages(need);
    case Rule::kTopicLevel:
      return Topics(need);
    case Rule::kModality:
      return One<HasCommonModality>("modality ", int{need.facts.modalities}, " ",
                                    need.facts.visit.has_value() ? 1 : 0);
    case Rule::kDates:
      return One<HasFreeDay>("dates ", RangeKey(rest));
    case Rule::kWeeklyOverlap:
      return WeeklyOverlap(need);
    case Rule::kConsecutiveDays:
      return VisitDays(need);
    case Rule::kSameOrganisation:
      return One<IsIndependentOfNsbs>("organisations ", TiesKey(need));
    case Rule::kConflictOfInterest:
      return One<IsFreeOfConflicts>("conflicts ", need.policy.cooling_off_months, " ",
                                    TiesKey(need));
    case Rule::kScreening:
      return OneApartFromParticularRows<HasNoRestrictedCountry>(
          "screening ", absl::StrJoin(need.restricted_numbers, ","));
    case Rule::kExcludedByParty:
      return OneApartFromParticularRows<ExcludesNoNsb>("exclusions ",
                                                       absl::StrJoin(need.organisations, ","));
    case Rule::kDeclinedBefore:
      return OnlyParticularRows();
  }
  return std::nullopt;
}

}  // namespace tandem::engine
