#include "services/common/resource_table.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/common/errors.h"
#include "services/common/testing/programme_table.h"
#include "services/common/testing/test_call.h"
#include "services/common/validation.h"

namespace tandem::common {
namespace {

using base::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(ResourceTableTest, CreatedResourceHasWhatTheServerSets) {
  Programme content = MakeProgramme("p1", "LDC");
  content.set_name("programmes/mine");
  content.set_state(needs::v1::RECORD_STATE_INACTIVE);
  content.set_description("apart");

  TANDEM_ASSERT_OK_AND_ASSIGN(const Programme created, table_->Create(*TestCall(), content, false));

  EXPECT_TRUE(IsResourceName(created.name(), "programmes"));
  EXPECT_NE(created.name(), "programmes/mine");
  EXPECT_EQ(created.state(), needs::v1::RECORD_STATE_ACTIVE);
  EXPECT_EQ(created.revision(), Head());
  EXPECT_FALSE(created.etag().empty());
  EXPECT_GT(created.create_time().seconds(), 1'800'000'000);
  TANDEM_ASSERT_OK_AND_ASSIGN(const Programme read, table_->Get(created.name(), 0));
  EXPECT_EQ(read.SerializeAsString(), created.SerializeAsString());
}

TEST_F(ResourceTableTest, WhatIsSplitOffIsNotInTheRecord) {
  Programme content = MakeProgramme("p1", "LDC");
  content.set_description("canary");
  const Programme created = *table_->Create(*TestCall(), content, false);

  TANDEM_ASSERT_OK_AND_ASSIGN(const auto snapshot, store_->Latest());
  TANDEM_ASSERT_OK_AND_ASSIGN(const auto record, snapshot->Get(created.name()));
  EXPECT_THAT(record->value, Not(HasSubstr("canary")));
  EXPECT_EQ(table_->Get(created.name(), 0)->description(), "canary");
}

TEST_F(ResourceTableTest, EveryViolatedFieldIsNamedAndNothingWritten) {
  const storage::Revision before = Head();
  Programme content = MakeProgramme("p1", "");
  content.set_impact("two\nlines");

  const absl::Status status = table_->Create(*TestCall(), content, false).status();

  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument));
  const std::vector<FieldViolation> violations = FieldViolationsOf(status);
  ASSERT_EQ(violations.size(), 2u);
  EXPECT_EQ(violations[0].field, "programme.display_name");
  EXPECT_EQ(violations[1].field, "programme.impact");
  EXPECT_EQ(Head(), before);
}

TEST_F(ResourceTableTest, SecondCreateWithTheSameExternalIdIsRefused) {
  const Programme first = MustCreate("p1", "LDC");

  EXPECT_THAT(table_->Create(*TestCall(), MakeProgramme("p1", "Other"), false),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr(first.name())));
}

TEST_F(ResourceTableTest, ValidateOnlyWritesNothing) {
  const storage::Revision before = Head();

  TANDEM_ASSERT_OK_AND_ASSIGN(const Programme checked,
                              table_->Create(*TestCall(), MakeProgramme("p1", "LDC"), true));

  EXPECT_EQ(checked.name(), "");
  EXPECT_EQ(Head(), before);
}

TEST_F(ResourceTableTest, UpdateChangesExactlyTheMaskedFields) {
  Programme created = MustCreate("p1", "LDC");
  Programme edit = created;
  edit.set_display_name("New");
  edit.set_impact("not in the mask");

  TANDEM_ASSERT_OK_AND_ASSIGN(const Programme updated,
                              table_->Update(*TestCall(), edit, Mask({"display_name"}), false));

  EXPECT_EQ(updated.display_name(), "New");
  EXPECT_EQ(updated.impact(), "");
  EXPECT_NE(updated.etag(), created.etag());
  EXPECT_EQ(updated.create_time().seconds(), created.create_time().seconds());
  EXPECT_GT(updated.update_time().seconds(), created.update_time().seconds());
  EXPECT_EQ(table_->Get(created.name(), created.revision())->display_name(), "LDC");
}

TEST_F(ResourceTableTest, UpdateWithAStaleEtagIsAbortedAndNamesTheCurrentOne) {
  const Programme created = MustCreate("p1", "LDC");
  Programme edit = created;
  edit.set_display_name("Second");
  const Programme second = *table_->Update(*TestCall(), edit, Mask({"display_name"}), false);

  const absl::Status status =
      table_->Update(*TestCall(), edit, Mask({"display_name"}), false).status();

  EXPECT_THAT(status, StatusIs(absl::StatusCode::kAborted));
  EXPECT_EQ(ErrorDetailOf(status)->metadata.at("current_etag"), second.etag());
}

TEST_F(ResourceTableTest, UpdateThatChangesNothingCommitsNothing) {
  const Programme created = MustCreate("p1", "LDC");
  const storage::Revision before = Head();

  TANDEM_ASSERT_OK_AND_ASSIGN(const Programme same,
                              table_->Update(*TestCall(), created, Mask({"*"}), false));

  EXPECT_EQ(same.etag(), created.etag());
  EXPECT_EQ(Head(), before);
}

