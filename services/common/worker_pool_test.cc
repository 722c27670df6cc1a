#include "services/common/worker_pool.h"

#include <atomic>
#include <thread>
#include <vector>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
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

TEST(WorkerPoolTest, EveryJobThatIsTakenRunsOnceWhoeverSleepsOrWakes) {
  constexpr int kProducers = 4;
  constexpr int kJobs = 5000;  // of each
  std::vector<std::atomic<int>> ran(kProducers * kJobs);
  std::atomic<int> taken = 0;
  std::atomic<int> done = 0;
  WorkerPool pool(8, kProducers * kJobs);
  std::vector<std::thread> producers;
  for (int producer = 0; producer < kProducers; ++producer) {
    producers.emplace_back([&, producer] {
      for (int job = 0; job < kJobs; ++job) {
        std::atomic<int>* const count = &ran[static_cast<size_t>(producer * kJobs + job)];
        if (pool.TryRun([count, &done] {
              ++*count;
              ++done;
            })) {
          ++taken;
        }
        // So that the threads run out of jobs and sleep now and then.
        if (job % 10 == 0) std::this_thread::yield();
      }
    });
  }
  for (std::thread& producer : producers) producer.join();
  const absl::Time give_up = absl::Now() + kHangGuard;
  while (done < taken && absl::Now() < give_up) std::this_thread::yield();  // without Stop()'s help

  EXPECT_EQ(done, kProducers * kJobs);
  for (const std::atomic<int>& count : ran) ASSERT_EQ(count, 1);
}

TEST(WorkerPoolTest, StoppedPoolRefuses) {
  WorkerPool pool(1, 10);
  pool.Stop();

  EXPECT_FALSE(pool.TryRun([] {}));
}

}  // namespace
}  // namespace tandem::common
