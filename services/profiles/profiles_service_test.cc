// The behaviour of mentors that callers rely on, over gRPC.
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/status_matchers.h"
#include "base/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/common/errors.h"
#include "services/profiles/testing/builders.h"
#include "services/profiles/testing/harness.h"

namespace tandem::profiles {
namespace {

using base::IsOkAndHolds;
using base::StatusIs;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;
using Stub = Harness::Stub;
using tandem::common::v1::ROLE_MENTOR;
using tandem::common::v1::ROLE_STAFF;

class ProfilesServiceTest : public testing::Test {
 protected:
  absl::StatusOr<v1::Mentor> Update(const v1::Mentor& mentor, const std::vector<std::string>& paths,
                                    tandem::common::v1::Role role = ROLE_STAFF,
                                    const std::string& request_id = "") {
    v1::UpdateMentorRequest request;
    *request.mutable_mentor() = mentor;
    for (const std::string& path : paths) request.mutable_update_mask()->add_paths(path);
    request.set_request_id(request_id);
    return profiles_.Call(&Stub::UpdateMentor, request, role);
  }

  base::TempDir folder_;
  Harness profiles_{folder_.Join("profiles")};
};

TEST_F(ProfilesServiceTest, ACreatedMentorReadsBackWholeAndSurvivesARestart) {
  const v1::Mentor mentor = ValidMentor("ext-1", "Amina Example");

  TANDEM_ASSERT_OK_AND_ASSIGN(v1::Mentor created, profiles_.Create(mentor));
  profiles_.Restart();
  TANDEM_ASSERT_OK_AND_ASSIGN(v1::Mentor read, profiles_.Get(created.name()));

  EXPECT_EQ(read.SerializeAsString(), created.SerializeAsString());
  EXPECT_EQ(read.external_id(), "ext-1");
  EXPECT_EQ(read.identity().names(0).full_name(), "Amina Example");
  EXPECT_EQ(read.state(), v1::PROFILE_STATE_ACTIVE);
  EXPECT_THAT(read.name(), testing::MatchesRegex("mentors/[a-z0-9]{26}"));
  EXPECT_FALSE(read.etag().empty());
}

TEST_F(ProfilesServiceTest, EveryViolatedFieldIsNamedAndNothingIsWritten) {
  v1::Mentor mentor = ValidMentor("ext 1", "Amina\u202EExample");
  mentor.set_residence_country("XX");
  mentor.mutable_expertise(0)->set_level(6);
  mentor.mutable_languages(1)->set_language("en");
  mentor.mutable_availability()->set_time_zone("Africa/Nowhere");
  mentor.mutable_availability()->set_hours_per_month(745);
  mentor.mutable_coi_declaration()->mutable_declared_on()->set_day(31);
  mentor.mutable_coi_declaration()->mutable_declared_on()->set_month(2);
  const int64_t head = profiles_.Head();

  const absl::Status status = profiles_.Create(mentor).status();

  std::set<std::string> fields;
  for (const common::FieldViolation& violation : common::FieldViolationsOf(status)) {
    fields.insert(violation.field);
  }
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(fields,
              testing::UnorderedElementsAre(
                  "mentor.external_id", "mentor.identity.names[0].full_name",
                  "mentor.residence_country", "mentor.expertise[0].level",
                  "mentor.languages[1].language", "mentor.availability.time_zone",
                  "mentor.availability.hours_per_month", "mentor.coi_declaration.declared_on"));
  EXPECT_EQ(profiles_.Head(), head);
}

TEST_F(ProfilesServiceTest, ANameOfFiveMegabytesIsRefusedWithoutRepeatingIt) {
  const absl::Status status =
      profiles_.Create(ValidMentor("ext-1", std::string(5 << 20, 'x'))).status();

  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument,
                               HasSubstr("mentor.identity.names[0].full_name")));
  EXPECT_LT(status.message().size(), 1000u);
}

