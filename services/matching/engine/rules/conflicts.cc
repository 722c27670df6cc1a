#include "services/matching/engine/rules/conflicts.h"

#include <algorithm>
#include <string>

namespace tandem::engine {
namespace {

enum class Tie {
  kNone,        // Harmless by now, or not yet.
  kSame,        // SAME_ORGANISATION.
  kLastingTie,  // CONFLICT_OF_INTEREST, and it lasts.
  kCoolingOff,  // CONFLICT_OF_INTEREST, and it ended.
};

bool MayBeTied(const MentorView& mentor, const PreparedNeed& need) {
  return (mentor.facts().organisations_signature & need.organisations_signature) != 0;
}

bool IsAsked(uint32_t organisation, const PreparedNeed& need) {
  return std::binary_search(need.organisations.begin(), need.organisations.end(), organisation);
}

// The first day on which a relation that ended does not count any more.
Day CooledOffOn(const RelationEntry& relation, const PreparedNeed& need) {
  return AddMonths(relation.last, need.policy.cooling_off_months) + 1;
}

Tie TieOf(const RelationEntry& relation, const PreparedNeed& need) {
  if (!IsAsked(relation.organisation, need)) return Tie::kNone;
  if (relation.kind == RelationKind::kNomination) return Tie::kSame;
  if (relation.first != kNoDay && relation.first > need.facts.period.last) return Tie::kNone;
  const bool lasts = relation.last == kNoDay || relation.last >= need.first_day;
  if (lasts) return relation.kind == RelationKind::kEmployment ? Tie::kSame : Tie::kLastingTie;
  return CooledOffOn(relation, need) > need.first_day ? Tie::kCoolingOff : Tie::kNone;
}

bool HasTie(const MentorView& mentor, const PreparedNeed& need, bool same) {
  if (!MayBeTied(mentor, need)) return false;
  for (const RelationEntry& relation : mentor.relations()) {
    const Tie tie = TieOf(relation, need);
    if (same ? tie == Tie::kSame : tie == Tie::kLastingTie || tie == Tie::kCoolingOff) return true;
  }
  return false;
}

std::string OrganisationOf(const RelationEntry& relation, const PreparedNeed& need) {
  return std::string(need.roster.dictionaries().organisations.TextOf(relation.organisation));
}

Value EndOf(const RelationEntry& relation) {
  return relation.last == kNoDay ? Value{} : Value{ValueKind::kDay, relation.last};
}

}  // namespace

bool IsIndependentOfNsbs(const MentorView& mentor, const PreparedNeed& need) {
  return !HasTie(mentor, need, /*same=*/true);
}

bool IsFreeOfConflicts(const MentorView& mentor, const PreparedNeed& need) {
  return !HasTie(mentor, need, /*same=*/false);
}

void CompareOrganisations(const MentorView& mentor, const PreparedNeed& need, Verdict* verdict) {
  for (const RelationEntry& relation : mentor.relations()) {
    if (TieOf(relation, need) != Tie::kSame) continue;
    const bool nominated = relation.kind == RelationKind::kNomination;
    verdict->compared.push_back({nominated ? Item::kNomination : Item::kEmployment,
                                 OrganisationOf(relation, need),
                                 EndOf(relation),
                                 {ValueKind::kDay, need.first_day},
                                 false});
  }
}

void CompareConflicts(const MentorView& mentor, const PreparedNeed& need, Verdict* verdict) {
  Day start_after = need.first_day;
  bool lasting = false;
  for (const RelationEntry& relation : mentor.relations()) {
    const Tie tie = TieOf(relation, need);
    const bool employment = relation.kind == RelationKind::kEmployment;
    // A tie that no longer counts is worth showing: "ended in time".
    const bool ended = tie == Tie::kNone && IsAsked(relation.organisation, need) &&
                       relation.last != kNoDay && relation.last < need.first_day;
    if (tie != Tie::kLastingTie && tie != Tie::kCoolingOff && !ended) continue;
    const Day before = AddMonths(need.first_day, -need.policy.cooling_off_months);
    verdict->compared.push_back({employment ? Item::kPastEmployment : Item::kRelation,
                                 OrganisationOf(relation, need),
                                 EndOf(relation),
                                 {ValueKind::kDay, before},
                                 ended});
    lasting = lasting || tie == Tie::kLastingTie;
    if (tie == Tie::kCoolingOff) start_after = std::max(start_after, CooledOffOn(relation, need));
  }
  if (!lasting && start_after > need.first_day) {
    verdict->relaxations.push_back({RelaxationKind::kStartAfter, "", start_after, 0});
  }
}

}  // namespace tandem::engine
