// The behaviour of organisations that callers rely on, over gRPC; contacts above all.
#include <set>
#include <string>

#include "base/status_matchers.h"
#include "base/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/common/errors.h"
#include "services/profiles/testing/builders.h"
#include "services/profiles/testing/harness.h"

namespace tandem::profiles {
namespace {

using base::StatusIs;
using testing::HasSubstr;
using testing::UnorderedElementsAre;
using Stub = Harness::Stub;

class OrganisationsTest : public testing::Test {
 protected:
  static v1::Organisation WithContact(const std::string& full_name, const std::string& email) {
    v1::Organisation organisation = ValidOrganisation("nsb-ls");
    v1::Contact* contact = organisation.add_contacts();
    contact->set_full_name(full_name);
    contact->set_email(email);
    return organisation;
  }

  base::TempDir folder_;
  Harness profiles_{folder_.Join("profiles")};
};

TEST_F(OrganisationsTest, ContactsReadBackWholeAfterARestart) {
  TANDEM_ASSERT_OK_AND_ASSIGN(v1::Organisation created,
                              profiles_.Create(WithContact("Ann Example", "ann@example.org")));
  profiles_.Restart();
  v1::GetOrganisationRequest request;
  request.set_name(created.name());

  TANDEM_ASSERT_OK_AND_ASSIGN(v1::Organisation read,
                              profiles_.Call(&Stub::GetOrganisation, request));

  EXPECT_EQ(read.SerializeAsString(), created.SerializeAsString());
  ASSERT_EQ(read.contacts_size(), 1);
  EXPECT_EQ(read.contacts(0).full_name(), "Ann Example");
  EXPECT_THAT(read.contacts(0).contact_id(), testing::MatchesRegex("[a-z0-9]{26}"));
}

TEST_F(OrganisationsTest, TheSameUpsertRecognisesItsContactsAndChangesNothing) {
  TANDEM_ASSERT_OK_AND_ASSIGN(auto first,
                              profiles_.Upsert(WithContact("Ann Example", "ann@example.org")));
  const int64_t head = profiles_.Head();

  TANDEM_ASSERT_OK_AND_ASSIGN(auto second,
                              profiles_.Upsert(WithContact("Ann Example", "ann@example.org")));

  EXPECT_TRUE(first.created());
  EXPECT_FALSE(second.updated());
  EXPECT_EQ(profiles_.Head(), head);
}

TEST_F(OrganisationsTest, AContactWithANewNameAndTheSameAddressStaysThePerson) {
  TANDEM_ASSERT_OK_AND_ASSIGN(auto first,
                              profiles_.Upsert(WithContact("Ann Example", "ann@example.org")));

  TANDEM_ASSERT_OK_AND_ASSIGN(auto renamed,
                              profiles_.Upsert(WithContact("Ann Married", "ann@example.org")));
  TANDEM_ASSERT_OK_AND_ASSIGN(auto other,
                              profiles_.Upsert(WithContact("Ben Example", "ben@example.org")));

  const std::string id = first.organisation().contacts(0).contact_id();
  EXPECT_EQ(renamed.organisation().contacts(0).contact_id(), id);
  EXPECT_NE(other.organisation().contacts(0).contact_id(), id);
}

TEST_F(OrganisationsTest, OnlyTheServerMakesIdsOfContacts) {
  v1::Organisation organisation = WithContact("Ann Example", "");
  organisation.mutable_contacts(0)->set_contact_id("mine");

  EXPECT_THAT(profiles_.Create(organisation),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("organisation.contacts[0].contact_id")));
}

TEST_F(OrganisationsTest, EveryViolatedFieldIsNamed) {
  v1::Organisation organisation = WithContact("Ann\u200BExample", "not an address");
  organisation.set_display_name("");
  organisation.clear_kind();
  organisation.set_country("ZZ");
  organisation.add_regional_bodies("NO-SUCH-BODY");
  organisation.add_languages("en");
  organisation.mutable_weekly_windows(0)->set_start_minute(7);
  *organisation.add_iso_memberships() = organisation.iso_memberships(0);

  const absl::Status status = profiles_.Create(organisation).status();

  std::set<std::string> fields;
  for (const common::FieldViolation& violation : common::FieldViolationsOf(status)) {
    fields.insert(violation.field);
  }
  EXPECT_THAT(fields, UnorderedElementsAre(
                          "organisation.contacts[0].full_name", "organisation.contacts[0].email",
                          "organisation.display_name", "organisation.kind", "organisation.country",
                          "organisation.regional_bodies[1]", "organisation.languages[1]",
                          "organisation.weekly_windows[0].start_minute",
                          "organisation.iso_memberships[1]"));
}

TEST_F(OrganisationsTest, ListsFilterByCountryAndDeactivationIsKept) {
  TANDEM_ASSERT_OK_AND_ASSIGN(v1::Organisation lesotho,
                              profiles_.Create(ValidOrganisation("nsb-ls")));
  v1::Organisation chad = ValidOrganisation("nsb-td");
  chad.set_country("TD");
  TANDEM_ASSERT_OK(profiles_.Create(chad).status());
  v1::DeactivateOrganisationRequest deactivate;
  deactivate.set_name(lesotho.name());
  TANDEM_ASSERT_OK(profiles_.Call(&Stub::DeactivateOrganisation, deactivate).status());
  v1::ListOrganisationsRequest list;
  list.set_filter("country = \"LS\"");

  TANDEM_ASSERT_OK_AND_ASSIGN(auto page, profiles_.Call(&Stub::ListOrganisations, list));

  ASSERT_EQ(page.organisations_size(), 1);
  EXPECT_EQ(page.organisations(0).external_id(), "nsb-ls");
  EXPECT_EQ(page.organisations(0).state(), v1::PROFILE_STATE_INACTIVE);
  v1::ListOrganisationRevisionsRequest history;
  history.set_name(lesotho.name());
  TANDEM_ASSERT_OK_AND_ASSIGN(auto states,
                              profiles_.Call(&Stub::ListOrganisationRevisions, history));
  EXPECT_EQ(states.organisations_size(), 2);
}

TEST_F(OrganisationsTest, AnUpdateByMaskKeepsTheContacts) {
  TANDEM_ASSERT_OK_AND_ASSIGN(v1::Organisation created,
                              profiles_.Create(WithContact("Ann Example", "ann@example.org")));
  v1::UpdateOrganisationRequest update;
  update.mutable_organisation()->set_name(created.name());
  update.mutable_organisation()->set_acronym("NEW");
  update.mutable_update_mask()->add_paths("acronym");

  TANDEM_ASSERT_OK_AND_ASSIGN(v1::Organisation after,
                              profiles_.Call(&Stub::UpdateOrganisation, update));

  EXPECT_EQ(after.acronym(), "NEW");
  EXPECT_EQ(after.contacts(0).SerializeAsString(), created.contacts(0).SerializeAsString());
}

TEST_F(OrganisationsTest, FollowersSeeIdsOfContactsOnly) {
  TANDEM_ASSERT_OK_AND_ASSIGN(v1::Organisation created,
                              profiles_.Create(WithContact("Ann Example", "ann@example.org")));
  grpc::ClientContext context;
  common::PrepareCall("follower", tandem::common::v1::ROLE_SERVICE, absl::Seconds(60), &context);
  auto reader = profiles_.stub().WatchOrganisations(&context, v1::WatchOrganisationsRequest());
  v1::WatchOrganisationsResponse step;

  ASSERT_TRUE(reader->Read(&step));
  context.TryCancel();

  ASSERT_EQ(step.organisations_size(), 1);
  EXPECT_EQ(step.organisations(0).name(), created.name());
  EXPECT_EQ(step.organisations(0).display_name(), created.display_name());
  EXPECT_EQ(step.organisations(0).contacts(0).contact_id(), created.contacts(0).contact_id());
  EXPECT_EQ(step.organisations(0).contacts(0).full_name(), "");
}

}  // namespace
}  // namespace tandem::profiles