TEST_F(ProfilesServiceTest, AnUpdateChangesWhatItsMaskNamesAndNothingElse) {
  TANDEM_ASSERT_OK_AND_ASSIGN(v1::Mentor before,
                              profiles_.Create(ValidMentor("ext-1", "Amina Example")));
  v1::Mentor edit;
  edit.set_name(before.name());
  edit.mutable_availability()->set_hours_per_month(3);

  TANDEM_ASSERT_OK_AND_ASSIGN(v1::Mentor after, Update(edit, {"availability.hours_per_month"}));

  EXPECT_EQ(after.availability().hours_per_month(), 3);
  EXPECT_EQ(after.availability().weekly_windows_size(), 2);
  EXPECT_EQ(after.identity().names(0).full_name(), "Amina Example");
  EXPECT_GT(after.revision(), before.revision());
  EXPECT_NE(after.etag(), before.etag());
}

TEST_F(ProfilesServiceTest, AnUpdateWithAnOldEtagIsAborted) {
  TANDEM_ASSERT_OK_AND_ASSIGN(v1::Mentor first,
                              profiles_.Create(ValidMentor("ext-1", "Amina Example")));
  v1::Mentor edit = first;
  edit.mutable_identity()->set_email("amina@example.org");
  TANDEM_ASSERT_OK(Update(edit, {"identity.email"}).status());

  edit.mutable_identity()->set_email("other@example.org");
  const absl::Status conflict = Update(edit, {"identity.email"}).status();

  EXPECT_THAT(conflict, StatusIs(absl::StatusCode::kAborted));
  EXPECT_EQ(common::ErrorDetailOf(conflict)->reason, "ETAG_MISMATCH");
  EXPECT_EQ(profiles_.Get(first.name())->identity().email(), "amina@example.org");
}

TEST_F(ProfilesServiceTest, AMentorCannotVetThemselves) {
  v1::Mentor mentor = ValidMentor("ext-1", "Amina Example");
  mentor.set_vetting_state(v1::VETTING_STATE_PENDING);
  TANDEM_ASSERT_OK_AND_ASSIGN(v1::Mentor created, profiles_.Create(mentor));
  v1::Mentor edit = created;
  edit.set_vetting_state(v1::VETTING_STATE_VETTED);
  edit.mutable_availability()->set_max_engagements(1);

  profiles_.SetSubject(created.name());
  EXPECT_THAT(Update(edit, {"vetting_state"}, ROLE_MENTOR),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("vetting_state")));
  TANDEM_ASSERT_OK(Update(edit, {"availability.max_engagements"}, ROLE_MENTOR).status());
  profiles_.SetSubject("mentors/another");
  EXPECT_THAT(Update(edit, {"availability.max_engagements"}, ROLE_MENTOR),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(profiles_.Get(created.name())->vetting_state(), v1::VETTING_STATE_PENDING);
}

TEST_F(ProfilesServiceTest, AnEqualUpsertChangesNothing) {
  TANDEM_ASSERT_OK_AND_ASSIGN(auto first, profiles_.Upsert(ValidMentor("ext-1", "Amina Example")));
  const int64_t head = profiles_.Head();

  TANDEM_ASSERT_OK_AND_ASSIGN(auto second, profiles_.Upsert(ValidMentor("ext-1", "Amina Example")));
  TANDEM_ASSERT_OK_AND_ASSIGN(auto third, profiles_.Upsert(ValidMentor("ext-1", "Amina Changed")));

  EXPECT_TRUE(first.created());
  EXPECT_FALSE(second.created() || second.updated());
  EXPECT_EQ(second.mentor().SerializeAsString(), first.mentor().SerializeAsString());
  EXPECT_TRUE(third.updated());
  EXPECT_EQ(third.mentor().revision(), head + 1);
  EXPECT_EQ(third.mentor().name(), first.mentor().name());
}

TEST_F(ProfilesServiceTest, ATakenExternalIdCannotBeCreatedAgain) {
  TANDEM_ASSERT_OK(profiles_.Create(ValidMentor("ext-1", "Amina Example")).status());

  EXPECT_THAT(profiles_.Create(ValidMentor("ext-1", "Another Example")),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("external_id")));
}

