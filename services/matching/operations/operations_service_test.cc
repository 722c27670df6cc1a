#include "services/matching/operations/operations_service.h"

#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "google/longrunning/operations.pb.h"
#include "gtest/gtest.h"
#include "services/common/change_set.h"
#include "services/common/errors.h"
#include "services/common/resource_store.h"
#include "services/common/testing/test_call.h"
#include "services/matching/operations/runner.h"
#include "services/matching/records/keys.h"
#include "services/matching/records/record_io.h"
#include "storage/in_memory/in_memory_store.h"
#include "tandem/matching/v1/stored.pb.h"

namespace tandem::matching {
namespace {

using common::TestCall;

constexpr int kWaitsOfACaller = 4;

class OperationsServiceTest : public ::testing::Test {
 protected:
  void Add(const v1::StoredOperation& operation) {
    TANDEM_ASSERT_OK(resources_
                         ->Write(*TestCall(), common::WriteMode::kCommit,
                                 [&](const storage::Snapshot&, common::ChangeSet* changes) {
                                   PutRecord(OperationKey(operation.name()), 0, operation, changes);
                                   return absl::OkStatus();
                                 })
                         .status());
  }

  const std::unique_ptr<common::ResourceStore> resources_ =
      *common::ResourceStore::Open(storage::NewInMemoryStore(), {});
  OperationRunner runner_{1};
  // Operations that ended with an error have no run to read.
  OperationsService operations_{resources_.get(), nullptr, &runner_};
};

TEST_F(OperationsServiceTest, APageEndsEarlyRatherThanGrowBeyondWhatClientsTake) {
  constexpr int kOperations = 8;
  for (int i = 0; i < kOperations; ++i) {
    v1::StoredOperation ended;
    ended.set_name(absl::StrCat("operations/", i));
    ended.set_done(true);
    ended.mutable_error()->set_code(static_cast<int>(absl::StatusCode::kAborted));
    ended.mutable_error()->set_message(std::string(1'000'000, 'x'));
    Add(ended);
  }
  const TestCall call;
  std::set<std::string> names;
  google::longrunning::ListOperationsRequest request;
  do {
    TANDEM_ASSERT_OK_AND_ASSIGN(const auto page, operations_.List(*call, request));
    EXPECT_LE(page.operations_size(), 3);
    ASSERT_GE(page.operations_size(), 1);
    for (const auto& operation : page.operations()) names.insert(operation.name());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());

  EXPECT_EQ(names.size(), static_cast<size_t>(kOperations));
}

TEST_F(OperationsServiceTest, AnOperationMustBeNamed) {
  EXPECT_TRUE(absl::IsInvalidArgument(operations_.Get("").status()));
  EXPECT_TRUE(absl::IsNotFound(operations_.Get("operations/1").status()));
}

TEST_F(OperationsServiceTest, ACallerWhoWaitsAgainAndAgainIsToldToAskLater) {
  absl::Notification release;
  TANDEM_ASSERT_OK(
      runner_.Start("operations/1", [&](OperationControl&) { release.WaitForNotification(); }));
  v1::StoredOperation under_way;
  under_way.set_name("operations/1");
  Add(under_way);
  google::longrunning::WaitOperationRequest request;
  request.set_name("operations/1");
  std::vector<std::thread> waiting;
  for (int i = 0; i < kWaitsOfACaller; ++i) {
    waiting.emplace_back([&] {
      // The one more may have the last place for a moment.
      while (absl::IsResourceExhausted(operations_.Wait(*TestCall(), request).status())) {
      }
    });
  }

  // Until all of them wait, one more waits its millisecond.
  google::longrunning::WaitOperationRequest one_more = request;
  one_more.mutable_timeout()->set_nanos(1'000'000);
  absl::Status refused;
  while (refused.ok()) refused = operations_.Wait(*TestCall(), one_more).status();

  EXPECT_EQ(common::ErrorDetailOf(refused)->reason, "SERVER_BUSY");
  EXPECT_TRUE(common::RetryAfterOf(refused).has_value());
  common::TestCallOptions other;
  other.actor = "unauthenticated: another";
  TANDEM_EXPECT_OK(operations_.Wait(*TestCall(other), one_more).status());
  TANDEM_EXPECT_OK(operations_.Get("operations/1").status());
  release.Notify();
  for (std::thread& thread : waiting) thread.join();
}

}  // namespace
}  // namespace tandem::matching
