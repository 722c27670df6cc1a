// Kills a writing process (SIGKILL) at random moments and checks what is left. To run it longer, or
// once more with the same moments:
//   bazel-bin/storage/crash/crash_test --kills=1000 --seed=123
// A SIGKILL loses nothing that the kernel holds; what a power cut loses is tested beside this.
#include <unistd.h>

#include <cstdint>
#include <iostream>
#include <memory>
#include <random>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status_matchers.h"
#include "base/temp_dir.h"
#include "gtest/gtest.h"
#include "storage/crash/child.h"
#include "storage/crash/workload.h"
#include "storage/rocksdb/rocksdb_store.h"
#include "storage/store.h"

namespace tandem::storage {
namespace {

using base::IsOk;

constexpr size_t kLeastAcknowledged = 50;  // a run with fewer does not count
constexpr int kKillsPerStore = 50;         // then a new store: checking takes longer as it grows

int kills = 200;
uint64_t seed = std::random_device{}();

class CrashTest : public testing::Test {
 protected:
  void StartNewStore() {
    folder_ = std::make_unique<base::TempDir>();
    acknowledged_.clear();
  }

  // Kills a process that may not even have opened the store.
  void KillEarly() {
    WritingProcess process(path());
    usleep(static_cast<useconds_t>(random_() % 40000));
    const bool killed = process.Kill();
    acknowledged_.insert(acknowledged_.end(), process.acknowledged().begin(),
                         process.acknowledged().end());
    ASSERT_TRUE(killed);
  }

  // Kills a process some time after at least kLeastAcknowledged commits.
  void KillWhileWriting() {
    WritingProcess process(path());
    const size_t wanted = kLeastAcknowledged + random_() % 100;
    while (process.acknowledged().size() < wanted && process.ReadReports()) {
    }
    usleep(static_cast<useconds_t>(random_() % 5000));
    const bool killed = process.Kill();
    acknowledged_.insert(acknowledged_.end(), process.acknowledged().begin(),
                         process.acknowledged().end());
    ASSERT_TRUE(killed);
    if (process.acknowledged().size() >= kLeastAcknowledged) ++counted_;
  }

  void CheckWhatIsLeft() {
    absl::StatusOr<std::unique_ptr<Store>> store = OpenRocksDbStore(path());
    ASSERT_THAT(store, IsOk());
    ASSERT_THAT(Verify(**store, acknowledged_), IsOk());
  }

  std::string path() const { return folder_->path() + "/store"; }

  std::mt19937_64 random_{seed};
  std::unique_ptr<base::TempDir> folder_;
  std::vector<Acknowledged> acknowledged_;  // by all processes on this store
  int counted_ = 0;
};

TEST_F(CrashTest, EveryAcknowledgedCommitSurvivesAKillWholeAndInOrder) {
  size_t all = 0;
  for (int attempt = 0; counted_ < kills; ++attempt) {
    ASSERT_LT(attempt, 2 * kills + 10) << "too many runs had too few commits to count";
    if (attempt % kKillsPerStore == 0) StartNewStore();
    SCOPED_TRACE(testing::Message() << "attempt " << attempt << " of --seed=" << seed);
    const size_t before = acknowledged_.size();
    if (attempt % 10 == 9) KillEarly();
    if (HasFatalFailure()) return;
    KillWhileWriting();
    if (HasFatalFailure()) return;
    CheckWhatIsLeft();
    if (HasFatalFailure()) return;
    all += acknowledged_.size() - before;
  }
  std::cout << counted_ << " kills, " << all
            << " acknowledged commits, none lost; again: --kills=" << kills << " --seed=" << seed
            << std::endl;
}

}  // namespace
}  // namespace tandem::storage

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  for (int i = 1; i < argc; ++i) {
    absl::string_view argument = argv[i];
    if (absl::ConsumePrefix(&argument, tandem::storage::kChildArgument)) {
      return tandem::storage::RunWritingProcess(std::string(argument));
    }
    const bool good = (absl::ConsumePrefix(&argument, "--kills=") &&
                       absl::SimpleAtoi(argument, &tandem::storage::kills)) ||
                      (absl::ConsumePrefix(&argument, "--seed=") &&
                       absl::SimpleAtoi(argument, &tandem::storage::seed));
    if (!good) {
      std::cerr << "unknown argument " << argv[i] << "; use --kills=N --seed=N" << std::endl;
      return 2;
    }
  }
  return RUN_ALL_TESTS();
}