TEST_F(ProfilesServiceTest, ConcurrentUpsertsOfOneExternalIdMakeOneMentor) {
  constexpr int kThreads = 8;
  constexpr int kRounds = 10;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([this, t] {
      for (int round = 0; round < kRounds; ++round) {
        const auto mentor = ValidMentor(absl::StrCat("ext-", round), absl::StrCat("Writer ", t));
        const absl::Status status = profiles_.Upsert(mentor).status();
        EXPECT_TRUE(status.ok()) << status;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  TANDEM_ASSERT_OK_AND_ASSIGN(auto page,
                              profiles_.Call(&Stub::ListMentors, v1::ListMentorsRequest()));
  std::set<std::string> external_ids;
  for (const v1::Mentor& mentor : page.mentors()) external_ids.insert(mentor.external_id());
  EXPECT_EQ(page.mentors_size(), kRounds);
  EXPECT_THAT(external_ids, SizeIs(kRounds));
}

TEST_F(ProfilesServiceTest, ARepeatedRequestIdGetsTheFirstAnswerEvenAfterARestart) {
  v1::CreateMentorRequest request;
  *request.mutable_mentor() = ValidMentor("ext-1", "Amina Example");
  request.set_request_id("call-1");
  TANDEM_ASSERT_OK_AND_ASSIGN(v1::Mentor first, profiles_.Call(&Stub::CreateMentor, request));
  v1::Mentor edit = first;
  edit.mutable_availability()->set_hours_per_month(3);
  TANDEM_ASSERT_OK(Update(edit, {"availability"}).status());
  const int64_t head = profiles_.Head();
  profiles_.Restart();

  TANDEM_ASSERT_OK_AND_ASSIGN(v1::Mentor again, profiles_.Call(&Stub::CreateMentor, request));
  request.mutable_mentor()->set_residence_country("ET");
  const absl::Status other_body = profiles_.Call(&Stub::CreateMentor, request).status();

  EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());
  EXPECT_EQ(profiles_.Head(), head);
  EXPECT_THAT(other_body, StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_EQ(common::ErrorDetailOf(other_body)->reason, "REQUEST_ID_REUSED");
}

TEST_F(ProfilesServiceTest, HistoryTellsEveryStateWithThePersonAsThen) {
  TANDEM_ASSERT_OK_AND_ASSIGN(v1::Mentor first,
                              profiles_.Create(ValidMentor("ext-1", "Amina Before")));
  TANDEM_ASSERT_OK_AND_ASSIGN(auto second, profiles_.Upsert(ValidMentor("ext-1", "Amina After")));
  v1::ListMentorRevisionsRequest request;
  request.set_name(first.name());
  request.set_page_size(1);

  TANDEM_ASSERT_OK_AND_ASSIGN(auto newest, profiles_.Call(&Stub::ListMentorRevisions, request));
  request.set_page_token(newest.next_page_token());
  TANDEM_ASSERT_OK_AND_ASSIGN(auto oldest, profiles_.Call(&Stub::ListMentorRevisions, request));

  ASSERT_EQ(newest.mentors_size(), 1);
  ASSERT_EQ(oldest.mentors_size(), 1);
  EXPECT_EQ(newest.mentors(0).SerializeAsString(), second.mentor().SerializeAsString());
  EXPECT_EQ(oldest.mentors(0).SerializeAsString(), first.SerializeAsString());
  EXPECT_EQ(oldest.next_page_token(), "");
  EXPECT_EQ(profiles_.Get(first.name(), first.revision())->identity().names(0).full_name(),
            "Amina Before");
  EXPECT_THAT(profiles_.Get(first.name(), second.mentor().revision() + 5),
              StatusIs(absl::StatusCode::kOutOfRange));
}

TEST_F(ProfilesServiceTest, ABatchIsWrittenWholeOrNotAtAll) {
  v1::BatchUpsertMentorsRequest request;
  for (int i = 0; i < 3; ++i) {
    *request.add_mentors() = ValidMentor(absl::StrCat("ext-", i), "Amina Example");
  }
  request.mutable_mentors(2)->set_residence_country("??");
  const int64_t head = profiles_.Head();

  EXPECT_THAT(
      profiles_.Call(&Stub::BatchUpsertMentors, request),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("mentors[2].residence_country")));
  EXPECT_EQ(profiles_.Head(), head);
  request.mutable_mentors(2)->set_residence_country("ET");
  TANDEM_ASSERT_OK_AND_ASSIGN(auto written, profiles_.Call(&Stub::BatchUpsertMentors, request));
  TANDEM_ASSERT_OK_AND_ASSIGN(auto again, profiles_.Call(&Stub::BatchUpsertMentors, request));

  EXPECT_EQ(written.created_count(), 3);
  EXPECT_EQ(written.revision(), head + 1);
  EXPECT_EQ(again.unchanged_count(), 3);
  EXPECT_EQ(again.revision(), head + 1);
  EXPECT_THAT(written.names(), testing::ElementsAreArray(again.names()));
}

TEST_F(ProfilesServiceTest, ADeactivatedMentorStaysReadableAndCannotConfirm) {
  TANDEM_ASSERT_OK_AND_ASSIGN(v1::Mentor mentor,
                              profiles_.Create(ValidMentor("ext-1", "Amina Example")));
  v1::ConfirmMentorRequest confirm;
  confirm.set_name(mentor.name());
  TANDEM_ASSERT_OK_AND_ASSIGN(v1::Mentor confirmed, profiles_.Call(&Stub::ConfirmMentor, confirm));
  v1::DeactivateMentorRequest deactivate;
  deactivate.set_name(mentor.name());
  deactivate.set_reason_code("LEFT_PROGRAMME");
  TANDEM_ASSERT_OK(profiles_.Call(&Stub::DeactivateMentor, deactivate).status());
  const int64_t head = profiles_.Head();

  TANDEM_ASSERT_OK(profiles_.Call(&Stub::DeactivateMentor, deactivate).status());

  EXPECT_GT(confirmed.last_confirmed_time().seconds(), mentor.last_confirmed_time().seconds());
  EXPECT_EQ(profiles_.Head(), head);
  EXPECT_EQ(profiles_.Get(mentor.name())->state(), v1::PROFILE_STATE_INACTIVE);
  EXPECT_THAT(profiles_.Call(&Stub::ConfirmMentor, confirm),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("in use")));
}

TEST_F(ProfilesServiceTest, AMentorOutOfUseComesBackOnceAndAnErasedOneNever) {
  TANDEM_ASSERT_OK_AND_ASSIGN(v1::Mentor mentor,
                              profiles_.Create(ValidMentor("ext-1", "Amina Example")));
  v1::DeactivateMentorRequest deactivate;
  deactivate.set_name(mentor.name());
  TANDEM_ASSERT_OK_AND_ASSIGN(v1::Mentor out, profiles_.Call(&Stub::DeactivateMentor, deactivate));
  v1::ReactivateMentorRequest reactivate;
  reactivate.set_name(mentor.name());
  reactivate.set_reason_code("CAME_BACK");
  reactivate.set_etag(mentor.etag());
  EXPECT_THAT(profiles_.Call(&Stub::ReactivateMentor, reactivate),
              StatusIs(absl::StatusCode::kAborted));
  reactivate.set_etag(out.etag());

  TANDEM_ASSERT_OK_AND_ASSIGN(v1::Mentor back, profiles_.Call(&Stub::ReactivateMentor, reactivate));

  EXPECT_EQ(back.state(), v1::PROFILE_STATE_ACTIVE);
  EXPECT_EQ(back.identity().names(0).full_name(), "Amina Example");
  tandem::common::v1::ListChangesRequest list;
  list.set_after_revision(out.revision());
  TANDEM_ASSERT_OK_AND_ASSIGN(auto feed, profiles_.Call(&Stub::ListChanges, list));
  ASSERT_EQ(feed.changes_size(), 1);
  EXPECT_EQ(feed.changes(0).kind(), tandem::common::v1::CHANGE_KIND_REACTIVATED);
  EXPECT_EQ(feed.changes(0).reason_code(), "CAME_BACK");
  EXPECT_EQ(feed.changes(0).method(), "tandem.profiles.v1.ProfilesService/ReactivateMentor");
  reactivate.clear_etag();
  TANDEM_ASSERT_OK(profiles_.Call(&Stub::ReactivateMentor, reactivate).status());
  EXPECT_EQ(profiles_.Head(), back.revision()) << "repeating it changes nothing";

  v1::EraseMentorRequest erase;
  erase.set_name(mentor.name());
  erase.set_reason_code("PERSON_ASKED");
  TANDEM_ASSERT_OK(profiles_.Call(&Stub::EraseMentor, erase).status());
  EXPECT_THAT(profiles_.Call(&Stub::ReactivateMentor, reactivate),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("erased")));
  reactivate.set_name("mentors/none");
  EXPECT_THAT(profiles_.Call(&Stub::ReactivateMentor, reactivate),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(ProfilesServiceTest, ListsFilterByStateAndExternalId) {
  TANDEM_ASSERT_OK(profiles_.Create(ValidMentor("ext-1", "Amina Example")).status());
  TANDEM_ASSERT_OK(profiles_.Create(ValidMentor("ext-2", "Ben Example")).status());
  v1::ListMentorsRequest request;
  request.set_filter("external_id = \"ext-2\" AND state = \"ACTIVE\"");

  TANDEM_ASSERT_OK_AND_ASSIGN(auto page, profiles_.Call(&Stub::ListMentors, request));
  request.set_filter("identity = \"Amina\"");
  const absl::Status refused = profiles_.Call(&Stub::ListMentors, request).status();

  ASSERT_EQ(page.mentors_size(), 1);
  EXPECT_EQ(page.mentors(0).identity().names(0).full_name(), "Ben Example");
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("filter")));
}

