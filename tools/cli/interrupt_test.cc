#include "tools/cli/interrupt.h"

#include <csignal>

#include "gtest/gtest.h"

namespace tandem::cli {
namespace {

using ::testing::ExitedWithCode;

void InterruptDuringAnImport() {
  ExitOnInterrupt();
  const InterruptNote note("Import the same file again.\n");
  std::raise(SIGINT);
}

void InterruptAfterAnImport() {
  ExitOnInterrupt();
  { const InterruptNote note("Import the same file again.\n"); }
  std::raise(SIGINT);
}

TEST(InterruptDeathTest, WhoeverStopsAWriteIsToldWhatToDo) {
  EXPECT_EXIT(InterruptDuringAnImport(), ExitedWithCode(kInterruptedExitCode),
              "interrupted. Import the same file again.");
}

TEST(InterruptDeathTest, OtherwiseThereIsNothingToSay) {
  EXPECT_EXIT(InterruptAfterAnImport(), ExitedWithCode(kInterruptedExitCode), "interrupted. \n$");
}

}  // namespace
}  // namespace tandem::cli
