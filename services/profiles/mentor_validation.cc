#include "services/profiles/mentor_validation.h"

#include <set>
#include <string>

#include "services/common/validation.h"
#include "services/profiles/shared_validation.h"
#include "tandem/common/v1/language.pb.h"
#include "tandem/common/v1/service_type.pb.h"

namespace tandem::profiles {

namespace {

using common::CheckCode;
using common::CheckCount;
using common::CheckDate;
using common::CheckDisplayName;
using common::CheckEnum;
using common::CheckFreeText;
using common::CheckRange;
using common::CheckResourceName;
using common::CheckUnique;
using common::FieldViolations;
using common::IndexPath;
using common::JoinPath;
using common::Presence;
using common::ReferenceData;

// The most entries of a list: far more than a person needs, and few enough to decide quickly.
constexpr int kMaxNames = 10;
constexpr int kMaxNationalities = 10;
constexpr int kMaxEmployments = 100;
constexpr int kMaxExpertise = 200;
constexpr int kMaxLanguages = 50;
constexpr int kMaxCountries = 250;
constexpr int kMaxContexts = 50;
constexpr int kMaxDaysOff = 500;
constexpr int kMaxRelations = 200;
constexpr int kMaxOrganisations = 500;

constexpr int kNameCharacters = 200;
constexpr int kAddressCharacters = 1000;
constexpr int kBiographyCharacters = 4000;
constexpr int kEvidenceCharacters = 2000;
constexpr int kGenderCharacters = 100;

// 9999-12-31T23:59:59Z, the last second that a protobuf Timestamp may state.
constexpr int64_t kLastSecond = 253402300799;

void CheckPersonNames(const v1::MentorIdentity& identity, const ReferenceData& reference,
                      FieldViolations* v) {
  if (identity.names().empty()) v->Add("identity.names", "at least one name is required");
  CheckCount(identity.names_size(), kMaxNames, "identity.names", v);
  for (int i = 0; i < identity.names_size() && i < kMaxNames; ++i) {
    const v1::PersonName& name = identity.names(i);
    const std::string path = IndexPath("identity.names", i);
    CheckDisplayName(name.full_name(), kNameCharacters, Presence::kRequired,
                     JoinPath(path, "full_name"), v);
    CheckCode(name.script(), reference.scripts(), Presence::kOptional, JoinPath(path, "script"), v);
  }
}

void CheckEvidence(const v1::Mentor& mentor, FieldViolations* v) {
  std::set<std::string> topics;
  for (const v1::Expertise& expertise : mentor.expertise()) topics.insert(expertise.topic());
  CheckCount(mentor.identity().evidence_size(), kMaxExpertise, "identity.evidence", v);
  for (int i = 0; i < mentor.identity().evidence_size() && i < kMaxExpertise; ++i) {
    const v1::ExpertiseEvidence& evidence = mentor.identity().evidence(i);
    const std::string path = IndexPath("identity.evidence", i);
    if (topics.count(evidence.topic()) == 0) {
      v->Add(JoinPath(path, "topic"), "must be the topic of an entry of expertise");
    }
    CheckFreeText(evidence.text(), kEvidenceCharacters, JoinPath(path, "text"), v);
  }
}

void CheckIdentity(const v1::Mentor& mentor, const ReferenceData& reference, FieldViolations* v) {
  const v1::MentorIdentity& identity = mentor.identity();
  CheckPersonNames(identity, reference, v);
  common::CheckEmail(identity.email(), "identity.email", v);
  common::CheckPhone(identity.phone(), "identity.phone", v);
  CheckFreeText(identity.address(), kAddressCharacters, "identity.address", v);
  CheckFreeText(identity.biography(), kBiographyCharacters, "identity.biography", v);
  CheckDisplayName(identity.gender(), kGenderCharacters, Presence::kOptional, "identity.gender", v);
  CheckEvidence(mentor, v);
}

void CheckEmployments(const v1::Mentor& mentor, FieldViolations* v) {
  CheckCount(mentor.employments_size(), kMaxEmployments, "employments", v);
  for (int i = 0; i < mentor.employments_size() && i < kMaxEmployments; ++i) {
    const v1::Employment& employment = mentor.employments(i);
    const std::string path = IndexPath("employments", i);
    CheckResourceName(employment.organisation(), "organisations", Presence::kRequired,
                      JoinPath(path, "organisation"), v);
    CheckPeriod(employment, path, v);
  }
}

void CheckExpertise(const v1::Mentor& mentor, const ReferenceData& reference, FieldViolations* v) {
  CheckCount(mentor.expertise_size(), kMaxExpertise, "expertise", v);
  std::set<std::string> seen;
  for (int i = 0; i < mentor.expertise_size() && i < kMaxExpertise; ++i) {
    const v1::Expertise& expertise = mentor.expertise(i);
    const std::string path = IndexPath("expertise", i);
    CheckCode(expertise.topic(), reference.topics(), Presence::kRequired, JoinPath(path, "topic"),
              v);
    CheckUnique(expertise.topic(), JoinPath(path, "topic"), &seen, v);
    CheckRange(expertise.level(), 1, 5, JoinPath(path, "level"), v);
    if (expertise.has_last_practised()) {
      CheckDate(expertise.last_practised(), JoinPath(path, "last_practised"), v);
    }
  }
}

void CheckLanguages(const v1::Mentor& mentor, const ReferenceData& reference, FieldViolations* v) {
  CheckCount(mentor.languages_size(), kMaxLanguages, "languages", v);
  std::set<std::string> seen;
  for (int i = 0; i < mentor.languages_size() && i < kMaxLanguages; ++i) {
    const tandem::common::v1::LanguageSkill& skill = mentor.languages(i);
    const std::string path = IndexPath("languages", i);
    common::CheckLanguageTag(skill.language(), reference.languages(), JoinPath(path, "language"),
                             v);
    CheckUnique(skill.language(), JoinPath(path, "language"), &seen, v);
    CheckEnum(skill.spoken(), tandem::common::v1::CefrLevel_IsValid, Presence::kOptional,
              JoinPath(path, "spoken"), v);
    CheckEnum(skill.written(), tandem::common::v1::CefrLevel_IsValid, Presence::kOptional,
              JoinPath(path, "written"), v);
  }
}

void CheckModalities(const v1::Availability& availability, FieldViolations* v) {
  std::set<std::string> seen;
  for (int i = 0; i < availability.modalities_size(); ++i) {
    const std::string path = IndexPath("availability.modalities", i);
    CheckEnum(availability.modalities(i), tandem::common::v1::Modality_IsValid, Presence::kRequired,
              path, v);
    CheckUnique(tandem::common::v1::Modality_Name(availability.modalities(i)), path, &seen, v);
    if (i >= tandem::common::v1::Modality_ARRAYSIZE) break;
  }
}

void CheckAvailability(const v1::Availability& availability, FieldViolations* v) {
  // Windows mean nothing without the zone in which they are stated.
  const Presence zone =
      availability.weekly_windows().empty() ? Presence::kOptional : Presence::kRequired;
  common::CheckTimeZone(availability.time_zone(), zone, "availability.time_zone", v);
  common::CheckWeeklyWindows(availability.weekly_windows(), "availability.weekly_windows", v);
  CheckCount(availability.days_off_size(), kMaxDaysOff, "availability.days_off", v);
  for (int i = 0; i < availability.days_off_size() && i < kMaxDaysOff; ++i) {
    common::CheckDateRange(availability.days_off(i), Presence::kRequired, Presence::kRequired,
                           IndexPath("availability.days_off", i), v);
  }
  CheckRange(availability.hours_per_month(), 0, 744, "availability.hours_per_month", v);
  CheckRange(availability.max_engagements(), 0, 100, "availability.max_engagements", v);
  CheckModalities(availability, v);
}

void CheckCoiDeclaration(const v1::CoiDeclaration& declaration, FieldViolations* v) {
  if (declaration.has_declared_on() != declaration.has_expires_on()) {
    v->Add("coi_declaration", "declared_on and expires_on must both be there, or neither");
  } else {
    const bool declared = declaration.has_declared_on();
    CheckDates(declared ? &declaration.declared_on() : nullptr,
               declared ? &declaration.expires_on() : nullptr, {"declared_on", "expires_on"},
               "coi_declaration", v);
  }
  CheckCount(declaration.relations_size(), kMaxRelations, "coi_declaration.relations", v);
  for (int i = 0; i < declaration.relations_size() && i < kMaxRelations; ++i) {
    const v1::DeclaredRelation& relation = declaration.relations(i);
    const std::string path = IndexPath("coi_declaration.relations", i);
    CheckResourceName(relation.organisation(), "organisations", Presence::kRequired,
                      JoinPath(path, "organisation"), v);
    CheckEnum(relation.kind(), v1::RelationKind_IsValid, Presence::kRequired,
              JoinPath(path, "kind"), v);
    CheckPeriod(relation, path, v);
  }
}

void CheckConsents(const v1::Mentor& mentor, FieldViolations* v) {
  std::set<std::string> seen;
  for (int i = 0; i < mentor.consents_size() && i < v1::ConsentPurpose_ARRAYSIZE; ++i) {
    const v1::Consent& consent = mentor.consents(i);
    const std::string path = IndexPath("consents", i);
    CheckEnum(consent.purpose(), v1::ConsentPurpose_IsValid, Presence::kRequired,
              JoinPath(path, "purpose"), v);
    CheckUnique(v1::ConsentPurpose_Name(consent.purpose()), JoinPath(path, "purpose"), &seen, v);
    if (!consent.has_given_on()) v->Add(JoinPath(path, "given_on"), "is required");
    CheckDates(consent.has_given_on() ? &consent.given_on() : nullptr,
               consent.has_withdrawn_on() ? &consent.withdrawn_on() : nullptr,
               {"given_on", "withdrawn_on"}, path, v);
  }
  CheckCount(mentor.consents_size(), v1::ConsentPurpose_ARRAYSIZE, "consents", v);
}

void CheckPreferences(const v1::Mentor& mentor, FieldViolations* v) {
  CheckNames(mentor.preferred_organisations(), "organisations", kMaxOrganisations,
             "preferred_organisations", v);
  CheckNames(mentor.excluded_organisations(), "organisations", kMaxOrganisations,
             "excluded_organisations", v);
  const std::set<std::string> preferred(mentor.preferred_organisations().begin(),
                                        mentor.preferred_organisations().end());
  for (int i = 0; i < mentor.excluded_organisations_size() && i < kMaxOrganisations; ++i) {
    if (preferred.count(mentor.excluded_organisations(i)) > 0) {
      v->Add(IndexPath("excluded_organisations", i), "stands among the preferred ones too");
    }
  }
}

void CheckConfirmedTime(const v1::Mentor& mentor, FieldViolations* v) {
  if (!mentor.has_last_confirmed_time()) return;
  CheckRange(mentor.last_confirmed_time().seconds(), 0, kLastSecond, "last_confirmed_time.seconds",
             v);
  CheckRange(mentor.last_confirmed_time().nanos(), 0, 999'999'999, "last_confirmed_time.nanos", v);
}

}  // namespace

void CheckMentor(const v1::Mentor& mentor, const ReferenceData& reference, FieldViolations* v) {
  common::CheckExternalId(mentor.external_id(), Presence::kOptional, "external_id", v);
  CheckIdentity(mentor, reference, v);
  CheckCode(mentor.residence_country(), reference.countries(), Presence::kOptional,
            "residence_country", v);
  CheckCodes(mentor.nationalities(), reference.countries(), kMaxNationalities, "nationalities", v);
  CheckEmployments(mentor, v);
  CheckResourceName(mentor.nominating_organisation(), "organisations", Presence::kOptional,
                    "nominating_organisation", v);
  CheckEnum(mentor.kind(), v1::MentorKind_IsValid, Presence::kOptional, "kind", v);
  CheckExpertise(mentor, reference, v);
  CheckLanguages(mentor, reference, v);
  CheckCodes(mentor.experience_countries(), reference.countries(), kMaxCountries,
             "experience_countries", v);
  CheckCodes(mentor.development_contexts(), reference.development_contexts(), kMaxContexts,
             "development_contexts", v);
  CheckAvailability(mentor.availability(), v);
  CheckCoiDeclaration(mentor.coi_declaration(), v);
  CheckEnum(mentor.vetting_state(), v1::VettingState_IsValid, Presence::kOptional, "vetting_state",
            v);
  CheckConsents(mentor, v);
  CheckConfirmedTime(mentor, v);
  CheckPreferences(mentor, v);
}

}  // namespace tandem::profiles