TEST_F(ProfilesServiceTest, APageOfLongBiographiesEndsBeforeItIsTooLongForClients) {
  constexpr int kPeople = 400;
  v1::BatchUpsertMentorsRequest batch;
  for (int i = 0; i < kPeople; ++i) {
    v1::Mentor* mentor = batch.add_mentors();
    *mentor = ValidMentor(absl::StrCat("ext-", i), "Amina Example");
    std::string* biography = mentor->mutable_identity()->mutable_biography();
    for (int c = 0; c < 4000; ++c) biography->append("\u12A0");  // three bytes each
  }
  TANDEM_ASSERT_OK(profiles_.Call(&Stub::BatchUpsertMentors, batch).status());
  v1::ListMentorsRequest request;
  request.set_page_size(1000);

  std::set<std::string> listed;
  int pages = 0;
  do {
    TANDEM_ASSERT_OK_AND_ASSIGN(auto page, profiles_.Call(&Stub::ListMentors, request));
    EXPECT_LT(page.ByteSizeLong(), 4u << 20);
    for (const v1::Mentor& mentor : page.mentors()) listed.insert(mentor.external_id());
    request.set_page_token(page.next_page_token());
    ++pages;
  } while (!request.page_token().empty());

  EXPECT_THAT(listed, SizeIs(kPeople));
  EXPECT_GT(pages, 1);
}

TEST_F(ProfilesServiceTest, ValidateOnlyWritesNothing) {
  v1::CreateMentorRequest request;
  *request.mutable_mentor() = ValidMentor("ext-1", "Amina Example");
  request.set_validate_only(true);
  const int64_t head = profiles_.Head();

  TANDEM_ASSERT_OK(profiles_.Call(&Stub::CreateMentor, request).status());

  EXPECT_EQ(profiles_.Head(), head);
}

}  // namespace
}  // namespace tandem::profiles
