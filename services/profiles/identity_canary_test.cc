// Who a person is stands in no file in the clear, at any time and by any way in; after the erasure
// it stands nowhere, and neither does the key. The files are searched byte by byte.
#include <string>
#include <vector>

#include "base/status_matchers.h"
#include "base/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/profiles/identity/key_store.h"
#include "services/profiles/identity/raw_bytes.h"
#include "services/profiles/testing/builders.h"
#include "services/profiles/testing/harness.h"

namespace tandem::profiles {
namespace {

using base::StatusIs;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Stub = Harness::Stub;

// Long enough that no chance brings them about; each comes in by another way.
const char* const kCanaries[] = {
    "canary-external-7f3a@example.org",                         // external id
    "Canaria Firstname Qzx",                                    // name on creation
    "Canaria Second Wvy",                                       // name by an update
    "\xE1\x8A\xAB\xE1\x8A\x93\xE1\x88\xAA\xE1\x8B\xAB canary",  // name in Ethiopic
    "canary.mail.8812@example.org",                             // e-mail
    "+251 11 555 0177",                                         // telephone
    "17 Canary Street, Maseru",                                 // address
    "canary biography of a person",                             // free text
    "canary-gender-text",                                       // self-declared
    "canary evidence of expertise",                             // evidence
    "canary-batch-4471",                                        // external id of a batch
    "Canaria Batch Jkl",                                        // name of a batch
    "Canaria Contact Pqr",                                      // contact of an organisation
    "canary.contact@example.org",                               // e-mail of the contact
    "canary position of a contact",                             // what the contact does
};

class IdentityCanaryTest : public testing::Test {
 protected:
  static v1::Mentor Canary() {
    v1::Mentor mentor = ValidMentor(kCanaries[0], kCanaries[1]);
    v1::MentorIdentity* identity = mentor.mutable_identity();
    v1::PersonName* name = identity->add_names();
    name->set_full_name(kCanaries[3]);
    name->set_script("Ethi");
    identity->set_email(kCanaries[4]);
    identity->set_phone(kCanaries[5]);
    identity->set_address(kCanaries[6]);
    identity->set_biography(kCanaries[7]);
    identity->set_gender(kCanaries[8]);
    v1::ExpertiseEvidence* evidence = identity->add_evidence();
    evidence->set_topic(mentor.expertise(0).topic());
    evidence->set_text(kCanaries[9]);
    return mentor;
  }

  // Creates, repeats, updates, deactivates, by every kind of call that takes a person.
  void WriteMentor() {
    v1::CreateMentorRequest create;
    *create.mutable_mentor() = Canary();
    create.set_request_id("create-1");
    TANDEM_ASSERT_OK_AND_ASSIGN(mentor_, profiles_.Call(&Stub::CreateMentor, create));
    TANDEM_ASSERT_OK(profiles_.Call(&Stub::CreateMentor, create).status());
    v1::UpdateMentorRequest update;
    *update.mutable_mentor() = mentor_;
    update.mutable_mentor()->mutable_identity()->mutable_names(0)->set_full_name(kCanaries[2]);
    update.mutable_update_mask()->add_paths("identity.names");
    update.set_request_id("update-1");
    TANDEM_ASSERT_OK(profiles_.Call(&Stub::UpdateMentor, update).status());
    v1::BatchUpsertMentorsRequest batch;
    *batch.add_mentors() = ValidMentor(kCanaries[10], kCanaries[11]);
    batch.set_request_id("batch-1");
    TANDEM_ASSERT_OK_AND_ASSIGN(auto written, profiles_.Call(&Stub::BatchUpsertMentors, batch));
    in_batch_ = written.names(0);
    v1::DeactivateMentorRequest deactivate;
    deactivate.set_name(in_batch_);
    TANDEM_ASSERT_OK(profiles_.Call(&Stub::DeactivateMentor, deactivate).status());
  }

  void WriteOrganisation() {
    v1::Organisation organisation = ValidOrganisation("nsb-ls");
    v1::Contact* contact = organisation.add_contacts();
    contact->set_full_name(kCanaries[12]);
    contact->set_email(kCanaries[13]);
    contact->set_position(kCanaries[14]);
    contact->set_phone(kCanaries[5]);
    TANDEM_ASSERT_OK_AND_ASSIGN(auto written, profiles_.Upsert(organisation));
    organisation_ = written.organisation();
  }

  void EraseMentor(const std::string& name) {
    v1::EraseMentorRequest request;
    request.set_name(name);
    request.set_reason_code("PERSON_ASKED");
    request.set_request_id("erase-" + name);
    TANDEM_ASSERT_OK(profiles_.Call(&Stub::EraseMentor, request).status());
    TANDEM_ASSERT_OK(profiles_.Call(&Stub::EraseMentor, request).status());
  }

  void EraseContact() {
    v1::EraseContactRequest request;
    request.set_name(organisation_.name());
    request.set_contact_id(organisation_.contacts(0).contact_id());
    request.set_reason_code("PERSON_ASKED");
    TANDEM_ASSERT_OK_AND_ASSIGN(organisation_, profiles_.Call(&Stub::EraseContact, request));
  }

