#include "base/child_process.h"

#include <signal.h>

#include "base/status_matchers.h"
#include "gtest/gtest.h"

namespace tandem::base {
namespace {

TEST(ChildProcessTest, AFinishedProgramGivesItsOutputErrorsAndExitCode) {
  TANDEM_ASSERT_OK_AND_ASSIGN(const Finished finished,
                              RunProgram({"/bin/sh", "-c", "echo out; echo err >&2; exit 3"}));
  EXPECT_EQ(finished.exit_code, 3);
  EXPECT_EQ(finished.output, "out\n");
  EXPECT_EQ(finished.errors, "err\n");
}

TEST(ChildProcessTest, LargeOutputOnBothSidesDoesNotBlock) {
  TANDEM_ASSERT_OK_AND_ASSIGN(
      const Finished finished,
      RunProgram(
          {"/bin/sh", "-c", "head -c 1000000 /dev/zero >&2; head -c 2000000 /dev/zero; exit 0"}));
  EXPECT_EQ(finished.output.size(), 2'000'000u);
  EXPECT_EQ(finished.errors.size(), 1'000'000u);
}

TEST(ChildProcessTest, AMissingProgramIsNotFound) {
  EXPECT_THAT(RunProgram({"/no/such/program"}).status(), StatusIs(absl::StatusCode::kNotFound));
}

TEST(ChildProcessTest, ALineIsWaitedForAndTheProcessCanBeKilled) {
  TANDEM_ASSERT_OK_AND_ASSIGN(
      const auto process,
      ChildProcess::Start({"/bin/sh", "-c", "echo first; echo listening on x; exec sleep 60"}));
  TANDEM_ASSERT_OK_AND_ASSIGN(const std::string line,
                              process->WaitForLine("listening", absl::Seconds(30)));
  EXPECT_EQ(line, "listening on x");
  EXPECT_GT(process->ResidentBytes(), 0);

  process->Signal(SIGKILL);

  EXPECT_EQ(process->Wait(), 128 + SIGKILL);
  EXPECT_EQ(process->Wait(), 128 + SIGKILL);
}

TEST(ChildProcessTest, OutputThatEndsWithoutTheLineIsUnavailable) {
  TANDEM_ASSERT_OK_AND_ASSIGN(const auto process, ChildProcess::Start({"/bin/sh", "-c", "echo a"}));
  EXPECT_THAT(process->WaitForLine("never", absl::Seconds(30)).status(),
              StatusIs(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace tandem::base
