#include "services/common/feed_reader.h"

#include <memory>
#include <thread>
#include <utility>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/common/call_context.h"
#include "services/common/testing/test_call.h"
#include "storage/cancellation.h"
#include "storage/in_memory/in_memory_store.h"
#include "storage/store.h"

namespace tandem::common {
namespace {

using base::StatusIs;

// So that a reader that gathers shows by not coming back, whatever the time is.
constexpr FeedPace kForEver = {1000, 1 << 20, absl::InfiniteDuration()};

class FeedReaderTest : public ::testing::Test {
 protected:
  void Commit(int count) {
    for (int i = 0; i < count; ++i) {
      storage::Commit commit;
      commit.feed_entries = {"entry"};
      TANDEM_ASSERT_OK(store_->Apply(std::move(commit)).status());
    }
  }
  // The revisions of the next reading, first and last.
  std::pair<storage::Revision, storage::Revision> Next(FeedReader& reader) {
    const auto batch = reader.Next();
    EXPECT_TRUE(batch.ok()) << batch.status();
    if (!batch.ok()) return {0, 0};
    return {batch->commits.front().revision, batch->commits.back().revision};
  }

  const std::shared_ptr<storage::Store> store_ = storage::NewInMemoryStore();
  TestCall call_;
};

TEST_F(FeedReaderTest, ChangesThatComeAloneAreHandedOverAtOnce) {
  FeedReader reader(*store_, *call_, 0, kForEver);

  for (int i = 1; i <= 3; ++i) {
    Commit(1);
    EXPECT_EQ(Next(reader), std::make_pair(storage::Revision{i}, storage::Revision{i}));
  }
}

TEST_F(FeedReaderTest, AfterSeveralCommitsAtOnceItGathersUntilTheCallEnds) {
  FeedReader reader(*store_, *call_, 0, kForEver);
  Commit(2);
  EXPECT_EQ(Next(reader), std::make_pair(storage::Revision{1}, storage::Revision{2}));
  Commit(1);
  absl::Notification asked;
  absl::Status end;

  std::thread follower([&] {
    asked.Notify();
    end = reader.Next().status();
  });
  asked.WaitForNotification();
  call_.Cancel();
  follower.join();

  EXPECT_THAT(end, StatusIs(absl::StatusCode::kCancelled));
}

TEST_F(FeedReaderTest, WhatWasGatheredComesOnceAndInOrder) {
  FeedReader reader(*store_, *call_, 0, {1000, 1 << 20, absl::Milliseconds(1)});
  Commit(2);
  EXPECT_EQ(Next(reader), std::make_pair(storage::Revision{1}, storage::Revision{2}));
  Commit(3);

  EXPECT_EQ(Next(reader), std::make_pair(storage::Revision{3}, storage::Revision{5}));
  Commit(1);
  EXPECT_EQ(Next(reader), std::make_pair(storage::Revision{6}, storage::Revision{6}));
}

TEST_F(FeedReaderTest, AFollowerThatIsBehindCatchesUpWithoutAPause) {
  Commit(5);
  FeedReader reader(*store_, *call_, 0, {2, 1 << 20, absl::InfiniteDuration()});

  EXPECT_EQ(Next(reader), std::make_pair(storage::Revision{1}, storage::Revision{2}));
  EXPECT_EQ(Next(reader), std::make_pair(storage::Revision{3}, storage::Revision{4}));
  EXPECT_EQ(Next(reader), std::make_pair(storage::Revision{5}, storage::Revision{5}));
}

TEST_F(FeedReaderTest, GatheringEndsWithTheDeadlineOfTheCall) {
  storage::Cancellation never;
  Call details;
  details.deadline = absl::Now() + absl::Milliseconds(50);
  const CallContext call(details, &never);
  FeedReader reader(*store_, call, 0, kForEver);
  Commit(2);
  (void)reader.Next();  // the commits, unless the deadline has passed already

  EXPECT_THAT(reader.Next(), StatusIs(absl::StatusCode::kDeadlineExceeded));
}

TEST_F(FeedReaderTest, ARevisionThatIsNotKeptOrLiesAheadIsOutOfRange) {
  Commit(3);
  TANDEM_ASSERT_OK(store_->Trim(2));

  EXPECT_THAT(FeedReader(*store_, *call_, 1, {}).Next(), StatusIs(absl::StatusCode::kOutOfRange));
  EXPECT_THAT(FeedReader(*store_, *call_, 4, {}).Next(), StatusIs(absl::StatusCode::kOutOfRange));
}

}  // namespace
}  // namespace tandem::common
