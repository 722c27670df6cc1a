#include "services/matching/engine/rules/standing.h"

namespace tandem::engine {
namespace {

Value DayValue(Day day) { return day == kNoDay ? Value{} : Value{ValueKind::kDay, day}; }

}  // namespace

void CompareInUse(const MentorView& mentor, const PreparedNeed&, Verdict* verdict) {
  const bool met = IsInUse(mentor);
  verdict->compared.push_back(
      {Item::kProfileInUse, "", {ValueKind::kYesNo, met}, {ValueKind::kYesNo, 1}, met});
  if (!met) verdict->relaxations.push_back({RelaxationKind::kReactivateProfile, "", 0, 0});
}

void CompareVetting(const MentorView& mentor, const PreparedNeed&, Verdict* verdict) {
  const bool met = IsVetted(mentor);
  verdict->compared.push_back({Item::kVettingState,
                               "",
                               {ValueKind::kVetting, static_cast<int64_t>(mentor.facts().vetting)},
                               {ValueKind::kVetting, static_cast<int64_t>(Vetting::kVetted)},
                               met});
  if (!met) verdict->relaxations.push_back({RelaxationKind::kPassVetting, "", 0, 0});
}

void CompareConsent(const MentorView& mentor, const PreparedNeed& need, Verdict* verdict) {
  const MentorRow& facts = mentor.facts();
  const bool met = HasConsented(mentor, need);
  const bool withdrawn =
      facts.consent_withdrawn_on != kNoDay && facts.consent_withdrawn_on <= need.today;
  verdict->compared.push_back(
      {withdrawn ? Item::kConsentWithdrawn : Item::kConsentToMatching, "",
       DayValue(withdrawn ? facts.consent_withdrawn_on : facts.consent_given_on),
       DayValue(need.today), met});
  if (!met) verdict->relaxations.push_back({RelaxationKind::kGiveConsent, "", 0, 0});
}

void CompareConfirmation(const MentorView& mentor, const PreparedNeed& need, Verdict* verdict) {
  const int64_t confirmed = mentor.last_confirmed();
  const bool met = IsConfirmedRecently(mentor, need);
  // Whole days, rounded up: 365 days and an hour is more than 365 days.
  const int64_t seconds = confirmed == kNever ? 0 : need.now - confirmed;
  const int64_t days = seconds <= 0 ? 0 : (seconds + kSecondsPerDay - 1) / kSecondsPerDay;
  verdict->compared.push_back({Item::kDaysSinceConfirmed,
                               "",
                               {ValueKind::kNumber, confirmed == kNever ? -1 : days},
                               {ValueKind::kNumber, need.policy.stale_after_days},
                               met});
  if (!met) verdict->relaxations.push_back({RelaxationKind::kConfirmProfile, "", 0, 0});
}

void CompareDeclaration(const MentorView& mentor, const PreparedNeed& need, Verdict* verdict) {
  const MentorRow& facts = mentor.facts();
  const bool declared = facts.coi_declared_on != kNoDay && facts.coi_declared_on <= need.today;
  verdict->compared.push_back(
      {Item::kCoiDeclaredOn, "", DayValue(facts.coi_declared_on), DayValue(need.today), declared});
  if (declared && facts.coi_expires_on != kNoDay) {
    verdict->compared.push_back({Item::kCoiExpiresOn, "", DayValue(facts.coi_expires_on),
                                 DayValue(need.today), facts.coi_expires_on >= need.today});
  }
  if (!HasDeclaredConflicts(mentor, need)) {
    verdict->relaxations.push_back({RelaxationKind::kRenewCoiDeclaration, "", 0, 0});
  }
}

}  // namespace tandem::engine
