#include "services/common/change_feed.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/common/testing/test_call.h"
#include "storage/in_memory/in_memory_store.h"

namespace tandem::common {
namespace {

using base::StatusIs;

// Collects what is streamed, and cancels the call after `limit` messages.
class Collector : public StreamWriter<v1::WatchChangesResponse> {
 public:
  explicit Collector(size_t limit) : limit_(limit) {}
  bool Write(const v1::WatchChangesResponse& response) override {
    steps.push_back(response);
    return steps.size() < limit_;
  }
  std::vector<v1::WatchChangesResponse> steps;

 private:
  const size_t limit_;
};

class ChangeFeedTest : public ::testing::Test {
 protected:
  ChangeFeedTest() : store_(storage::NewInMemoryStore()) {
    ResourceStoreOptions options;
    options.name = "needs";
    resources_ = *ResourceStore::Open(store_, options);  // commits its key as revision 1
  }

  storage::Revision Commit(int changes) {
    return resources_
        ->Write(*TestCall(), WriteMode::kCommit,
                [&](const storage::Snapshot&, ChangeSet* set) {
                  for (int i = 0; i < changes; ++i) {
                    set->AddChange(absl::StrCat("items/", i), v1::CHANGE_KIND_CREATED, "", "", "");
                  }
                  return absl::OkStatus();
                })
        ->revision;
  }
  absl::StatusOr<v1::ListChangesResponse> List(int64_t after, int page_size) {
    v1::ListChangesRequest request;
    request.set_after_revision(after);
    request.set_page_size(page_size);
    return ServeListChanges(*resources_, request);
  }

  std::shared_ptr<storage::Store> store_;
  std::unique_ptr<ResourceStore> resources_;
};

TEST_F(ChangeFeedTest, PagesHoldWholeCommitsAndLeaveNothingOut) {
  for (int i = 1; i <= 5; ++i) Commit(i);
  int64_t after = 0;
  std::vector<std::string> seen;
  while (true) {
    TANDEM_ASSERT_OK_AND_ASSIGN(const auto page, List(after, 2));
    for (const v1::Change& change : page.changes()) {
      seen.push_back(absl::StrCat(change.revision(), ".", change.position()));
      EXPECT_EQ(change.store(), "needs");
      EXPECT_EQ(change.actor(), "unauthenticated: test");
      EXPECT_GT(change.commit_time().seconds(), 0);
    }
    if (page.revision() == after) break;
    after = page.revision();
  }

  EXPECT_EQ(after, 6);
  ASSERT_EQ(seen.size(), 15u);
  EXPECT_EQ(seen.front(), "2.0");
  EXPECT_EQ(seen.back(), "6.4");
}

TEST_F(ChangeFeedTest, TrimmedAndFutureRevisionsAreOutOfRange) {
  Commit(1);
  const storage::Revision head = Commit(1);
  TANDEM_ASSERT_OK(store_->Trim(head));

  EXPECT_THAT(List(0, 0), StatusIs(absl::StatusCode::kOutOfRange));
  EXPECT_THAT(List(head + 1, 0), StatusIs(absl::StatusCode::kOutOfRange));
  EXPECT_THAT(List(-1, 0), StatusIs(absl::StatusCode::kInvalidArgument));
  TANDEM_ASSERT_OK_AND_ASSIGN(const auto empty, List(head, 0));
  EXPECT_EQ(empty.revision(), head);
}

TEST_F(ChangeFeedTest, FollowerEndsWithItsReaderAndWithItsCall) {
  const storage::Revision head = Commit(2);
  Collector one(1);
  v1::WatchChangesRequest request;

  EXPECT_THAT(ServeWatchChanges(*resources_, *TestCall(), request, one),
              StatusIs(absl::StatusCode::kCancelled));
  ASSERT_EQ(one.steps.size(), 1u);
  EXPECT_EQ(one.steps[0].revision(), head);
  EXPECT_EQ(one.steps[0].changes_size(), 2);

  TestCall cancelled;
  cancelled.Cancel();
  Collector none(1);
  request.set_after_revision(head);
  EXPECT_THAT(ServeWatchChanges(*resources_, *cancelled, request, none),
              StatusIs(absl::StatusCode::kCancelled));
  EXPECT_TRUE(none.steps.empty());
}

TEST_F(ChangeFeedTest, RecordThatIsNotUnderstoodIsDataLoss) {
  storage::FeedRecord record;
  record.revision = 5;
  record.entries = {"\xFF\xFF"};

  EXPECT_THAT(ChangesOf("needs", record), StatusIs(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace tandem::common