TEST_F(ResourceTableTest, MasksOfUnknownOrServerFieldsAreRefused) {
  Programme edit = MustCreate("p1", "LDC");
  edit.clear_etag();
  for (const auto& paths : std::vector<std::vector<std::string>>{
           {}, {"nothing"}, {"state"}, {"name"}, {"etag"}, {"outcomes.title"}, {"*", "impact"}}) {
    EXPECT_THAT(table_->Update(*TestCall(), edit, Mask(paths), false),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("update_mask")));
  }
}

TEST_F(ResourceTableTest, AnUpdateNamesABadNameAndABadMaskAtOnce) {
  Programme edit = MustCreate("p1", "LDC");
  edit.set_name("mentors/x");

  const absl::Status status =
      table_->Update(*TestCall(), edit, Mask({"nothing", "state"}), false).status();

  std::vector<std::string> fields;
  for (const FieldViolation& violation : FieldViolationsOf(status)) {
    fields.push_back(violation.field);
  }
  EXPECT_EQ(fields, (std::vector<std::string>{"programme.name", "update_mask", "update_mask"}));
}

TEST_F(ResourceTableTest, UpsertCreatesThenReplacesThenLeavesAlone) {
  TANDEM_ASSERT_OK_AND_ASSIGN(auto first,
                              table_->Upsert(*TestCall(), MakeProgramme("p1", "LDC"), false));
  EXPECT_TRUE(first.created);
  TANDEM_ASSERT_OK_AND_ASSIGN(auto second,
                              table_->Upsert(*TestCall(), MakeProgramme("p1", "New"), false));
  EXPECT_TRUE(second.updated);
  EXPECT_FALSE(second.created);
  EXPECT_EQ(second.resource.name(), first.resource.name());
  const storage::Revision before = Head();
  TANDEM_ASSERT_OK_AND_ASSIGN(auto third,
                              table_->Upsert(*TestCall(), MakeProgramme("p1", "New"), false));
  EXPECT_FALSE(third.updated);
  EXPECT_EQ(third.resource.etag(), second.resource.etag());
  EXPECT_EQ(Head(), before);
}

TEST_F(ResourceTableTest, BatchIsOneCommitAndAllOrNothing) {
  MustCreate("p1", "LDC");
  MustCreate("p2", "Same");
  google::protobuf::RepeatedPtrField<Programme> batch;
  *batch.Add() = MakeProgramme("p1", "Changed");
  *batch.Add() = MakeProgramme("p2", "Same");
  *batch.Add() = MakeProgramme("p3", "");
  const storage::Revision before = Head();

  const absl::Status refused = table_->BatchUpsert(*TestCall(), batch, false).status();
  ASSERT_EQ(FieldViolationsOf(refused).size(), 1u);
  EXPECT_EQ(FieldViolationsOf(refused)[0].field, "programmes[2].display_name");
  EXPECT_EQ(Head(), before);

  batch[2].set_display_name("Three");
  TANDEM_ASSERT_OK_AND_ASSIGN(const WriteOutcome outcome,
                              table_->BatchUpsert(*TestCall(), batch, false));
  EXPECT_EQ(outcome.answer.created, 1);
  EXPECT_EQ(outcome.answer.updated, 1);
  EXPECT_EQ(outcome.answer.unchanged, 1);
  EXPECT_EQ(outcome.revision, before + 1);
  EXPECT_EQ(table_->Get(outcome.answer.names[2], 0)->display_name(), "Three");
  EXPECT_EQ(ChangesAfter(before).size(), 2u);
}

TEST_F(ResourceTableTest, BatchWithAnExternalIdTwiceIsRefused) {
  google::protobuf::RepeatedPtrField<Programme> batch;
  *batch.Add() = MakeProgramme("p1", "A");
  *batch.Add() = MakeProgramme("p1", "B");

  EXPECT_THAT(table_->BatchUpsert(*TestCall(), batch, false),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("[1].external_id")));
}

TEST_F(ResourceTableTest, RepeatedRequestGetsItsFirstAnswer) {
  const TestCall call(WithRequestId("r1", "create LDC"));
  const Programme first = *table_->Create(*call, MakeProgramme("p1", "LDC"), false);
  Programme edit = first;
  edit.set_display_name("Later");
  TANDEM_ASSERT_OK(table_->Update(*TestCall(), edit, Mask({"display_name"}), false));
  const storage::Revision before = Head();

  TANDEM_ASSERT_OK_AND_ASSIGN(const Programme repeated,
                              table_->Create(*call, MakeProgramme("p1", "LDC"), false));

  EXPECT_EQ(repeated.SerializeAsString(), first.SerializeAsString());
  EXPECT_EQ(Head(), before);
}

