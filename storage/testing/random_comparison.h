// Does the same random things to a store and to the model, and compares every answer.
#ifndef STORAGE_TESTING_RANDOM_COMPARISON_H_
#define STORAGE_TESTING_RANDOM_COMPARISON_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "storage/store.h"
#include "storage/testing/backend.h"
#include "storage/testing/model.h"

namespace tandem::storage {

class RandomComparison {
 public:
  // The same seed does the same. Reports differences to GoogleTest.
  RandomComparison(Backend* backend, uint64_t seed) : backend_(backend), random_(seed) {}

  // Opens the store and does `steps` things; stops at the first difference.
  void Run(int steps);

 private:
  struct HeldSnapshot {
    std::unique_ptr<Snapshot> snapshot;
    Model::State expected;
  };

  int Number(int below);  // uniform, 0 <= number < below
  Revision AnyRevision();
  std::string Key();
  Commit RandomCommit();
  Expectation RandomExpectation(const std::string& key);

  void Step();
  void ApplyOne();
  void ReadOne();
  void ReadRange();
  void ReadHistory();
  void FollowFeed();
  void ReadFeedAnywhere();
  void HoldOrCompareSnapshot();
  void PinOrUnpin();
  void TrimOne();
  void ForgetOrFindAnswer();
  void Reopen();

  Backend* const backend_;
  std::mt19937_64 random_;
  std::unique_ptr<Store> store_;
  Model model_;
  std::deque<HeldSnapshot> held_;
  Revision followed_ = 0;  // the feed was read up to here
  int64_t micros_ = 0;     // the time by which answers expire
};

}  // namespace tandem::storage

#endif  // STORAGE_TESTING_RANDOM_COMPARISON_H_