  void ExpectNoCanary() const {
    EXPECT_GT(CountFiles(profiles_.folder()), 8);
    for (const char* canary : kCanaries) {
      EXPECT_THAT(FilesContaining(profiles_.folder(), canary), IsEmpty()) << canary;
    }
  }

  // What the key store's files hold of the keys of all persons here.
  std::vector<std::string> WrappedKeys() {
    profiles_.Stop();
    std::vector<std::string> wrapped;
    {
      const auto keys = KeyStore::Open(profiles_.folder() + "/keys").value();
      for (const std::string& person :
           {mentor_.name(), in_batch_,
            organisation_.name() + "/contacts/" + organisation_.contacts(0).contact_id()}) {
        wrapped.push_back(keys->WrappedKey(person).value());
        wrapped.push_back(std::string(keys->FetchKey(person)->bytes()));
      }
    }
    profiles_.Start();
    return wrapped;
  }

  base::TempDir folder_;
  Harness profiles_{folder_.Join("profiles")};
  v1::Mentor mentor_;
  std::string in_batch_;
  v1::Organisation organisation_;
};

TEST_F(IdentityCanaryTest, NoFileHoldsAPersonInTheClearAndAfterErasureNoFileHoldsTheKey) {
  WriteMentor();
  WriteOrganisation();
  ASSERT_THAT(FilesContaining(profiles_.folder(), mentor_.name()), Not(IsEmpty()));
  ExpectNoCanary();
  const std::vector<std::string> keys = WrappedKeys();
  EXPECT_THAT(FilesContaining(profiles_.folder(), keys[0]), Not(IsEmpty()));
  EXPECT_THAT(FilesContaining(profiles_.folder(), keys[1]), IsEmpty());

  EraseMentor(mentor_.name());
  EraseMentor(in_batch_);
  EraseContact();

  ExpectNoCanary();
  for (const std::string& key : keys) {
    EXPECT_THAT(FilesContaining(profiles_.folder(), key), IsEmpty());
  }
  profiles_.Stop();
  ExpectNoCanary();
  for (const std::string& key : keys) {
    EXPECT_THAT(FilesContaining(profiles_.folder(), key), IsEmpty());
  }
}

TEST_F(IdentityCanaryTest, AnErasedMentorIsASkeletonInEveryStateAndTheDecisionsInputsStay) {
  WriteMentor();

  EraseMentor(mentor_.name());
  profiles_.Restart();

  TANDEM_ASSERT_OK_AND_ASSIGN(v1::Mentor now, profiles_.Get(mentor_.name()));
  EXPECT_EQ(now.state(), v1::PROFILE_STATE_ERASED);
  EXPECT_FALSE(now.has_identity());
  EXPECT_EQ(now.external_id(), "");
  EXPECT_EQ(now.expertise_size(), mentor_.expertise_size());
  TANDEM_ASSERT_OK_AND_ASSIGN(v1::Mentor then, profiles_.Get(mentor_.name(), mentor_.revision()));
  EXPECT_FALSE(then.has_identity());
  EXPECT_EQ(then.external_id(), "");
  EXPECT_EQ(then.expertise_size(), mentor_.expertise_size());
}

TEST_F(IdentityCanaryTest, TheExternalIdOfAnErasedMentorIsFreeForANewOne) {
  WriteMentor();

  EraseMentor(mentor_.name());
  TANDEM_ASSERT_OK_AND_ASSIGN(auto upserted, profiles_.Upsert(Canary()));

  EXPECT_TRUE(upserted.created());
  EXPECT_NE(upserted.mentor().name(), mentor_.name());
}

TEST_F(IdentityCanaryTest, AnErasedMentorCannotBeChangedAnyMore) {
  WriteMentor();
  EraseMentor(mentor_.name());
  v1::UpdateMentorRequest update;
  update.mutable_mentor()->set_name(mentor_.name());
  *update.mutable_mentor()->mutable_identity() = mentor_.identity();
  update.mutable_update_mask()->add_paths("identity");
  v1::DeactivateMentorRequest deactivate;
  deactivate.set_name(mentor_.name());

  EXPECT_THAT(profiles_.Call(&Stub::UpdateMentor, update),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("erased")));
  EXPECT_THAT(profiles_.Call(&Stub::DeactivateMentor, deactivate),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("erased")));
}

TEST_F(IdentityCanaryTest, FeedsAndKeptAnswersCarryNoPersonalData) {
  WriteMentor();
  WriteOrganisation();
  EraseMentor(mentor_.name());

  TANDEM_ASSERT_OK_AND_ASSIGN(
      auto feed, profiles_.Call(&Stub::ListChanges, tandem::common::v1::ListChangesRequest()));

  const std::string bytes = feed.SerializeAsString();
  for (const char* canary : kCanaries) EXPECT_THAT(bytes, Not(HasSubstr(canary)));
  EXPECT_EQ(feed.changes(feed.changes_size() - 1).kind(), tandem::common::v1::CHANGE_KIND_ERASED);
  EXPECT_EQ(feed.changes(feed.changes_size() - 1).reason_code(), "PERSON_ASKED");
}

}  // namespace
}  // namespace tandem::profiles
