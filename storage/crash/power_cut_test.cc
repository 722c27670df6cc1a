// Cuts the power at random moments of opening, writing and flushing, on a simulated disk that
// drops what was not synced and tears the last write. Again with the same random numbers (threads
// may still interleave differently): TANDEM_SEED=123 bazel-bin/storage/crash/power_cut_test
#include <atomic>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <memory>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "base/status_matchers.h"
#include "gtest/gtest.h"
#include "rocksdb/env.h"
#include "storage/crash/workload.h"
#include "storage/rocksdb/rocksdb_store.h"
#include "storage/store.h"
#include "storage/testing/power_cut_file_system.h"
#include "storage/testing/simulated_disk.h"

namespace tandem::storage {
namespace {

using base::IsOk;
using base::StatusIs;

constexpr int kRounds = 1000;
// Several disks at once, because RocksDB pauses for a second when a flush fails.
constexpr int kDisksAtOnce = 10;
constexpr int kRoundsPerDisk = 10;  // then a new one: checking takes longer as it fills
constexpr int kWriters = 4;

uint64_t Seed() {
  const char* given = std::getenv("TANDEM_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

// A store on a disk whose power goes again and again. Used by one thread.
class StoreOnBadPower {
 public:
  StoreOnBadPower(uint64_t seed, bool sync) : random_(seed) {
    options_.unsafe_no_sync = !sync;
    options_.write_buffer_bytes = 64 * 1024;
    StartNewDisk();
  }

  void StartNewDisk() {
    disk_ = std::make_shared<SimulatedDisk>();
    disk_->CreateFolder("/data");
    options_.file_system = NewPowerCutFileSystem(disk_);
    acknowledged_.clear();
  }

  // Opens and writes until the power goes, then switches it on again.
  void LiveUntilCut() {
    disk_->CutPowerAfter(1 + static_cast<int64_t>(random_() % 300));
    if (absl::StatusOr<std::unique_ptr<Store>> store = Open(); store.ok()) {
      WriteUntilRefused(store->get());
    }
    disk_->Restart(&random_);
  }

  // OK when nothing acknowledged on this disk is lost.
  absl::Status CheckWhatIsLeft() {
    absl::StatusOr<std::unique_ptr<Store>> store = Open();
    return store.ok() ? Verify(**store, acknowledged_) : store.status();
  }

  // How many commits were acknowledged on all disks.
  size_t total() const { return total_; }

 private:
  absl::StatusOr<std::unique_ptr<Store>> Open() {
    return OpenRocksDbStore("/data/store", options_);
  }

  // Writes with several threads until the store refuses; remembers what was acknowledged.
  void WriteUntilRefused(Store* store) {
    std::vector<std::thread> writers;
    absl::Mutex mutex;
    for (int64_t writer = 0; writer < kWriters; ++writer) {
      writers.emplace_back([&, writer] {
        absl::StatusOr<int64_t> newest = NewestNumber(*store, writer);
        for (int64_t number = newest.value_or(0) + 1; newest.ok(); ++number) {
          const absl::StatusOr<Revision> revision = store->Apply(CrashCommit(writer, number));
          if (!revision.ok()) return;
          absl::MutexLock lock(&mutex);
          acknowledged_.push_back({writer, number, *revision});
          ++total_;
        }
      });
    }
    for (std::thread& writer : writers) writer.join();
  }

  std::mt19937_64 random_;
  std::shared_ptr<SimulatedDisk> disk_;
  RocksDbOptions options_;
  std::vector<Acknowledged> acknowledged_;  // on this disk
  size_t total_ = 0;
};

// Calls `life` for 0 <= i < kDisksAtOnce, all at once.
void AllAtOnce(const std::function<void(int)>& life) {
  // Else one store's pause would hold up all others.
  rocksdb::Env::Default()->SetBackgroundThreads(2 * kDisksAtOnce, rocksdb::Env::HIGH);
  rocksdb::Env::Default()->SetBackgroundThreads(2 * kDisksAtOnce, rocksdb::Env::LOW);
  std::vector<std::thread> lives;
  for (int i = 0; i < kDisksAtOnce; ++i) lives.emplace_back(life, i);
  for (std::thread& one : lives) one.join();
}

TEST(PowerCutTest, EveryAcknowledgedCommitSurvivesAPowerCut) {
  const uint64_t seed = Seed();
  std::cout << "TANDEM_SEED=" << seed << std::endl;
  std::atomic<size_t> acknowledged{0};
  AllAtOnce([&](int i) {
    StoreOnBadPower store(seed + static_cast<uint64_t>(i), /*sync=*/true);
    for (int round = 0; round < kRounds / kDisksAtOnce; ++round) {
      if (round % kRoundsPerDisk == 0) store.StartNewDisk();
      store.LiveUntilCut();
      const absl::Status left = store.CheckWhatIsLeft();
      EXPECT_THAT(left, IsOk()) << "disk " << i << ", round " << round << ", TANDEM_SEED=" << seed;
      if (!left.ok()) return;
    }
    acknowledged += store.total();
  });
  std::cout << kRounds << " power cuts, " << acknowledged << " acknowledged commits, none lost"
            << std::endl;
  EXPECT_GT(acknowledged, static_cast<size_t>(5 * kRounds)) << "too few to prove anything";
}

// The test of the test: it must notice a store that does not sync.
TEST(PowerCutTest, StoreThatDoesNotSyncIsFoundOut) {
  constexpr int kRoundsEach = 4;
  const uint64_t seed = Seed();
  std::atomic<int> lost{0};
  AllAtOnce([&](int i) {
    StoreOnBadPower store(seed + static_cast<uint64_t>(i), /*sync=*/false);
    for (int round = 0; round < kRoundsEach; ++round) {
      store.StartNewDisk();
      store.LiveUntilCut();
      const absl::Status left = store.CheckWhatIsLeft();
      if (left.ok()) continue;
      EXPECT_THAT(left, StatusIs(absl::StatusCode::kDataLoss)) << "TANDEM_SEED=" << seed;
      ++lost;
    }
  });
  std::cout << lost << " of " << kRoundsEach * kDisksAtOnce
            << " power cuts lost acknowledged commits" << std::endl;
  EXPECT_GT(lost, kRoundsEach * kDisksAtOnce / 4);
}

}  // namespace
}  // namespace tandem::storage
