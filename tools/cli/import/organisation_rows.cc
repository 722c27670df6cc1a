#include "tools/cli/import/organisation_rows.h"

#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "tools/cli/cell.h"
#include "tools/cli/import/parts.h"
#include "tools/cli/words.h"

namespace tandem::cli {
namespace {

using ::tandem::profiles::v1::Connectivity;
using ::tandem::profiles::v1::Contact;
using ::tandem::profiles::v1::IsoCategory;
using ::tandem::profiles::v1::IsoMembership;
using ::tandem::profiles::v1::Organisation;
using ::tandem::profiles::v1::OrganisationKind;

const auto kText = [](absl::string_view text) -> absl::StatusOr<std::string> {
  return std::string(text);
};

// "correspondent:2010-01-01.."
absl::StatusOr<IsoMembership> ParseMembership(absl::string_view text) {
  TANDEM_ASSIGN_OR_RETURN(DatedReference dated, ParseDatedReference(text));
  const absl::StatusOr<IsoCategory> category = FromWord<IsoCategory>(dated.id);
  if (!category.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", dated.id, "' ", category.status().message()));
  }
  IsoMembership membership;
  membership.set_category(*category);
  if (dated.period.has_start_date()) *membership.mutable_start_date() = dated.period.start_date();
  if (dated.period.has_end_date()) *membership.mutable_end_date() = dated.period.end_date();
  return membership;
}

bool IsSamePerson(const Contact& a, const Contact& b) {
  if (!a.email().empty() && a.email() == b.email()) return true;
  return a.full_name() == b.full_name();
}

// The file holds one contact; those that it does not know stay.
void ReadContact(Sheet& sheet, const Organisation* existing, Organisation* organisation) {
  Contact contact;
  contact.set_full_name(std::string(sheet.Get("contact_name")));
  contact.set_position(std::string(sheet.Get("contact_position")));
  contact.set_email(std::string(sheet.Get("contact_email")));
  contact.set_phone(std::string(sheet.Get("contact_phone")));
  bool placed = contact.full_name().empty();
  if (placed) {
    for (const char* column : {"contact_position", "contact_email", "contact_phone"}) {
      if (!sheet.Get(column).empty()) sheet.Fail(column, "means nothing without contact_name");
    }
  }
  if (existing != nullptr) {
    for (const Contact& known : existing->contacts()) {
      const bool same = !placed && !known.erased() && IsSamePerson(known, contact);
      if (same) {
        contact.set_contact_id(known.contact_id());
        placed = true;
      }
      *organisation->add_contacts() = same ? contact : known;
    }
  }
  if (!placed) *organisation->add_contacts() = contact;
}

}  // namespace

const std::vector<ColumnSpec>& OrganisationColumns() {
  static const auto* const columns = new std::vector<ColumnSpec>{
      {"external_id", true, "The id in your system, unique, for example NSB-TG"},
      {"name", true, "Name"},
      {"acronym", false, "Acronym"},
      {"kind", true, "nsb, regional-body, authority, company, academia or other"},
      {"country", true, "ISO 3166-1 alpha-2, for example TG"},
      {"iso_membership", false,
       "Category with dates: correspondent:2008-01-01..2015-12-31|full:2016-01-01.."},
      {"regional_bodies", false, "ARSO SADCSTAN"},
      {"languages", false, "Working languages, the preferred one first: fr en"},
      {"time_zone", true, "IANA zone, for example Africa/Lome"},
      {"weekend", false, "Days without work: Sat Sun"},
      {"windows", false, "When counterparts can meet: Mon-Thu 09:00-16:00"},
      {"connectivity", false, "good, intermittent or poor"},
      {"development_contexts", false, "ldc, lldc, sids"},
      {"contact_name", false, "A person there; others that the server knows stay"},
      {"contact_position", false, "What the person does there"},
      {"contact_email", false, "E-mail address"},
      {"contact_phone", false, "Telephone in international form"},
  };
  return *columns;
}

Organisation OrganisationOfRow(Sheet& sheet, const OrganisationReferences& existing) {
  Organisation organisation;
  organisation.set_external_id(std::string(sheet.Get("external_id")));
  organisation.set_display_name(std::string(sheet.Get("name")));
  organisation.set_acronym(std::string(sheet.Get("acronym")));
  sheet.Read("kind", FromWord<OrganisationKind>, [&](auto kind) { organisation.set_kind(kind); });
  organisation.set_country(std::string(sheet.Get("country")));
  sheet.ReadEach("iso_membership", ParseMembership, [&](IsoMembership membership) {
    *organisation.add_iso_memberships() = std::move(membership);
  });
  sheet.ReadWords("regional_bodies", kText,
                  [&](std::string code) { organisation.add_regional_bodies(code); });
  sheet.ReadWords("languages", kText,
                  [&](std::string language) { organisation.add_languages(language); });
  organisation.set_time_zone(std::string(sheet.Get("time_zone")));
  sheet.Read("weekend", ParseWeekdays, [&](const auto& days) {
    for (auto day : days) organisation.add_weekend_days(day);
  });
  sheet.Read("windows", ParseWindows, [&](const auto& windows) {
    for (const auto& window : windows) *organisation.add_weekly_windows() = window;
  });
  sheet.Read("connectivity", FromWord<Connectivity>,
             [&](Connectivity connectivity) { organisation.set_connectivity(connectivity); });
  sheet.ReadWords("development_contexts", kText,
                  [&](std::string context) { organisation.add_development_contexts(context); });
  const Organisation* known = existing.Find(organisation.external_id());
  ReadContact(sheet, known, &organisation);
  if (known != nullptr) *organisation.mutable_excluded_mentors() = known->excluded_mentors();
  return organisation;
}

std::string OrganisationColumnOf(absl::string_view field) {
  static constexpr FieldColumn kColumns[] = {
      {"external_id", "external_id"},
      {"display_name", "name"},
      {"acronym", "acronym"},
      {"kind", "kind"},
      {"country", "country"},
      {"iso_memberships", "iso_membership"},
      {"regional_bodies", "regional_bodies"},
      {"contacts", "contact_name"},
      {"languages", "languages"},
      {"time_zone", "time_zone"},
      {"weekend_days", "weekend"},
      {"weekly_windows", "windows"},
      {"connectivity", "connectivity"},
      {"development_contexts", "development_contexts"},
  };
  return LongestPrefixColumn(kColumns, field);
}

}  // namespace tandem::cli
