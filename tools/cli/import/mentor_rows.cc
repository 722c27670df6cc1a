#include "tools/cli/import/mentor_rows.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "tools/cli/cell.h"
#include "tools/cli/import/parts.h"
#include "tools/cli/words.h"

namespace tandem::cli {
namespace {

using ::tandem::profiles::v1::Consent;
using ::tandem::profiles::v1::ConsentPurpose;
using ::tandem::profiles::v1::DeclaredRelation;
using ::tandem::profiles::v1::Employment;
using ::tandem::profiles::v1::Expertise;
using ::tandem::profiles::v1::ExpertiseEvidence;
using ::tandem::profiles::v1::Mentor;
using ::tandem::profiles::v1::MentorKind;
using ::tandem::profiles::v1::PersonName;
using ::tandem::profiles::v1::RelationKind;
using ::tandem::profiles::v1::VettingState;

const auto kText = [](absl::string_view text) -> absl::StatusOr<std::string> {
  return std::string(text);
};

// "Ethi:አበበ በቀለ": a name in another script.
absl::StatusOr<PersonName> ParseOtherName(absl::string_view text) {
  const size_t colon = text.find(':');
  if (colon != 4) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", text, "' is not SCRIPT:NAME, such as Arab:... or Ethi:..."));
  }
  PersonName name;
  name.set_script(std::string(text.substr(0, colon)));
  name.set_full_name(std::string(text.substr(colon + 1)));
  return name;
}

absl::StatusOr<ExpertiseEvidence> ParseEvidence(absl::string_view text) {
  const size_t colon = text.find(':');
  if (colon == absl::string_view::npos) {
    return absl::InvalidArgumentError(absl::StrCat("'", text, "' is not TOPIC: WHAT SUPPORTS IT"));
  }
  ExpertiseEvidence evidence;
  evidence.set_topic(std::string(text.substr(0, colon)));
  evidence.set_text(std::string(absl::StripAsciiWhitespace(text.substr(colon + 1))));
  return evidence;
}

absl::StatusOr<Expertise> ParseExpertise(absl::string_view text) {
  TANDEM_ASSIGN_OR_RETURN(TopicNumber parsed, ParseTopicNumber(text, 1, 5));
  Expertise expertise;
  expertise.set_topic(parsed.topic);
  expertise.set_level(parsed.number);
  if (!parsed.rest.empty()) {
    TANDEM_ASSIGN_OR_RETURN(*expertise.mutable_last_practised(), ParseMonthOrDate(parsed.rest));
  }
  return expertise;
}

// "matching:2026-01-10", and "..2026-06-30" behind it once withdrawn.
absl::StatusOr<Consent> ParseConsent(absl::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == absl::string_view::npos) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", text, "' is not PURPOSE:DATE, such as matching:2026-01-10"));
  }
  Consent consent;
  absl::StatusOr<ConsentPurpose> purpose = FromWord<ConsentPurpose>(text.substr(0, colon));
  if (!purpose.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", text.substr(0, colon), "' ", purpose.status().message()));
  }
  consent.set_purpose(*purpose);
  const absl::string_view dates = text.substr(colon + 1);
  if (!absl::StrContains(dates, "..")) {
    TANDEM_ASSIGN_OR_RETURN(*consent.mutable_given_on(), ParseDate(dates));
    return consent;
  }
  TANDEM_ASSIGN_OR_RETURN(auto range, ParseDateRange(dates, /*open=*/false));
  *consent.mutable_given_on() = range.start_date();
  *consent.mutable_withdrawn_on() = range.end_date();
  return consent;
}

absl::StatusOr<Employment> ParseEmployment(absl::string_view text,
                                           const OrganisationReferences& organisations) {
  TANDEM_ASSIGN_OR_RETURN(DatedReference reference, ParseDatedReference(text));
  Employment employment;
  TANDEM_ASSIGN_OR_RETURN(*employment.mutable_organisation(), organisations.Resolve(reference.id));
  if (reference.period.has_start_date()) {
    *employment.mutable_start_date() = reference.period.start_date();
  }
  if (reference.period.has_end_date()) {
    *employment.mutable_end_date() = reference.period.end_date();
  }
  return employment;
}

// "ORGANISATION:KIND" or "ORGANISATION:KIND:FROM..TO".
absl::StatusOr<DeclaredRelation> ParseRelation(absl::string_view text,
                                               const OrganisationReferences& organisations) {
  TANDEM_ASSIGN_OR_RETURN(DatedReference reference, ParseDatedReference(text));
  const size_t colon = reference.id.rfind(':');
  if (colon == std::string::npos) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", text, "' is not ORGANISATION:KIND:FROM..TO"));
  }
  absl::StatusOr<RelationKind> kind = FromWord<RelationKind>(reference.id.substr(colon + 1));
  if (!kind.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the kind in '", text, "' ", kind.status().message()));
  }
  DeclaredRelation relation;
  relation.set_kind(*kind);
  TANDEM_ASSIGN_OR_RETURN(*relation.mutable_organisation(),
                          organisations.Resolve(reference.id.substr(0, colon)));
  if (reference.period.has_start_date()) {
    *relation.mutable_start_date() = reference.period.start_date();
  }
  if (reference.period.has_end_date()) *relation.mutable_end_date() = reference.period.end_date();
  return relation;
}

