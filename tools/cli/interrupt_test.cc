#include "tools/cli/interrupt.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

#include "base/temp_dir.h"
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

void InterruptWhileWriting(const std::string& path) {
  ExitOnInterrupt();
  const InterruptRemoves removes(path);
  std::ofstream(path) << "half of a res";
  std::raise(SIGINT);
}

void InterruptAfterWriting(const std::string& path) {
  ExitOnInterrupt();
  { const InterruptRemoves removes(path); }
  std::ofstream(path) << "whole";
  std::raise(SIGINT);
}

TEST(InterruptDeathTest, AFileThatIsBeingWrittenIsRemovedAndAWholeOneIsNot) {
  const base::TempDir folder;
  EXPECT_EXIT(InterruptWhileWriting(folder.Join("half")), ExitedWithCode(kInterruptedExitCode),
              "interrupted");
  EXPECT_EXIT(InterruptAfterWriting(folder.Join("whole")), ExitedWithCode(kInterruptedExitCode),
              "interrupted");
  EXPECT_FALSE(std::filesystem::exists(folder.Join("half")));
  EXPECT_TRUE(std::filesystem::exists(folder.Join("whole")));
}

TEST(InterruptDeathTest, OtherwiseThereIsNothingToSay) {
  EXPECT_EXIT(InterruptAfterAnImport(), ExitedWithCode(kInterruptedExitCode), "interrupted. \n$");
}

}  // namespace
}  // namespace tandem::cli
