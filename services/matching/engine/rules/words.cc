#include "services/matching/engine/rules/words.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/matching/engine/facts.h"
#include "services/matching/engine/time/calendar.h"

namespace tandem::engine {
namespace {

std::string CefrWord(int64_t level) {
  static constexpr const char* kWords[] = {"no level", "A1", "A2", "B1", "B2", "C1", "C2"};
  return kWords[std::clamp<int64_t>(level, 0, 6)];
}

std::string VettingWord(int64_t state) {
  static constexpr const char* kWords[] = {"not stated", "pending", "passed", "rejected",
                                           "suspended"};
  return kWords[std::clamp<int64_t>(state, 0, 4)];
}

std::string ModalitiesWord(int64_t modalities) {
  if ((modalities & (kRemote | kOnSite)) == (kRemote | kOnSite)) return "remote or on site";
  if ((modalities & kRemote) != 0) return "remote";
  return (modalities & kOnSite) != 0 ? "on site" : "none";
}

std::string ValueWord(const Value& value) {
  switch (value.kind) {
    case ValueKind::kNone:
      return "none";
    case ValueKind::kNumber:
      return absl::StrCat(value.number);
    case ValueKind::kDay:
      return FormatDay(static_cast<Day>(value.number));
    case ValueKind::kYesNo:
      return value.number != 0 ? "yes" : "no";
    case ValueKind::kCefr:
      return CefrWord(value.number);
    case ValueKind::kVetting:
      return VettingWord(value.number);
    case ValueKind::kModalities:
      return ModalitiesWord(value.number);
  }
  return "";
}

// How an item is shown: its label, what stands before and after the two values, and what is said
// where the mentor has none.
struct ItemWords {
  const char* label;
  const char* unit;
  const char* before_required;
  const char* none;
};

ItemWords WordsOf(Item item) {
  switch (item) {
    case Item::kProfileInUse:
      return {"profile in use", "", "", ""};
    case Item::kVettingState:
      return {"vetting", "", "", ""};
    case Item::kConsentToMatching:
      return {"consent to matching given on", "", "by ", "never"};
    case Item::kConsentWithdrawn:
      return {"consent to matching withdrawn on", "", "after ", ""};
    case Item::kDaysSinceConfirmed:
      return {"profile last confirmed", " days ago", "at most ", "never"};
    case Item::kEngagements:
      return {"engagements in the fullest month", "", "fewer than ", ""};
    case Item::kFreeHours:
      return {"free hours in the least free month", " hours", "at least ", ""};
    case Item::kSpokenLevel:
      return {"spoken", "", "at least ", ""};
    case Item::kWrittenLevel:
      return {"written", "", "at least ", ""};
    case Item::kInterpreter:
      return {"interpreter available and allowed", "", "", ""};
    case Item::kTopicLevel:
      return {"level in", "", "at least ", ""};
    case Item::kModality:
      return {"ways to meet", "", "", ""};
    case Item::kFreeDays:
      return {"days of the period that are not off", "", "at least ", ""};
    case Item::kTimeZone:
      return {"known time zone", "", "", ""};
    case Item::kWeeklyOverlap:
      return {"common minutes per week", " minutes", "at least ", ""};
    case Item::kOverlapWeeks:
      return {"weeks with enough common time", " weeks", "at least ", ""};
    case Item::kConsecutiveDays:
      return {"longest run of free days for the visit to", " days", "at least ", ""};
    case Item::kEmployment:
      return {"employed until, by", "", "ended before ", "it lasts"};
    case Item::kNomination:
      return {"nominated by", "", "not by an NSB of the request; first day ", "yes"};
    case Item::kPastEmployment:
      return {"formerly employed until, by", "", "ended before ", "it lasts"};
    case Item::kRelation:
      return {"declared relation until, with", "", "ended before ", "it lasts"};
    case Item::kCoiDeclaredOn:
      return {"conflicts of interest declared on", "", "by ", "never"};
    case Item::kCoiExpiresOn:
      return {"the declaration holds until", "", "at least ", ""};
    case Item::kRestrictedCountry:
      return {"on the screening list: country", "", "", ""};
    case Item::kRestrictedPerson:
      return {"on the screening list: the mentor", "", "", ""};
    case Item::kExcludedByNsb:
      return {"excluded by the NSB", "", "", ""};
    case Item::kExcludedByMentor:
      return {"the mentor excludes", "", "", ""};
    case Item::kRefusedOn:
      return {"refused on", "", "counts until ", ""};
  }
  return {"", "", "", ""};
}

bool ShowsSubjectFirst(Item item) {
  return item == Item::kSpokenLevel || item == Item::kWrittenLevel;
}

std::string RelaxationSentence(const Relaxation& change) {
  const int64_t n = change.amount;
  switch (change.kind) {
    case RelaxationKind::kReactivateProfile:
      return "put the profile to use again";
    case RelaxationKind::kPassVetting:
      return "finish the vetting";
    case RelaxationKind::kGiveConsent:
      return "ask the mentor for consent to matching";
    case RelaxationKind::kConfirmProfile:
      return "ask the mentor to confirm the profile";
    case RelaxationKind::kAllowMoreEngagements:
      return absl::StrCat("the mentor allows ", n, " engagements at a time");
    case RelaxationKind::kAskFewerHours:
      return absl::StrCat("ask for ", n, " hours per month");
    case RelaxationKind::kOfferMoreHours:
      return absl::StrCat("the mentor offers ", n, " hours per month");
    case RelaxationKind::kAcceptLanguageLevel:
      return change.amount2 == 0
                 ? absl::StrCat("accept spoken ", change.subject, " at ", CefrWord(n))
                 : absl::StrCat("accept ", change.subject, " at ", CefrWord(n), " spoken and ",
                                CefrWord(change.amount2), " written");
    case RelaxationKind::kArrangeInterpreter:
      return "arrange an interpreter";
    case RelaxationKind::kAcceptTopicLevel:
      return n == 0 ? absl::StrCat("ask for ", change.subject, " without a least level")
                    : absl::StrCat("accept level ", n, " in ", change.subject);
    case RelaxationKind::kAllowModality:
      return absl::StrCat("allow to meet ", ModalitiesWord(n));
    case RelaxationKind::kMovePeriod:
      return "move or extend the period";
    case RelaxationKind::kAcceptOverlap:
      return absl::StrCat("ask for ", n, " common minutes per week");
    case RelaxationKind::kAcceptOverlapWeeks:
      return absl::StrCat("ask for enough common time in ", n, " weeks");
    case RelaxationKind::kShortenVisit:
      return absl::StrCat("shorten the visit to ", n, " days");
    case RelaxationKind::kStartAfter:
      return absl::StrCat("begin on ", FormatDay(static_cast<Day>(n)), " or later");
    case RelaxationKind::kRenewCoiDeclaration:
      return "ask the mentor to declare conflicts of interest anew";
    case RelaxationKind::kLiftExclusion:
      return "the party that excluded the other takes it back";
    case RelaxationKind::kWaitUntil:
      return absl::StrCat("decide on ", FormatDay(static_cast<Day>(n)), " or later");
  }
  return "";
}

std::string Shown(const Comparison& comparison) {
  const ComparisonWords words = WordsOf(comparison);
  return absl::StrCat(words.label, ": ", words.actual, " (asked: ", words.required, ")");
}

}  // namespace

ComparisonWords WordsOf(const Comparison& comparison) {
  const ItemWords item = WordsOf(comparison.item);
  ComparisonWords words;
  words.label = item.label;
  if (!comparison.subject.empty()) {
    words.label = ShowsSubjectFirst(comparison.item)
                      ? absl::StrCat(comparison.subject, " ", item.label)
                      : absl::StrCat(item.label, " ", comparison.subject);
  }
  const bool never = comparison.item == Item::kDaysSinceConfirmed && comparison.actual.number == -1;
  const bool none = never || comparison.actual.kind == ValueKind::kNone;
  words.actual = none ? item.none : absl::StrCat(ValueWord(comparison.actual), item.unit);
  if (comparison.item == Item::kRefusedOn && comparison.required.kind == ValueKind::kNone) {
    words.required = "counts for ever";
  } else {
    words.required = absl::StrCat(item.before_required, ValueWord(comparison.required), item.unit);
  }
  return words;
}

std::string SentenceOf(const Verdict& verdict) {
  std::vector<std::string> shown;
  for (const Comparison& comparison : verdict.compared) {
    if (verdict.passed || !comparison.met) shown.push_back(Shown(comparison));
  }
  const std::string what = shown.empty() ? "nothing asked" : absl::StrJoin(shown, "; ");
  return verdict.waived ? absl::StrCat("waived by the policy; ", what) : what;
}

std::string RemedyOf(const Verdict& verdict) {
  return absl::StrJoin(verdict.relaxations, " and ",
                       [](std::string* out, const Relaxation& change) {
                         absl::StrAppend(out, RelaxationSentence(change));
                       });
}

}  // namespace tandem::engine
