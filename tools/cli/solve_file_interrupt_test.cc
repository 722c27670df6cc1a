// Ctrl-C at any moment of `tandem solve-file`: it ends as interrupted programs do, and leaves no
// half of a result.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/child_process.h"
#include "base/csv.h"
#include "base/json.h"
#include "base/status_matchers.h"
#include "base/temp_dir.h"
#include "gtest/gtest.h"

namespace tandem::cli {
namespace {

constexpr int kInterrupted = 130;  // 128 + SIGINT, as shells count it

class SolveFileInterruptTest : public ::testing::Test {
 protected:
  std::unique_ptr<base::ChildProcess> Start(const std::string& pairs) {
    auto child = base::ChildProcess::Start({"tools/tandem", "solve-file", "--pairs",
                                            folder_.Join(pairs), "--out", folder_.Join("R.json")});
    EXPECT_TRUE(child.ok()) << child.status();
    return child.ok() ? *std::move(child) : nullptr;
  }

  bool Exists(const std::string& name) { return std::filesystem::exists(folder_.Join(name)); }

  const base::TempDir folder_;
};

TEST_F(SolveFileInterruptTest, WhileItReadsItLeavesNothing) {
  ASSERT_EQ(mkfifo(folder_.Join("pairs.csv").c_str(), 0600), 0);
  const auto child = Start("pairs.csv");
  ASSERT_NE(child, nullptr);
  // Opens when the reader does; then the reader waits for lines.
  const int pipe = open(folder_.Join("pairs.csv").c_str(), O_WRONLY);
  ASSERT_GE(pipe, 0);

  child->Signal(SIGINT);

  EXPECT_EQ(child->Wait(), kInterrupted);
  EXPECT_FALSE(Exists("R.json"));
  EXPECT_FALSE(Exists("R.json.new"));
  close(pipe);
}

TEST_F(SolveFileInterruptTest, WheneverItComesTheResultIsWholeOrAbsent) {
  std::string text = "need,mentor,score\n";
  for (int need = 0; need < 300; ++need) {
    for (int k = 0; k < 60; ++k) {
      absl::StrAppend(&text, "n", need, ",m", (need * 7 + k * k) % 300 * 60 + k, ",",
                      (need * 31 + k * 17) % 997, "\n");
    }
  }
  std::ofstream(folder_.Join("pairs.csv")) << text;
  int interrupted = 0;
  for (int round = 0; round < 25; ++round) {
    std::filesystem::remove(folder_.Join("R.json"));
    const auto child = Start("pairs.csv");
    ASSERT_NE(child, nullptr);
    absl::SleepFor(absl::Milliseconds(4 * round));  // another moment each time; none is assumed

    child->Signal(SIGINT);

    const int exit_code = child->Wait();
    EXPECT_FALSE(Exists("R.json.new")) << "round " << round;
    if (exit_code == kInterrupted) ++interrupted;
    if (!Exists("R.json")) {
      EXPECT_EQ(exit_code, kInterrupted) << "round " << round;
      continue;
    }
    TANDEM_ASSERT_OK_AND_ASSIGN(const std::string result,
                                base::ReadFile(folder_.Join("R.json"), int64_t{1} << 30));
    TANDEM_EXPECT_OK(base::ParseJson(result, "R.json").status()) << "round " << round;
  }
  EXPECT_GT(interrupted, 0);
}

}  // namespace
}  // namespace tandem::cli
