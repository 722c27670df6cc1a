#include "services/common/resource_store.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/common/change_feed.h"
#include "services/common/errors.h"
#include "services/common/testing/test_call.h"
#include "storage/in_memory/in_memory_store.h"

namespace tandem::common {
namespace {

using base::StatusIs;
using ::testing::ElementsAre;

class ResourceStoreTest : public ::testing::Test {
 protected:
  ResourceStoreTest() : store_(storage::NewInMemoryStore()) { resources_ = OpenStore(); }

  std::unique_ptr<ResourceStore> OpenStore() {
    ResourceStoreOptions options;
    options.name = "needs";
    options.now = [this] { return now_; };
    return *ResourceStore::Open(store_, options);
  }

  // Adds 1 to the number under "n".
  absl::StatusOr<WriteOutcome> Increment(const CallContext& call,
                                         WriteMode mode = WriteMode::kCommit) {
    return resources_->Write(call, mode, [](const storage::Snapshot& snapshot, ChangeSet* changes) {
      const auto record = *snapshot.Get("n");
      int number = 0;
      if (record.has_value()) (void)absl::SimpleAtoi(record->value, &number);
      changes->Expect("n", record.has_value() ? record->revision : 0);
      changes->Put("n", absl::StrCat(number + 1));
      changes->AddChange("n", v1::CHANGE_KIND_UPDATED, "", "", "digest");
      changes->answer() = {{"n"}, 0, number + 1, 0};
      return absl::OkStatus();
    });
  }
  // Writes `value` under "n" unless it stands there.
  absl::StatusOr<WriteOutcome> Set(const CallContext& call, const std::string& value) {
    return resources_->Write(call, WriteMode::kCommit,
                             [&](const storage::Snapshot& snapshot, ChangeSet* changes) {
                               const auto record = *snapshot.Get("n");
                               const bool same = record.has_value() && record->value == value;
                               changes->answer() = {{"n"}, 0, same ? 0 : 1, same ? 1 : 0};
                               if (same) return absl::OkStatus();
                               changes->Expect("n", record.has_value() ? record->revision : 0);
                               changes->Put("n", value);
                               changes->AddChange("n", v1::CHANGE_KIND_UPDATED, "", "", "digest");
                               return absl::OkStatus();
                             });
  }
  std::string Number() { return (*(*store_->Latest())->Get("n"))->value; }

  absl::Time now_ = absl::FromUnixSeconds(1'800'000'000);
  std::shared_ptr<storage::Store> store_;
  std::unique_ptr<ResourceStore> resources_;
};

TEST_F(ResourceStoreTest, InterferingWritersAllGetThrough) {
  std::vector<std::thread> threads;
  std::atomic<int> failed = 0;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        if (!Increment(*TestCall()).ok()) ++failed;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  EXPECT_EQ(failed, 0);
  EXPECT_EQ(Number(), "400");
}

TEST_F(ResourceStoreTest, RepeatedRequestIsAnsweredWithoutASecondAttempt) {
  const TestCall call(WithRequestId("r1", "increment"));
  TANDEM_ASSERT_OK_AND_ASSIGN(const WriteOutcome first, Increment(*call));

  TANDEM_ASSERT_OK_AND_ASSIGN(const WriteOutcome again, Increment(*call));

  EXPECT_FALSE(first.repeated);
  EXPECT_TRUE(again.repeated);
  EXPECT_EQ(again.revision, first.revision);
  EXPECT_THAT(again.answer.names, ElementsAre("n"));
  EXPECT_EQ(again.answer.updated, 1);
  EXPECT_EQ(Number(), "1");
}

// Else the repetition of a call whose answer was lost would undo what somebody else did meanwhile.
TEST_F(ResourceStoreTest, RepeatedRequestThatChangedNothingChangesNothingLaterEither) {
  const TestCall call(WithRequestId("r1", "set to 1"));
  TANDEM_ASSERT_OK(Set(*TestCall(), "1"));
  TANDEM_ASSERT_OK_AND_ASSIGN(const WriteOutcome first, Set(*call, "1"));
  TANDEM_ASSERT_OK(Set(*TestCall(), "2"));

  TANDEM_ASSERT_OK_AND_ASSIGN(const WriteOutcome again, Set(*call, "1"));

  EXPECT_TRUE(again.repeated);
  EXPECT_EQ(again.revision, first.revision) << "the state that was answered";
  EXPECT_EQ(again.answer.unchanged, 1);
  EXPECT_EQ(Number(), "2");
  EXPECT_THAT(Set(*TestCall(WithRequestId("r1", "set to 3")), "3"),
              StatusIs(absl::StatusCode::kAlreadyExists));
}

TEST_F(ResourceStoreTest, RepetitionsAtTheSameTimeHappenOnce) {
  std::vector<std::thread> threads;
  std::atomic<int> fresh = 0, repeated = 0;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      const auto outcome = Increment(*TestCall(WithRequestId("r1", "increment")));
      if (outcome.ok()) ++(outcome->repeated ? repeated : fresh);
    });
  }
  for (std::thread& thread : threads) thread.join();

