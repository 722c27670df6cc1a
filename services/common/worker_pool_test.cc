#include "services/common/worker_pool.h"

#include <atomic>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace tandem::common {
namespace {

constexpr absl::Duration kHangGuard = absl::Seconds(60);

TEST(WorkerPoolTest, RunsOnAllThreadsAtOnce) {
  WorkerPool pool(4, 0);
  absl::BlockingCounter running(4);
  absl::Notification release;
  for (int i = 0; i < 4; ++i) {
    EXPECT_TRUE(pool.TryRun([&] {
      running.DecrementCount();
      release.WaitForNotificationWithTimeout(kHangGuard);
    }));
  }
  running.Wait();

  EXPECT_FALSE(pool.TryRun([] {}));
  release.Notify();
}

TEST(WorkerPoolTest, QueueTakesItsCapacityAndRefusesTheRest) {
  WorkerPool pool(1, 2);
  absl::Notification started, release;
  std::atomic<int> ran = 0;
  ASSERT_TRUE(pool.TryRun([&] {
    started.Notify();
    release.WaitForNotificationWithTimeout(kHangGuard);
  }));
  started.WaitForNotification();

  EXPECT_TRUE(pool.TryRun([&] { ++ran; }));
  EXPECT_TRUE(pool.TryRun([&] { ++ran; }));
  EXPECT_FALSE(pool.TryRun([&] { ++ran; }));
  release.Notify();
  pool.Stop();

  EXPECT_EQ(ran, 2);
}

TEST(WorkerPoolTest, StoppedPoolRefuses) {
  WorkerPool pool(1, 10);
  pool.Stop();

  EXPECT_FALSE(pool.TryRun([] {}));
}

}  // namespace
}  // namespace tandem::common
