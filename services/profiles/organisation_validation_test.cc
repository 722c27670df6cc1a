#include "services/profiles/organisation_validation.h"

#include <functional>
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

std::vector<std::string> ViolatedFields(const v1::Organisation& organisation) {
  static const auto reference = common::ReferenceData::Load("").value();
  common::FieldViolations violations;
  CheckOrganisation(organisation, *reference, &violations);
  std::vector<std::string> fields;
  for (const common::FieldViolation& violation : violations.violations()) {
    fields.push_back(violation.field);
  }
  return fields;
}

// A membership from 1 January of `first` to 31 December of `last`; 0 leaves that end open.
void AddMembership(int first, int last, v1::Organisation* organisation) {
  v1::IsoMembership* membership = organisation->add_iso_memberships();
  membership->set_category(v1::ISO_CATEGORY_FULL);
  if (first != 0) {
    membership->mutable_start_date()->set_year(first);
    membership->mutable_start_date()->set_month(1);
    membership->mutable_start_date()->set_day(1);
  }
  if (last != 0) {
    membership->mutable_end_date()->set_year(last);
    membership->mutable_end_date()->set_month(12);
    membership->mutable_end_date()->set_day(31);
  }
}

struct Case {
  const char* name;
  std::function<void(v1::Organisation*)> edit;
  const char* violated;  // the one field that breaks a rule; nullptr: none
};

class OrganisationRuleTest : public testing::TestWithParam<Case> {};

TEST_P(OrganisationRuleTest, NamesExactlyTheFieldThatBreaksIt) {
  v1::Organisation organisation = ValidOrganisation("nsb-ls");

  GetParam().edit(&organisation);

  if (GetParam().violated == nullptr) {
    EXPECT_THAT(ViolatedFields(organisation), IsEmpty());
  } else {
    EXPECT_THAT(ViolatedFields(organisation), ElementsAre(GetParam().violated));
  }
}

const Case kCases[] = {
    {"Unchanged", [](v1::Organisation*) {}, nullptr},
    {"NoCountry", [](v1::Organisation* o) { o->clear_country(); }, "country"},
    {"AcronymTooLong", [](v1::Organisation* o) { o->set_acronym(std::string(21, 'A')); },
     "acronym"},
    {"MembershipsInTurn",
     [](v1::Organisation* o) {
       o->clear_iso_memberships();
       AddMembership(2001, 2009, o);
       AddMembership(2010, 0, o);
       AddMembership(0, 2000, o);
     },
     nullptr},
    {"MembershipsThatOverlap",
     [](v1::Organisation* o) {
       o->clear_iso_memberships();
       AddMembership(0, 2010, o);
       AddMembership(2010, 0, o);
     },
     "iso_memberships[1]"},
    {"MembershipEndsBeforeItStarts",
     [](v1::Organisation* o) {
       o->clear_iso_memberships();
       AddMembership(2010, 2009, o);
     },
     "iso_memberships[0].end_date"},
    {"FridayAndSaturday",
     [](v1::Organisation* o) {
       o->clear_weekend_days();
       o->add_weekend_days(tandem::common::v1::WEEKDAY_FRIDAY);
       o->add_weekend_days(tandem::common::v1::WEEKDAY_SATURDAY);
     },
     nullptr},
    {"WeekendDayTwice",
     [](v1::Organisation* o) { o->add_weekend_days(tandem::common::v1::WEEKDAY_SUNDAY); },
     "weekend_days[2]"},
    {"HoursWithoutZone", [](v1::Organisation* o) { o->clear_time_zone(); }, "time_zone"},
    {"ContactWithoutName", [](v1::Organisation* o) { o->add_contacts()->set_contact_id("c1"); },
     "contacts[0].full_name"},
    {"TheSameContactTwice",
     [](v1::Organisation* o) {
       for (int i = 0; i < 2; ++i) {
         o->add_contacts()->set_contact_id("c1");
         o->mutable_contacts(i)->set_full_name("Ann Example");
       }
     },
     "contacts[1].contact_id"},
    {"ErasedContactWithAName",
     [](v1::Organisation* o) {
       v1::Contact* contact = o->add_contacts();
       contact->set_contact_id("c1");
       contact->set_erased(true);
       contact->set_full_name("Ann Example");
     },
     "contacts[0]"},
    {"ExcludedThatIsNoMentor",
     [](v1::Organisation* o) { o->add_excluded_mentors("organisations/1"); },
     "excluded_mentors[0]"},
};

std::string NameOf(const testing::TestParamInfo<Case>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Rules, OrganisationRuleTest, testing::ValuesIn(kCases), NameOf);

}  // namespace
}  // namespace tandem::profiles
