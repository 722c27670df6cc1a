// Erasure of contacts, and what a start finishes that a crash or a restore left open.
#include "services/profiles/erasure.h"

#include <filesystem>
#include <string>

#include "base/status_matchers.h"
#include "base/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/profiles/identity/key_store.h"
#include "services/profiles/organisation_hooks.h"
#include "services/profiles/testing/builders.h"
#include "services/profiles/testing/harness.h"

namespace tandem::profiles {
namespace {

using base::StatusIs;
using testing::HasSubstr;
using Stub = Harness::Stub;

class ErasureTest : public testing::Test {
 protected:
  // An organisation with the contacts Ann and Ben.
  v1::Organisation WithContacts() {
    v1::Organisation organisation = ValidOrganisation("nsb-ls");
    organisation.add_contacts()->set_full_name("Ann Example");
    organisation.add_contacts()->set_full_name("Ben Example");
    return organisation;
  }

  absl::StatusOr<v1::Organisation> EraseContact(const std::string& organisation,
                                                const std::string& contact) {
    v1::EraseContactRequest request;
    request.set_name(organisation);
    request.set_contact_id(contact);
    request.set_reason_code("PERSON_ASKED");
    return profiles_.Call(&Stub::EraseContact, request);
  }

  // Destroys a key while the service is down, as a process that ended half-way through does.
  void DestroyKeyOf(const std::string& person) {
    profiles_.Stop();
    {
      const auto keys = KeyStore::Open(profiles_.folder() + "/keys").value();
      EXPECT_TRUE(keys->Destroy({{person, absl::FromUnixSeconds(1'790'000'000)}}).ok());
    }
    profiles_.Start();
  }

  absl::StatusOr<v1::Organisation> GetOrganisation(const std::string& name) {
    v1::GetOrganisationRequest request;
    request.set_name(name);
    return profiles_.Call(&Stub::GetOrganisation, request);
  }

  base::TempDir folder_;
  Harness profiles_{folder_.Join("profiles")};
};

TEST_F(ErasureTest, AnErasedContactLeavesTheOthersAlone) {
  TANDEM_ASSERT_OK_AND_ASSIGN(auto written, profiles_.Upsert(WithContacts()));
  const v1::Organisation& before = written.organisation();

  TANDEM_ASSERT_OK_AND_ASSIGN(v1::Organisation after,
                              EraseContact(before.name(), before.contacts(0).contact_id()));

  ASSERT_EQ(after.contacts_size(), 2);
  EXPECT_TRUE(after.contacts(0).erased());
  EXPECT_EQ(after.contacts(0).full_name(), "");
  EXPECT_EQ(after.contacts(1).full_name(), "Ben Example");
  EXPECT_GT(after.revision(), before.revision());
}

TEST_F(ErasureTest, AFormerContactCanBeErasedTooAndAnUnknownOneCannot) {
  TANDEM_ASSERT_OK_AND_ASSIGN(auto written, profiles_.Upsert(WithContacts()));
  const v1::Organisation before = written.organisation();
  v1::Organisation without_ann = WithContacts();
  without_ann.mutable_contacts()->DeleteSubrange(0, 1);
  TANDEM_ASSERT_OK(profiles_.Upsert(without_ann).status());
  const int64_t head = profiles_.Head();

  TANDEM_ASSERT_OK(EraseContact(before.name(), before.contacts(0).contact_id()).status());

  EXPECT_EQ(profiles_.Head(), head + 1);
  v1::GetOrganisationRequest then;
  then.set_name(before.name());
  then.set_revision(before.revision());
  TANDEM_ASSERT_OK_AND_ASSIGN(v1::Organisation old, profiles_.Call(&Stub::GetOrganisation, then));
  EXPECT_TRUE(old.contacts(0).erased());
  EXPECT_EQ(old.contacts(1).full_name(), "Ben Example");
  EXPECT_THAT(EraseContact(before.name(), "nobody"), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(ErasureTest, TheStartFinishesTheErasureOfAMentorThatACrashCutOff) {
  TANDEM_ASSERT_OK_AND_ASSIGN(v1::Mentor mentor,
                              profiles_.Create(ValidMentor("ext-1", "Amina Example")));

  DestroyKeyOf(mentor.name());

  TANDEM_ASSERT_OK_AND_ASSIGN(v1::Mentor after, profiles_.Get(mentor.name()));
  EXPECT_EQ(after.state(), v1::PROFILE_STATE_ERASED);
  EXPECT_EQ(after.external_id(), "");
  TANDEM_ASSERT_OK_AND_ASSIGN(auto upserted, profiles_.Upsert(ValidMentor("ext-1", "Amina New")));
  EXPECT_TRUE(upserted.created());
  const int64_t head = profiles_.Head();
  profiles_.Restart();
  EXPECT_EQ(profiles_.Head(), head);
}

TEST_F(ErasureTest, TheStartFinishesTheErasureOfAContactThatACrashCutOff) {
  TANDEM_ASSERT_OK_AND_ASSIGN(auto written, profiles_.Upsert(WithContacts()));
  const v1::Organisation before = written.organisation();

  DestroyKeyOf(ContactPerson(before.name(), before.contacts(1).contact_id()));

  TANDEM_ASSERT_OK_AND_ASSIGN(v1::Organisation after, GetOrganisation(before.name()));
  EXPECT_GT(after.revision(), before.revision());
  EXPECT_TRUE(after.contacts(1).erased());
  EXPECT_EQ(after.contacts(0).full_name(), "Ann Example");
}

TEST_F(ErasureTest, RecordsRestoredFromBeforeTheErasureAreErasedAgain) {
  TANDEM_ASSERT_OK_AND_ASSIGN(v1::Mentor mentor,
                              profiles_.Create(ValidMentor("ext-1", "Amina Example")));
  profiles_.Stop();
  const std::string records = profiles_.folder() + "/records";
  std::filesystem::copy(records, folder_.Join("backup"), std::filesystem::copy_options::recursive);
  profiles_.Start();
  v1::EraseMentorRequest erase;
  erase.set_name(mentor.name());
  erase.set_reason_code("PERSON_ASKED");
  TANDEM_ASSERT_OK(profiles_.Call(&Stub::EraseMentor, erase).status());

  profiles_.Stop();
  std::filesystem::remove_all(records);
  std::filesystem::copy(folder_.Join("backup"), records, std::filesystem::copy_options::recursive);
  profiles_.Start();

  EXPECT_EQ(profiles_.Get(mentor.name())->state(), v1::PROFILE_STATE_ERASED);
}

TEST_F(ErasureTest, AnAdminCanHaveAllErasuresAppliedAgain) {
  TANDEM_ASSERT_OK_AND_ASSIGN(v1::Mentor mentor,
                              profiles_.Create(ValidMentor("ext-1", "Amina Example")));
  const v1::ReapplyErasuresRequest again;
  TANDEM_ASSERT_OK_AND_ASSIGN(auto none, profiles_.Call(&Stub::ReapplyErasures, again));
  DestroyKeyOf(mentor.name());
  const int64_t head = profiles_.Head();

  TANDEM_ASSERT_OK_AND_ASSIGN(auto one, profiles_.Call(&Stub::ReapplyErasures, again));

  EXPECT_EQ(none.erased_count(), 0);
  EXPECT_EQ(one.erased_count(), 1);
  EXPECT_EQ(one.reapplied_count(), 0) << "the start has done it";
  EXPECT_EQ(profiles_.Head(), head) << "repeating it changes nothing";
  EXPECT_THAT(profiles_.Call(&Stub::ReapplyErasures, again, tandem::common::v1::ROLE_STAFF),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(ErasureTest, AKeyWithoutARecordDoesNoHarm) {
  profiles_.Stop();
  {
    const auto keys = KeyStore::Open(profiles_.folder() + "/keys").value();
    const NewKey orphan{"mentors/neverwritten", Secret::Random().value()};
    TANDEM_ASSERT_OK(keys->CreateKeys({orphan}));
  }
  profiles_.Start();

  TANDEM_ASSERT_OK_AND_ASSIGN(auto upserted, profiles_.Upsert(ValidMentor("ext-1", "Amina")));
  profiles_.Restart();

  EXPECT_TRUE(upserted.created());
  EXPECT_TRUE(profiles_.Get(upserted.mentor().name()).ok());
  EXPECT_THAT(profiles_.Get("mentors/neverwritten"), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(ErasureTest, AnErasureNeedsAReasonAndTheRoleOfAnAdmin) {
  v1::EraseMentorRequest request;
  request.set_name("mentors/x");
  EXPECT_THAT(profiles_.Call(&Stub::EraseMentor, request),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("reason_code")));
  request.set_reason_code("PERSON_ASKED");
  EXPECT_THAT(profiles_.Call(&Stub::EraseMentor, request), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(profiles_.Call(&Stub::EraseMentor, request, tandem::common::v1::ROLE_STAFF),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

}  // namespace
}  // namespace tandem::profiles
