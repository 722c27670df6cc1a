#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "storage/contract_test_suite.h"

namespace tandem::storage {
namespace {

using base::IsOk;
using base::StatusIs;
using testing::ElementsAre;
using testing::HasSubstr;

TEST_P(StoreContract, FeedHasOneRecordPerCommitInOrder) {
  Commit first = Put("a", "1");
  first.feed_entries = {"one", "two", std::string("\0three", 6)};
  Apply(first);
  Commit second = Put("a", "2");
  second.feed_entries.clear();
  Apply(second);
  ReopenIfDurable();

  const absl::StatusOr<FeedBatch> batch = store_->ReadFeed(0, 10, 1000);

  ASSERT_THAT(batch, IsOk());
  EXPECT_EQ(batch->head, 2);
  ASSERT_EQ(batch->commits.size(), 2u);
  EXPECT_EQ(batch->commits[0].revision, 1);
  EXPECT_THAT(batch->commits[0].entries, ElementsAre("one", "two", std::string("\0three", 6)));
  EXPECT_EQ(batch->commits[1].revision, 2);
  EXPECT_THAT(batch->commits[1].entries, testing::IsEmpty());
}

TEST_P(StoreContract, RefusedCommitsLeaveNoTraceInTheFeed) {
  Apply(Put("a", "1"));
  EXPECT_THAT(store_->Apply(PutAt(0, "a", "2")), StatusIs(absl::StatusCode::kAborted));
  Apply(Put("b", "1"));
  const absl::StatusOr<FeedBatch> batch = store_->ReadFeed(0, 10, 1000);
  ASSERT_THAT(batch, IsOk());
  ASSERT_EQ(batch->commits.size(), 2u);
  EXPECT_THAT(batch->commits[1].entries, ElementsAre("b=1"));
}

TEST_P(StoreContract, FeedBatchesAreBoundedButNeverEmptyBeforeTheHead) {
  for (int i = 0; i < 5; ++i) Apply(Put(absl::StrCat("k", i), std::string(100, 'x')));
  EXPECT_EQ((*store_->ReadFeed(0, 2, 100000)).commits.size(), 2u);
  EXPECT_EQ((*store_->ReadFeed(0, 10, 250)).commits.size(), 2u);
  EXPECT_EQ((*store_->ReadFeed(3, 10, 1)).commits.size(), 1u);
  EXPECT_EQ((*store_->ReadFeed(5, 10, 1)).commits.size(), 0u);
  EXPECT_THAT(store_->ReadFeed(0, 0, 1), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(store_->ReadFeed(0, 1, 0), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_P(StoreContract, FollowerThatResumesSkipsAndRepeatsNothing) {
  constexpr int kCommits = 60;
  std::vector<std::string> seen;
  Revision after = 0;
  for (int i = 1; i <= kCommits; ++i) {
    Apply(Put("k", absl::StrCat(i)));
    if (i % 7 != 0) continue;
    ReopenIfDurable();
    const absl::StatusOr<FeedBatch> batch = store_->ReadFeed(after, 5, 1000);
    ASSERT_THAT(batch, IsOk());
    for (const FeedRecord& record : batch->commits) seen.push_back(record.entries.at(0));
    after = batch->commits.back().revision;
  }
  const absl::StatusOr<std::vector<FeedRecord>> rest = ReadWholeFeed(*store_, after);
  ASSERT_THAT(rest, IsOk());
  for (const FeedRecord& record : *rest) seen.push_back(record.entries.at(0));
  ASSERT_EQ(seen.size(), static_cast<size_t>(kCommits));
  for (int i = 1; i <= kCommits; ++i) EXPECT_EQ(seen[i - 1], absl::StrCat("k=", i));
}

TEST_P(StoreContract, TrimmedFeedSaysListThenFollow) {
  for (int i = 0; i < 4; ++i) Apply(Put("a", absl::StrCat(i)));
  EXPECT_THAT(store_->Trim(3), IsOk());
  ReopenIfDurable();
  EXPECT_THAT(store_->ReadFeed(2, 10, 1000),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("list the newest state")));
  EXPECT_EQ((*store_->ReadFeed(3, 10, 1000)).commits.at(0).revision, 4);
  EXPECT_THAT(store_->ReadFeed(5, 10, 1000), StatusIs(absl::StatusCode::kOutOfRange));
}

TEST_P(StoreContract, WaitReturnsAtOnceForAPastCommit) {
  Apply(Put("a", "1"));
  EXPECT_THAT(store_->WaitForCommit(0, absl::InfiniteFuture()), IsOk());
}

TEST_P(StoreContract, WaitEndsWithTheNextCommit) {
  std::atomic<bool> woken{false};
  std::thread waiter([&] {
    EXPECT_THAT(store_->WaitForCommit(0, absl::InfiniteFuture()), IsOk());
    woken = true;
  });
  EXPECT_FALSE(woken);
  Apply(Put("a", "1"));
  waiter.join();
  EXPECT_TRUE(woken);
}

TEST_P(StoreContract, WaitEndsAtItsDeadline) {
  EXPECT_THAT(store_->WaitForCommit(0, absl::Now() + absl::Milliseconds(20)),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
}

TEST_P(StoreContract, WaitEndsWhenCancelledBeforeOrMeanwhile) {
  Cancellation cancellation;
  std::thread waiter([&] {
    EXPECT_THAT(store_->WaitForCommit(0, absl::InfiniteFuture(), &cancellation),
                StatusIs(absl::StatusCode::kCancelled));
  });
  absl::SleepFor(absl::Milliseconds(10));
  cancellation.Cancel();
  waiter.join();
  EXPECT_THAT(store_->WaitForCommit(0, absl::InfiniteFuture(), &cancellation),
              StatusIs(absl::StatusCode::kCancelled));
}

TEST_P(StoreContract, WaitEndsWhenTheStoreCloses) {
  std::thread waiter([&] {
    EXPECT_THAT(store_->WaitForCommit(0, absl::InfiniteFuture()),
                StatusIs(absl::StatusCode::kCancelled));
  });
  absl::SleepFor(absl::Milliseconds(10));
  EXPECT_THAT(store_->Close(), IsOk());
  waiter.join();
}

TEST_P(StoreContract, FollowerSeesEveryCommitOfConcurrentWriters) {
  constexpr int kWriters = 8;
  constexpr int kEach = 40;
  std::vector<std::thread> writers;
  for (int i = 0; i < kWriters; ++i) {
    writers.emplace_back([&, i] {
      for (int j = 0; j < kEach; ++j) Apply(Put(absl::StrCat(i), absl::StrCat(j)));
    });
  }
  Revision after = 0;
  std::vector<int> next(kWriters, 0);  // the number that each writer must send next
  while (after < kWriters * kEach) {
    ASSERT_THAT(store_->WaitForCommit(after, absl::InfiniteFuture()), IsOk());
    const absl::StatusOr<FeedBatch> batch = store_->ReadFeed(after, 16, 1000);
    ASSERT_THAT(batch, IsOk());
    for (const FeedRecord& record : batch->commits) {
      ASSERT_EQ(record.revision, ++after);
      const int writer = record.entries.at(0)[0] - '0';
      EXPECT_EQ(record.entries.at(0), absl::StrCat(writer, "=", next[writer]++));
    }
  }
  for (std::thread& writer : writers) writer.join();
}

}  // namespace
}  // namespace tandem::storage
