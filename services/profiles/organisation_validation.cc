#include "services/profiles/organisation_validation.h"

#include <set>
#include <string>

#include "absl/time/civil_time.h"
#include "services/common/validation.h"
#include "services/profiles/shared_validation.h"
#include "tandem/common/v1/schedule.pb.h"

namespace tandem::profiles {

namespace {

using common::CheckCount;
using common::CheckDisplayName;
using common::CheckEnum;
using common::CheckUnique;
using common::FieldViolations;
using common::IndexPath;
using common::JoinPath;
using common::Presence;
using common::ReferenceData;

constexpr int kMaxMemberships = 100;
constexpr int kMaxBodies = 50;
constexpr int kMaxLanguages = 20;
constexpr int kMaxContexts = 50;
constexpr int kMaxExcluded = 1000;

constexpr int kNameCharacters = 200;
constexpr int kAcronymCharacters = 20;

// The days of a membership, with far days for open ends, so that periods can be compared.
struct Days {
  absl::CivilDay first = absl::CivilDay::min();
  absl::CivilDay last = absl::CivilDay::max();
};

Days DaysOf(const v1::IsoMembership& membership) {
  Days days;
  if (membership.has_start_date()) days.first = common::ToCivilDay(membership.start_date());
  if (membership.has_end_date()) days.last = common::ToCivilDay(membership.end_date());
  return days;
}

bool Overlap(const v1::IsoMembership& a, const v1::IsoMembership& b) {
  const Days one = DaysOf(a);
  const Days other = DaysOf(b);
  return one.first <= other.last && other.first <= one.last;
}

void CheckMemberships(const v1::Organisation& organisation, FieldViolations* v) {
  CheckCount(organisation.iso_memberships_size(), kMaxMemberships, "iso_memberships", v);
  for (int i = 0; i < organisation.iso_memberships_size() && i < kMaxMemberships; ++i) {
    const v1::IsoMembership& membership = organisation.iso_memberships(i);
    const std::string path = IndexPath("iso_memberships", i);
    CheckEnum(membership.category(), v1::IsoCategory_IsValid, Presence::kRequired,
              JoinPath(path, "category"), v);
    CheckPeriod(membership, path, v);
    for (int before = 0; before < i; ++before) {
      if (!Overlap(organisation.iso_memberships(before), membership)) continue;
      v->Add(path, "overlaps with " + IndexPath("iso_memberships", before) +
                       "; end that one the day before this one starts");
      break;
    }
  }
}

void CheckContact(const v1::Contact& contact, const std::string& path, FieldViolations* v) {
  if (contact.erased()) {
    if (!contact.full_name().empty() || !contact.email().empty() || !contact.phone().empty() ||
        !contact.position().empty()) {
      v->Add(path, "the person was erased; add the contact without contact_id as a new person");
    }
    return;
  }
  CheckDisplayName(contact.full_name(), kNameCharacters, Presence::kRequired,
                   JoinPath(path, "full_name"), v);
  CheckDisplayName(contact.position(), kNameCharacters, Presence::kOptional,
                   JoinPath(path, "position"), v);
  common::CheckEmail(contact.email(), JoinPath(path, "email"), v);
  common::CheckPhone(contact.phone(), JoinPath(path, "phone"), v);
}

void CheckContacts(const v1::Organisation& organisation, FieldViolations* v) {
  CheckCount(organisation.contacts_size(), kMaxContacts, "contacts", v);
  std::set<std::string> seen;
  for (int i = 0; i < organisation.contacts_size() && i < kMaxContacts; ++i) {
    const std::string path = IndexPath("contacts", i);
    const std::string& id = organisation.contacts(i).contact_id();
    if (!id.empty()) CheckUnique(id, JoinPath(path, "contact_id"), &seen, v);
    CheckContact(organisation.contacts(i), path, v);
  }
}

void CheckLanguages(const v1::Organisation& organisation, const ReferenceData& reference,
                    FieldViolations* v) {
  CheckCount(organisation.languages_size(), kMaxLanguages, "languages", v);
  std::set<std::string> seen;
  for (int i = 0; i < organisation.languages_size() && i < kMaxLanguages; ++i) {
    const std::string path = IndexPath("languages", i);
    common::CheckLanguageTag(organisation.languages(i), reference.languages(), path, v);
    CheckUnique(organisation.languages(i), path, &seen, v);
  }
}

void CheckSchedule(const v1::Organisation& organisation, FieldViolations* v) {
  const Presence zone =
      organisation.weekly_windows().empty() ? Presence::kOptional : Presence::kRequired;
  common::CheckTimeZone(organisation.time_zone(), zone, "time_zone", v);
  std::set<std::string> seen;
  for (int i = 0; i < organisation.weekend_days_size() && i < 8; ++i) {
    const std::string path = IndexPath("weekend_days", i);
    CheckEnum(organisation.weekend_days(i), tandem::common::v1::Weekday_IsValid,
              Presence::kRequired, path, v);
    CheckUnique(tandem::common::v1::Weekday_Name(organisation.weekend_days(i)), path, &seen, v);
  }
  CheckCount(organisation.weekend_days_size(), 7, "weekend_days", v);
  common::CheckWeeklyWindows(organisation.weekly_windows(), "weekly_windows", v);
}

}  // namespace

void CheckOrganisation(const v1::Organisation& organisation, const ReferenceData& reference,
                       FieldViolations* v) {
  common::CheckExternalId(organisation.external_id(), Presence::kOptional, "external_id", v);
  CheckDisplayName(organisation.display_name(), kNameCharacters, Presence::kRequired,
                   "display_name", v);
  CheckDisplayName(organisation.acronym(), kAcronymCharacters, Presence::kOptional, "acronym", v);
  CheckEnum(organisation.kind(), v1::OrganisationKind_IsValid, Presence::kRequired, "kind", v);
  common::CheckCode(organisation.country(), reference.countries(), Presence::kRequired, "country",
                    v);
  CheckMemberships(organisation, v);
  CheckCodes(organisation.regional_bodies(), reference.regional_bodies(), kMaxBodies,
             "regional_bodies", v);
  CheckContacts(organisation, v);
  CheckLanguages(organisation, reference, v);
  CheckSchedule(organisation, v);
  CheckEnum(organisation.connectivity(), v1::Connectivity_IsValid, Presence::kOptional,
            "connectivity", v);
  CheckCodes(organisation.development_contexts(), reference.development_contexts(), kMaxContexts,
             "development_contexts", v);
  CheckNames(organisation.excluded_mentors(), "mentors", kMaxExcluded, "excluded_mentors", v);
}

}  // namespace tandem::profiles
