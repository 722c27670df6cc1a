#include "services/matching/operations/runner.h"

#include "absl/synchronization/notification.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::matching {
namespace {

using ::tandem::base::StatusIs;

constexpr absl::Duration kHangGuard = absl::Seconds(60);

absl::Time Guard() { return absl::Now() + kHangGuard; }

TEST(OperationRunnerTest, NeverRunsMoreThanTheMostAtOnce) {
  OperationRunner runner(1);
  absl::Notification release;
  TANDEM_ASSERT_OK(
      runner.Start("operations/1", [&](OperationControl&) { release.WaitForNotification(); }));

  EXPECT_THAT(runner.Start("operations/2", [](OperationControl&) {}),
              StatusIs(absl::StatusCode::kResourceExhausted));

  release.Notify();
  ASSERT_TRUE(runner.WaitUntilEnded("operations/1", Guard()));
  TANDEM_EXPECT_OK(runner.Start("operations/2", [](OperationControl&) {}));
}

TEST(OperationRunnerTest, ProgressNeverFalls) {
  OperationRunner runner(1);
  absl::Notification reported, release;
  TANDEM_ASSERT_OK(runner.Start("operations/1", [&](OperationControl& control) {
    control.Report("solving", 60);
    control.Report("checking", 40);
    reported.Notify();
    release.WaitForNotification();
  }));
  reported.WaitForNotification();

  const std::optional<OperationProgress> progress = runner.ProgressOf("operations/1");

  ASSERT_TRUE(progress.has_value());
  EXPECT_EQ(progress->step, "checking");
  EXPECT_EQ(progress->percent, 60);
  EXPECT_FALSE(progress->cancel_requested);
  release.Notify();
}

TEST(OperationRunnerTest, WorkSeesThatItWasCancelled) {
  OperationRunner runner(1);
  TANDEM_ASSERT_OK(runner.Start("operations/1", [](OperationControl& control) {
    while (!control.Cancelled()) absl::SleepFor(absl::Milliseconds(1));
  }));

  EXPECT_TRUE(runner.Cancel("operations/1"));

  EXPECT_TRUE(runner.WaitUntilEnded("operations/1", Guard()));
  EXPECT_FALSE(runner.Cancel("operations/1"));
}

TEST(OperationRunnerTest, StopCancelsWhatRunsAndRefusesMore) {
  OperationRunner runner(2);
  std::atomic<bool> saw_cancel{false};
  TANDEM_ASSERT_OK(runner.Start("operations/1", [&](OperationControl& control) {
    while (!control.Cancelled()) absl::SleepFor(absl::Milliseconds(1));
    saw_cancel = true;
  }));

  runner.Stop();

  EXPECT_TRUE(saw_cancel);
  EXPECT_THAT(runner.Start("operations/2", [](OperationControl&) {}),
              StatusIs(absl::StatusCode::kUnavailable));
}

TEST(OperationRunnerTest, WaitingGivesUpAtTheDeadline) {
  OperationRunner runner(1);
  absl::Notification release;
  TANDEM_ASSERT_OK(
      runner.Start("operations/1", [&](OperationControl&) { release.WaitForNotification(); }));

  EXPECT_FALSE(runner.WaitUntilEnded("operations/1", absl::Now()));

  release.Notify();
}

}  // namespace
}  // namespace tandem::matching