TEST_F(ResourceTableTest, RequestIdWithAnotherBodyIsRefusedButOthersMayUseIt) {
  TANDEM_ASSERT_OK(
      table_->Create(*TestCall(WithRequestId("r1", "a")), MakeProgramme("p1", "A"), false));

  const absl::Status reused =
      table_->Create(*TestCall(WithRequestId("r1", "b")), MakeProgramme("p2", "B"), false).status();
  EXPECT_THAT(reused, StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_EQ(ErrorDetailOf(reused)->reason, "REQUEST_ID_REUSED");

  TestCallOptions other = WithRequestId("r1", "b");
  other.actor = "unauthenticated: somebody else";
  TANDEM_EXPECT_OK(table_->Create(*TestCall(other), MakeProgramme("p2", "B"), false));
}

TEST_F(ResourceTableTest, EveryWriteOfACallThatOnlyValidatesCommitsNothing) {
  const Programme created = MustCreate("p1", "LDC");
  const storage::Revision before = Head();
  TestCallOptions options = WithRequestId("r1", "body");
  options.validate_only = true;

  TANDEM_ASSERT_OK_AND_ASSIGN(
      const Programme would_be,
      table_->Deactivate(*TestCall(options), created.name(), created.etag(), "ENDED"));
  EXPECT_THAT(table_->Deactivate(*TestCall(options), created.name(), "old", "ENDED"),
              StatusIs(absl::StatusCode::kAborted));

  EXPECT_EQ(would_be.state(), needs::v1::RECORD_STATE_INACTIVE);
  EXPECT_EQ(would_be.revision(), created.revision());
  EXPECT_EQ(Head(), before);
  EXPECT_EQ(table_->Get(created.name(), 0)->state(), needs::v1::RECORD_STATE_ACTIVE);
  // The request_id is still free for the write itself.
  TANDEM_EXPECT_OK(
      table_->Deactivate(*TestCall(WithRequestId("r1", "other")), created.name(), "", "ENDED"));
}

TEST_F(ResourceTableTest, DeactivationKeepsTheHistoryAndHappensOnce) {
  const Programme created = MustCreate("p1", "LDC");
  TANDEM_ASSERT_OK_AND_ASSIGN(
      const Programme inactive,
      table_->Deactivate(*TestCall(), created.name(), created.etag(), "ENDED"));
  EXPECT_EQ(inactive.state(), needs::v1::RECORD_STATE_INACTIVE);
  const storage::Revision before = Head();

  TANDEM_EXPECT_OK(table_->Deactivate(*TestCall(), created.name(), "", "ENDED"));
  EXPECT_EQ(Head(), before);
  const std::vector<v1::Change> changes = ChangesAfter(created.revision());
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].kind(), v1::CHANGE_KIND_DEACTIVATED);
  EXPECT_EQ(changes[0].reason_code(), "ENDED");
  EXPECT_THAT(table_->Deactivate(*TestCall(), created.name(), "", "not a code"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("reason_code")));
}

TEST_F(ResourceTableTest, ConcurrentEditsWithoutEtagAllHappen) {
  Programme programme = MustCreate("p1", "A");
  programme.clear_etag();
  const storage::Revision before = Head();
  std::vector<std::thread> threads;
  std::atomic<int> failed = 0;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) {
        Programme edit = programme;
        edit.set_display_name(absl::StrCat("T", t, "-", i));
        if (!table_->Update(*TestCall(), edit, Mask({"display_name"}), false).ok()) ++failed;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  EXPECT_EQ(failed, 0);
  EXPECT_EQ(Head(), before + 160);
}

TEST_F(ResourceTableTest, FeedTellsWhoDidWhatWithoutContent) {
  const storage::Revision before = Head();
  TestCallOptions options = WithRequestId("r7", "secret body");
  options.method = "tandem.needs.v1.NeedsService/CreateProgramme";
  const Programme created =
      *table_->Create(*TestCall(options), MakeProgramme("p1", "Canary"), false);

  const std::vector<v1::Change> changes = ChangesAfter(before);

  ASSERT_EQ(changes.size(), 1u);
  const v1::Change& change = changes[0];
  EXPECT_EQ(change.store(), "needs");
  EXPECT_EQ(change.revision(), created.revision());
  EXPECT_EQ(change.actor(), options.actor);
  EXPECT_EQ(change.role(), v1::ROLE_STAFF);
  EXPECT_EQ(change.method(), options.method);
  EXPECT_EQ(change.resource(), created.name());
  EXPECT_EQ(change.kind(), v1::CHANGE_KIND_CREATED);
  EXPECT_EQ(change.request_id(), "r7");
  EXPECT_EQ(change.request_digest().size(), 64u);
  EXPECT_EQ(change.before_digest(), "");
  EXPECT_EQ(change.after_digest().size(), 64u);
  EXPECT_THAT(change.SerializeAsString(), Not(HasSubstr("Canary")));
}

}  // namespace
}  // namespace tandem::common