void ReadIdentity(Sheet& sheet, Mentor* mentor) {
  auto* identity = mentor->mutable_identity();
  identity->add_names()->set_full_name(std::string(sheet.Get("name")));
  sheet.ReadEach("other_names", ParseOtherName,
                 [&](PersonName name) { *identity->add_names() = std::move(name); });
  identity->set_email(std::string(sheet.Get("email")));
  identity->set_phone(std::string(sheet.Get("phone")));
  identity->set_address(std::string(sheet.Get("address")));
  identity->set_biography(std::string(sheet.Get("biography")));
  identity->set_gender(std::string(sheet.Get("gender")));
  sheet.ReadEach("evidence", ParseEvidence, [&](ExpertiseEvidence evidence) {
    *identity->add_evidence() = std::move(evidence);
  });
}

void ReadCompetence(Sheet& sheet, Mentor* mentor) {
  sheet.ReadEach("expertise", ParseExpertise,
                 [&](Expertise expertise) { *mentor->add_expertise() = std::move(expertise); });
  sheet.ReadWords("languages", ParseLanguageSkill,
                  [&](auto skill) { *mentor->add_languages() = std::move(skill); });
  sheet.ReadWords("experience_countries", kText,
                  [&](std::string country) { mentor->add_experience_countries(country); });
  sheet.ReadWords("development_contexts", kText,
                  [&](std::string context) { mentor->add_development_contexts(context); });
}

void ReadAvailability(Sheet& sheet, Mentor* mentor) {
  auto* availability = mentor->mutable_availability();
  availability->set_time_zone(std::string(sheet.Get("time_zone")));
  sheet.Read("windows", ParseWindows, [&](const auto& windows) {
    for (const auto& window : windows) *availability->add_weekly_windows() = window;
  });
  sheet.ReadEach(
      "days_off", [](auto text) { return ParseDateRange(text, /*open=*/false); },
      [&](auto range) { *availability->add_days_off() = std::move(range); });
  sheet.Read(
      "hours_per_month", [](auto text) { return ParseInteger(text, 0, 744); },
      [&](int64_t hours) { availability->set_hours_per_month(static_cast<int>(hours)); });
  sheet.Read(
      "max_engagements", [](auto text) { return ParseInteger(text, 0, 100); },
      [&](int64_t count) { availability->set_max_engagements(static_cast<int>(count)); });
  sheet.ReadWords("modalities", FromWord<tandem::common::v1::Modality>,
                  [&](auto modality) { availability->add_modalities(modality); });
}

void ReadStanding(Sheet& sheet, const OrganisationReferences& organisations, Mentor* mentor) {
  const auto resolve = [&](absl::string_view id) { return organisations.Resolve(id); };
  sheet.ReadEach(
      "employments", [&](auto text) { return ParseEmployment(text, organisations); },
      [&](Employment employment) { *mentor->add_employments() = std::move(employment); });
  sheet.Read("nominated_by", resolve,
             [&](std::string name) { mentor->set_nominating_organisation(name); });
  sheet.Read("kind", FromWord<MentorKind>, [&](MentorKind kind) { mentor->set_kind(kind); });
  sheet.Read("coi_declared", ParseDate, [&](auto date) {
    *mentor->mutable_coi_declaration()->mutable_declared_on() = std::move(date);
  });
  sheet.Read("coi_expires", ParseDate, [&](auto date) {
    *mentor->mutable_coi_declaration()->mutable_expires_on() = std::move(date);
  });
  sheet.ReadEach(
      "relations", [&](auto text) { return ParseRelation(text, organisations); },
      [&](DeclaredRelation relation) {
        *mentor->mutable_coi_declaration()->add_relations() = std::move(relation);
      });
  sheet.Read("vetting", FromWord<VettingState>,
             [&](VettingState state) { mentor->set_vetting_state(state); });
  sheet.ReadEach("consents", ParseConsent,
                 [&](Consent consent) { *mentor->add_consents() = std::move(consent); });
  sheet.Read("last_confirmed", ParseInstant,
             [&](auto instant) { *mentor->mutable_last_confirmed_time() = std::move(instant); });
  sheet.ReadEach("preferred_organisations", resolve,
                 [&](std::string name) { mentor->add_preferred_organisations(name); });
  sheet.ReadEach("excluded_organisations", resolve,
                 [&](std::string name) { mentor->add_excluded_organisations(name); });
}

}  // namespace

