// The contract of store.h as tests, which every backend passes: link :contract_test_suite and
//
//   INSTANTIATE_TEST_SUITE_P(RocksDb, StoreContract, testing::Values(&NewRocksDbBackend));
//
// The tests stand in contract_commits.cc, contract_reads.cc and contract_feed.cc.
#ifndef STORAGE_CONTRACT_TEST_SUITE_H_
#define STORAGE_CONTRACT_TEST_SUITE_H_

#include <memory>

#include "absl/time/clock.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/store.h"
#include "storage/testing/backend.h"
#include "storage/testing/commits.h"

namespace tandem::storage {

class StoreContract : public testing::TestWithParam<BackendFactory> {
 protected:
  void SetUp() override {
    backend_ = GetParam()();
    Reopen();
  }

  // Closes the store, if it is open, and opens it again; a store in memory is empty then.
  void Reopen() {
    store_.reset();
    absl::StatusOr<std::unique_ptr<Store>> store = backend_->Open();
    ASSERT_THAT(store, base::IsOk());
    store_ = *std::move(store);
  }

  // The same, but only where data outlives the store: for tests that look at the same data after.
  void ReopenIfDurable() {
    if (backend_->durable()) Reopen();
  }

  // Applies a commit that is expected to pass.
  Revision Apply(Commit commit) {
    absl::StatusOr<Revision> revision = store_->Apply(std::move(commit));
    EXPECT_THAT(revision, base::IsOk());
    return revision.value_or(-1);
  }

  std::unique_ptr<Snapshot> Latest() {
    absl::StatusOr<std::unique_ptr<Snapshot>> snapshot = store_->Latest();
    EXPECT_THAT(snapshot, base::IsOk());
    return snapshot.ok() ? *std::move(snapshot) : nullptr;
  }

  std::unique_ptr<Snapshot> At(Revision revision) {
    absl::StatusOr<std::unique_ptr<Snapshot>> snapshot = store_->At(revision);
    EXPECT_THAT(snapshot, base::IsOk());
    return snapshot.ok() ? *std::move(snapshot) : nullptr;
  }

  std::unique_ptr<Backend> backend_;
  std::unique_ptr<Store> store_;
};

MATCHER(IsAbsent, "") { return !arg.has_value(); }

MATCHER_P3(IsRecord, key, value, revision, "") {
  return arg.has_value() && arg->key == key && arg->value == value && arg->revision == revision;
}

}  // namespace tandem::storage

#endif  // STORAGE_CONTRACT_TEST_SUITE_H_
