#include "services/common/attempt_snapshot.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/store.h"

namespace tandem::common {
namespace {

using base::StatusIs;
using storage::Record;

// A snapshot whose records all say how often the store was read before them.
class CountingSnapshot : public storage::Snapshot {
 public:
  explicit CountingSnapshot(int* reads) : reads_(reads) {}
  storage::Revision revision() const override { return 7; }
  absl::StatusOr<std::optional<Record>> Get(absl::string_view key) const override {
    const int before = (*reads_)++;
    if (key == "damaged") return absl::DataLossError("damaged");
    if (key == "absent") return std::optional<Record>();
    return std::optional<Record>(Record{std::string(key), absl::StrCat(before), 5});
  }
  absl::Status Scan(absl::string_view, absl::string_view,
                    absl::FunctionRef<bool(const Record&)>) const override {
    return absl::OkStatus();
  }
  absl::StatusOr<std::vector<storage::Version>> History(absl::string_view, storage::Revision,
                                                        int) const override {
    return std::vector<storage::Version>();
  }

 private:
  int* const reads_;
};

class AttemptSnapshotTest : public ::testing::Test {
 protected:
  int reads_ = 0;
  AttemptSnapshot snapshot_{std::make_unique<CountingSnapshot>(&reads_)};
};

TEST_F(AttemptSnapshotTest, WhatWasReadIsNotReadAgain) {
  TANDEM_ASSERT_OK_AND_ASSIGN(const auto first, snapshot_.Get("items/1"));
  TANDEM_ASSERT_OK_AND_ASSIGN(const auto again, snapshot_.Get("items/1"));

  EXPECT_EQ(reads_, 1);
  ASSERT_TRUE(first.has_value() && again.has_value());
  EXPECT_EQ(again->key, "items/1");
  EXPECT_EQ(again->value, first->value);
  EXPECT_EQ(again->revision, 5);
}

TEST_F(AttemptSnapshotTest, ThatARecordIsAbsentIsRememberedAndAnErrorIsNot) {
  for (int i = 0; i < 2; ++i) {
    TANDEM_ASSERT_OK_AND_ASSIGN(const auto absent, snapshot_.Get("absent"));
    EXPECT_FALSE(absent.has_value());
  }
  EXPECT_EQ(reads_, 1);

  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(snapshot_.Get("damaged"), StatusIs(absl::StatusCode::kDataLoss));
  }
  EXPECT_EQ(reads_, 3);
}

TEST_F(AttemptSnapshotTest, ABatchOfAnyLengthReadsWhatItNeedsAndRemembersFew) {
  for (int i = 0; i < 1000; ++i) {
    const std::string key = absl::StrCat("items/", i);
    TANDEM_ASSERT_OK_AND_ASSIGN(const auto record, snapshot_.Get(key));
    ASSERT_TRUE(record.has_value());
    EXPECT_EQ(record->key, key);
  }
  EXPECT_EQ(reads_, 1000);

  TANDEM_ASSERT_OK(snapshot_.Get("items/0").status());
  EXPECT_EQ(reads_, 1001);
}

}  // namespace
}  // namespace tandem::common