  EXPECT_EQ(fresh, 1);
  EXPECT_EQ(repeated, 7);
  EXPECT_EQ(Number(), "1");
}

TEST_F(ResourceStoreTest, AnswersAreKeptAcrossARestartUntilTheirTimeIsOver) {
  const TestCall call(WithRequestId("r1", "increment"));
  TANDEM_ASSERT_OK(Increment(*call));

  resources_ = OpenStore();
  EXPECT_TRUE(Increment(*call)->repeated);
  TANDEM_ASSERT_OK_AND_ASSIGN(const int64_t too_early, resources_->ForgetOldAnswers());
  EXPECT_EQ(too_early, 0);
  now_ += absl::Hours(7 * 24 + 1);
  TANDEM_ASSERT_OK_AND_ASSIGN(const int64_t forgotten, resources_->ForgetOldAnswers());
  EXPECT_EQ(forgotten, 1);
  EXPECT_FALSE(Increment(*call)->repeated);
}

TEST_F(ResourceStoreTest, OldAnswersGoWithLaterWrites) {
  TANDEM_ASSERT_OK(Increment(*TestCall(WithRequestId("r1", "increment"))));
  now_ += absl::Hours(8 * 24);
  TANDEM_ASSERT_OK(Increment(*TestCall()));

  TANDEM_ASSERT_OK_AND_ASSIGN(const int64_t left, resources_->ForgetOldAnswers());
  EXPECT_EQ(left, 0);
}

TEST_F(ResourceStoreTest, EqualRequestsHaveEqualDigestsThatOnlyTheStoreCanMake) {
  TANDEM_ASSERT_OK(Increment(*TestCall()));
  resources_ = OpenStore();
  TANDEM_ASSERT_OK(Increment(*TestCall()));
  v1::ListChangesRequest request;
  TANDEM_ASSERT_OK_AND_ASSIGN(const auto changes, ServeListChanges(*resources_, request));

  ASSERT_EQ(changes.changes_size(), 2);
  EXPECT_EQ(changes.changes(0).request_digest(), changes.changes(1).request_digest());
  store_ = storage::NewInMemoryStore();
  resources_ = OpenStore();
  TANDEM_ASSERT_OK(Increment(*TestCall()));
  TANDEM_ASSERT_OK_AND_ASSIGN(const auto others, ServeListChanges(*resources_, request));
  EXPECT_NE(others.changes(0).request_digest(), changes.changes(0).request_digest());
}

TEST_F(ResourceStoreTest, ValidateOnlyAndCancelledCallsCommitNothing) {
  const storage::Revision before = store_->Revisions().head;
  TestCall cancelled;
  cancelled.Cancel();

  TANDEM_EXPECT_OK(Increment(*TestCall(), WriteMode::kValidateOnly));
  EXPECT_THAT(Increment(*cancelled), StatusIs(absl::StatusCode::kCancelled));

  EXPECT_EQ(store_->Revisions().head, before);
}

TEST_F(ResourceStoreTest, FailedPreparationEndsTheWrite) {
  const storage::Revision before = store_->Revisions().head;

  const auto outcome = resources_->Write(
      *TestCall(), WriteMode::kCommit, [](const storage::Snapshot&, ChangeSet* changes) {
        changes->Put("n", "1");
        changes->BeforeCommit([] { return absl::UnavailableError("no key"); });
        return absl::OkStatus();
      });

  EXPECT_THAT(outcome, StatusIs(absl::StatusCode::kUnavailable, "no key"));
  EXPECT_EQ(store_->Revisions().head, before);
}

TEST_F(ResourceStoreTest, AFullDiskUnderAPreparationIsToldAsOneUnderTheStore) {
  const auto outcome = resources_->Write(
      *TestCall(), WriteMode::kCommit, [](const storage::Snapshot&, ChangeSet* changes) {
        changes->Put("n", "1");
        changes->BeforeCommit([] { return absl::ResourceExhaustedError("no space"); });
        return absl::OkStatus();
      });

  EXPECT_THAT(outcome, StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_EQ(ErrorDetailOf(outcome.status())->reason, "STORE_FULL");
}

TEST_F(ResourceStoreTest, ClosedStoreIsUnavailableWithAReason) {
  TANDEM_ASSERT_OK(store_->Close());

  const absl::Status status = Increment(*TestCall()).status();

  EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(ErrorDetailOf(status)->reason, "STORE_UNAVAILABLE");
}

}  // namespace
}  // namespace tandem::common
