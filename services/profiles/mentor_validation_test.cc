#include "services/profiles/mentor_validation.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/common/errors.h"
#include "services/common/reference_data.h"
#include "services/profiles/testing/builders.h"

namespace tandem::profiles {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> ViolatedFields(const v1::Mentor& mentor) {
  static const auto reference = common::ReferenceData::Load("").value();
  common::FieldViolations violations;
  CheckMentor(mentor, *reference, &violations);
  std::vector<std::string> fields;
  for (const common::FieldViolation& violation : violations.violations()) {
    fields.push_back(violation.field);
  }
  return fields;
}

struct Case {
  const char* name;
  std::function<void(v1::Mentor*)> edit;
  const char* violated;  // the one field that breaks a rule; nullptr: none
};

class MentorRuleTest : public testing::TestWithParam<Case> {};

TEST_P(MentorRuleTest, NamesExactlyTheFieldThatBreaksIt) {
  v1::Mentor mentor = ValidMentor("ext-1", "Amina Example");

  GetParam().edit(&mentor);

  if (GetParam().violated == nullptr) {
    EXPECT_THAT(ViolatedFields(mentor), IsEmpty());
  } else {
    EXPECT_THAT(ViolatedFields(mentor), ElementsAre(GetParam().violated));
  }
}

const Case kIdentityCases[] = {
    {"Unchanged", [](v1::Mentor*) {}, nullptr},
    {"NoExternalId", [](v1::Mentor* m) { m->clear_external_id(); }, nullptr},
    {"ExternalIdWithSpace", [](v1::Mentor* m) { m->set_external_id("a b"); }, "external_id"},
    {"ExternalIdTooLong", [](v1::Mentor* m) { m->set_external_id(std::string(129, 'a')); },
     "external_id"},
    {"NoName", [](v1::Mentor* m) { m->mutable_identity()->clear_names(); }, "identity.names"},
    {"EthiopicName",
     [](v1::Mentor* m) {
       m->mutable_identity()->mutable_names(0)->set_full_name("አሚና");
       m->mutable_identity()->mutable_names(0)->set_script("Ethi");
     },
     nullptr},
    {"LongestName",
     [](v1::Mentor* m) {
       m->mutable_identity()->mutable_names(0)->set_full_name(std::string(200, 'n'));
     },
     nullptr},
    {"NameTooLong",
     [](v1::Mentor* m) {
       m->mutable_identity()->mutable_names(0)->set_full_name(std::string(201, 'n'));
     },
     "identity.names[0].full_name"},
    {"NameWithControlCharacter",
     [](v1::Mentor* m) { m->mutable_identity()->mutable_names(0)->set_full_name("A\x01m"); },
     "identity.names[0].full_name"},
    {"NameWithBidirectionalOverride",
     [](v1::Mentor* m) { m->mutable_identity()->mutable_names(0)->set_full_name("A\u202Em"); },
     "identity.names[0].full_name"},
    {"NameWithZeroWidthSpace",
     [](v1::Mentor* m) { m->mutable_identity()->mutable_names(0)->set_full_name("A\u200Bm"); },
     "identity.names[0].full_name"},
    {"UnknownScript",
     [](v1::Mentor* m) { m->mutable_identity()->mutable_names(0)->set_script("Abcd"); },
     "identity.names[0].script"},
    {"EmailWithoutDomain", [](v1::Mentor* m) { m->mutable_identity()->set_email("amina"); },
     "identity.email"},
    {"PhoneInWords", [](v1::Mentor* m) { m->mutable_identity()->set_phone("call me"); },
     "identity.phone"},
    {"BiographyOfSeveralLines",
     [](v1::Mentor* m) { m->mutable_identity()->set_biography("One.\nTwo."); }, nullptr},
    {"BiographyTooLong",
     [](v1::Mentor* m) { m->mutable_identity()->set_biography(std::string(4001, 'b')); },
     "identity.biography"},
    {"EvidenceForATopicNotClaimed",
     [](v1::Mentor* m) { m->mutable_identity()->add_evidence()->set_topic("ics.01"); },
     "identity.evidence[0].topic"},
};

const Case kRecordCases[] = {
    {"UnknownCountry", [](v1::Mentor* m) { m->set_residence_country("UK"); }, "residence_country"},
    {"CountryTwice", [](v1::Mentor* m) { m->add_nationalities("KE"); }, "nationalities[1]"},
    {"UnknownContext", [](v1::Mentor* m) { m->add_development_contexts("rich"); },
     "development_contexts[1]"},
    {"UnknownTopic", [](v1::Mentor* m) { m->mutable_expertise(1)->set_topic("gardening"); },
     "expertise[1].topic"},
    {"TopicTwice",
     [](v1::Mentor* m) { m->mutable_expertise(1)->set_topic(m->expertise(0).topic()); },
     "expertise[1].topic"},
    {"LevelZero", [](v1::Mentor* m) { m->mutable_expertise(0)->set_level(0); },
     "expertise[0].level"},
    {"ImpossibleDate",
     [](v1::Mentor* m) {
       google::type::Date* date = m->mutable_expertise(0)->mutable_last_practised();
       date->set_year(2025);
       date->set_month(2);
       date->set_day(29);
     },
     "expertise[0].last_practised"},
    {"UnknownLanguage", [](v1::Mentor* m) { m->mutable_languages(1)->set_language("qq"); },
     "languages[1].language"},
    {"LanguageWithRegion", [](v1::Mentor* m) { m->mutable_languages(1)->set_language("pt-BR"); },
     nullptr},
    {"UnknownKindOfMentor", [](v1::Mentor* m) { m->set_kind(static_cast<v1::MentorKind>(99)); },
     "kind"},
    {"EmployerThatIsNoOrganisation",
     [](v1::Mentor* m) { m->add_employments()->set_organisation("mentors/1"); },
     "employments[0].organisation"},
    {"PreferredAndExcluded",
     [](v1::Mentor* m) {
       m->add_preferred_organisations("organisations/1");
       m->add_excluded_organisations("organisations/1");
     },
     "excluded_organisations[0]"},
    {"ConsentTwice", [](v1::Mentor* m) { *m->add_consents() = m->consents(0); },
     "consents[1].purpose"},
    {"ConsentWithoutDay", [](v1::Mentor* m) { m->mutable_consents(0)->clear_given_on(); },
     "consents[0].given_on"},
    {"DeclarationWithoutExpiry",
     [](v1::Mentor* m) { m->mutable_coi_declaration()->clear_expires_on(); }, "coi_declaration"},
    {"RelationWithoutKind",
     [](v1::Mentor* m) {
       m->mutable_coi_declaration()->add_relations()->set_organisation("organisations/1");
     },
     "coi_declaration.relations[0].kind"},
    {"ConfirmedBefore1970",
     [](v1::Mentor* m) { m->mutable_last_confirmed_time()->set_seconds(-1); },
     "last_confirmed_time.seconds"},
};

const Case kAvailabilityCases[] = {
    {"WindowsWithoutZone", [](v1::Mentor* m) { m->mutable_availability()->clear_time_zone(); },
     "availability.time_zone"},
    {"UnknownZone", [](v1::Mentor* m) { m->mutable_availability()->set_time_zone("Mars/Base"); },
     "availability.time_zone"},
    {"NothingStated", [](v1::Mentor* m) { m->clear_availability(); }, nullptr},
    {"MostHours", [](v1::Mentor* m) { m->mutable_availability()->set_hours_per_month(744); },
     nullptr},
    {"NegativeHours", [](v1::Mentor* m) { m->mutable_availability()->set_hours_per_month(-1); },
     "availability.hours_per_month"},
    {"TooManyEngagements",
     [](v1::Mentor* m) { m->mutable_availability()->set_max_engagements(101); },
     "availability.max_engagements"},
    {"ModalityTwice",
     [](v1::Mentor* m) {
       m->mutable_availability()->add_modalities(tandem::common::v1::MODALITY_REMOTE);
     },
     "availability.modalities[1]"},
    {"DayOffWithoutEnd",
     [](v1::Mentor* m) {
       google::type::Date* start = m->mutable_availability()->add_days_off()->mutable_start_date();
       start->set_year(2026);
       start->set_month(12);
       start->set_day(24);
     },
     "availability.days_off[0].end_date"},
};

std::string NameOf(const testing::TestParamInfo<Case>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Identity, MentorRuleTest, testing::ValuesIn(kIdentityCases), NameOf);
INSTANTIATE_TEST_SUITE_P(Record, MentorRuleTest, testing::ValuesIn(kRecordCases), NameOf);
INSTANTIATE_TEST_SUITE_P(Availability, MentorRuleTest, testing::ValuesIn(kAvailabilityCases),
                         NameOf);

}  // namespace
}  // namespace tandem::profiles
