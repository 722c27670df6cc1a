// What a rule found about a pair, as data: the verdict, the values compared, and what would help.
// words.h turns all of it into sentences.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_RULES_VERDICT_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_RULES_VERDICT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "services/matching/engine/rules/rule.h"

namespace tandem::engine {

// What was compared. The comment tells the types of `actual` and `required`.
enum class Item : uint8_t {
  kProfileInUse,        // Yes/no.
  kVettingState,        // Code.
  kConsentToMatching,   // Day given; kNone: never. Required: the day of the decision at the latest.
  kConsentWithdrawn,    // Day withdrawn; required: after the day of the decision.
  kDaysSinceConfirmed,  // Days; -1: never confirmed. Required: at most.
  kEngagements,         // Number in the fullest month; required: fewer than.
  kFreeHours,           // Hours in the least free month; required: at least.
  kSpokenLevel,         // Of `subject` (language): CEFR level; required: at least.
  kWrittenLevel,        // Of `subject` (language): CEFR level; required: at least.
  kInterpreter,         // Yes/no: an interpreter can be had and the policy allows it.
  kTopicLevel,          // Of `subject` (topic): level; required: at least.
  kModality,            // Set of kRemote, kOnSite; required: one of.
  kFreeDays,            // Days of the period without a day off; required: at least 1.
  kTimeZone,            // Text; set only if the zone is unknown.
  kWeeklyOverlap,       // Minutes reached in as many weeks as asked; required: at least.
  kOverlapWeeks,        // Weeks that reach the minutes; required: at least.
  kConsecutiveDays,     // Longest run of free days for the visit; required: at least.
  kEmployment,          // `subject`: organisation; the day it ends, or "lasts".
  kNomination,          // `subject`: organisation.
  kPastEmployment,      // `subject`: organisation; its end; required: ended before.
  kRelation,            // `subject`: organisation; its end or "lasts"; required: ended before.
  kCoiDeclaredOn,       // Day; required: not after the day of the decision.
  kCoiExpiresOn,        // Day; required: not before the day of the decision.
  kRestrictedCountry,   // `subject`: country, of residence or nationality.
  kRestrictedPerson,    // Yes/no.
  kExcludedByNsb,       // Yes/no.
  kExcludedByMentor,    // `subject`: organisation.
  kRefusedOn,           // Day of the refusal; required: the first day on which it no longer counts.
};

enum class ValueKind : uint8_t { kNone, kNumber, kDay, kYesNo, kCefr, kVetting, kModalities };

struct Value {
  ValueKind kind = ValueKind::kNone;
  int64_t number = 0;  // A Day, Cefr, Vetting, set of modalities, 0/1, or a plain number.
};

// One pair of values that a rule compared.
struct Comparison {
  Item item = Item::kProfileInUse;
  std::string subject;  // A language, topic, organisation, country or zone; may be empty.
  Value actual;         // What the mentor has. For dates kNone means "none" or "lasts".
  Value required;       // What is asked for.
  bool met = false;
};

// What would make the mentor pass the rule.
enum class RelaxationKind : uint8_t {
  kReactivateProfile,     // The profile is put to use again.
  kPassVetting,           // Staff finish the vetting.
  kGiveConsent,           // The mentor consents to matching.
  kConfirmProfile,        // The mentor confirms the profile.
  kAllowMoreEngagements,  // `amount` engagements at a time, by the mentor.
  kAskFewerHours,         // The need asks for `amount` hours per month.
  kOfferMoreHours,        // The mentor offers `amount` hours per month in all.
  kAcceptLanguageLevel,   // `subject` at levels `amount` (spoken), `amount2` (written).
  kArrangeInterpreter,    // The request gets an interpreter.
  kAcceptTopicLevel,      // `subject` at level `amount`; 0: the topic becomes a wish.
  kAllowModality,         // The need allows the set `amount`.
  kMovePeriod,            // The period includes a day without a day off.
  kAcceptOverlap,         // The need asks for `amount` minutes a week.
  kAcceptOverlapWeeks,    // The need asks for the overlap in `amount` weeks.
  kShortenVisit,          // The visit takes `amount` days.
  kStartAfter,            // The engagement begins on `amount` (a Day) or later.
  kRenewCoiDeclaration,   // The mentor declares again.
  kLiftExclusion,         // The party that excluded the other takes it back.
  kWaitUntil,             // The decision is made on `amount` (a Day) or later.
};

struct Relaxation {
  RelaxationKind kind = RelaxationKind::kReactivateProfile;
  std::string subject;
  int64_t amount = 0;
  int64_t amount2 = 0;

  friend bool operator==(const Relaxation& a, const Relaxation& b) {
    return a.kind == b.kind && a.subject == b.subject && a.amount == b.amount &&
           a.amount2 == b.amount2;
  }
};

struct Verdict {
  Rule rule = Rule::kInactive;
  bool passed = false;
  bool waived = false;  // By the policy; `passed` is then true, `compared` says what was found.
  std::vector<Comparison> compared;
  // All of these together would make the mentor pass. Empty if passed, or if nothing would.
  std::vector<Relaxation> relaxations;
};

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_RULES_VERDICT_H_