const std::vector<ColumnSpec>& MentorColumns() {
  static const auto* const columns = new std::vector<ColumnSpec>{
      {"external_id", true, "The id in your system, unique, for example M-001"},
      {"name", true, "Full name"},
      {"other_names", false, "The name in other scripts: SCRIPT:NAME, for example Ethi:..."},
      {"email", false, "E-mail address"},
      {"phone", false, "Telephone in international form"},
      {"address", false, "Postal address"},
      {"biography", false, "Free text"},
      {"gender", false, "Self-declared, free choice; only for aggregate reports"},
      {"residence", true, "Country, ISO 3166-1 alpha-2, for example KE"},
      {"nationalities", false, "Countries: KE UG"},
      {"employments", false,
       "Employers with their periods: ORG-ID:2015-01-01..2019-12-31|ORG-ID:2020-01-01.."},
      {"nominated_by", false, "External id of the NSB that nominated the mentor"},
      {"kind", false, "volunteer, seconded, paid or retired"},
      {"expertise", false,
       "Topics with level 1-5 and when last practised: wto-tbt:4:2024-05|ics.67:3"},
      {"evidence", false, "What supports it: TOPIC: text|TOPIC: text"},
      {"languages", false, "Language:spoken:written by CEFR: fr:C1:B2|en:B2"},
      {"experience_countries", false, "Countries with work experience: TG ML"},
      {"development_contexts", false, "ldc, lldc, sids"},
      {"time_zone", true, "IANA zone of the windows, for example Africa/Nairobi"},
      {"windows", false, "When live sessions are possible: Mon-Thu 14:00-18:00|Sat 09:00-12:00"},
      {"days_off", false, "Periods without work: 2027-07-01..2027-07-31"},
      {"hours_per_month", true, "Hours per month offered in all, 0-744"},
      {"max_engagements", true, "The most engagements at a time, 0-100"},
      {"modalities", true, "remote, on-site or both"},
      {"coi_declared", false, "Day of the declaration on conflicts of interest"},
      {"coi_expires", false, "Last day on which it holds"},
      {"relations", false,
       "Declared relations: ORG-ID:KIND:FROM..TO; kind is contract, governance, family, financial "
       "or other"},
      {"vetting", false, "pending, vetted, rejected or suspended"},
      {"consents", false,
       "matching:2026-01-10|share-with-nsb:2026-01-10; withdrawn: matching:2024-01-10..2025-03-01"},
      {"last_confirmed", false,
       "When the mentor last confirmed the profile: a date, or 2026-11-22T10:00:00Z"},
      {"preferred_organisations", false,
       "External ids of NSBs that the mentor would rather work with"},
      {"excluded_organisations", false, "External ids of NSBs that the mentor does not want"},
  };
  return *columns;
}

Mentor MentorOfRow(Sheet& sheet, const OrganisationReferences& organisations) {
  Mentor mentor;
  mentor.set_external_id(std::string(sheet.Get("external_id")));
  ReadIdentity(sheet, &mentor);
  mentor.set_residence_country(std::string(sheet.Get("residence")));
  sheet.ReadWords("nationalities", kText,
                  [&](std::string country) { mentor.add_nationalities(country); });
  ReadCompetence(sheet, &mentor);
  ReadAvailability(sheet, &mentor);
  ReadStanding(sheet, organisations, &mentor);
  return mentor;
}

std::string MentorColumnOf(absl::string_view field) {
  static constexpr FieldColumn kColumns[] = {
      {"external_id", "external_id"},
      {"identity.names", "other_names"},
      {"identity.names[0]", "name"},
      {"identity.email", "email"},
      {"identity.phone", "phone"},
      {"identity.address", "address"},
      {"identity.biography", "biography"},
      {"identity.gender", "gender"},
      {"identity.evidence", "evidence"},
      {"residence_country", "residence"},
      {"nationalities", "nationalities"},
      {"employments", "employments"},
      {"nominating_organisation", "nominated_by"},
      {"kind", "kind"},
      {"expertise", "expertise"},
      {"languages", "languages"},
      {"experience_countries", "experience_countries"},
      {"development_contexts", "development_contexts"},
      {"availability.time_zone", "time_zone"},
      {"availability.weekly_windows", "windows"},
      {"availability.days_off", "days_off"},
      {"availability.hours_per_month", "hours_per_month"},
      {"availability.max_engagements", "max_engagements"},
      {"availability.modalities", "modalities"},
      {"coi_declaration", "coi_declared"},
      {"coi_declaration.declared_on", "coi_declared"},
      {"coi_declaration.expires_on", "coi_expires"},
      {"coi_declaration.relations", "relations"},
      {"vetting_state", "vetting"},
      {"consents", "consents"},
      {"last_confirmed_time", "last_confirmed"},
      {"preferred_organisations", "preferred_organisations"},
      {"excluded_organisations", "excluded_organisations"},
  };
  return LongestPrefixColumn(kColumns, field);
}

}  // namespace tandem::cli
