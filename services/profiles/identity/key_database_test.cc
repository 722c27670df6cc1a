#include "services/profiles/identity/key_database.h"

#include <signal.h>
#include <sys/resource.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/status_matchers.h"
#include "base/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/profiles/identity/raw_bytes.h"

namespace tandem::profiles {
namespace {

using base::IsOkAndHolds;
using base::StatusIs;
using testing::AnyOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;
using Table = KeyDatabase::Table;

class KeyDatabaseTest : public testing::Test {
 protected:
  KeyDatabaseTest() : path_(folder_.Join("db")) {
    EXPECT_TRUE(KeyDatabase::Create(path_, {{Table::kMeta, "format", "1"}}).ok());
    Reopen();
  }

  void Reopen() {
    database_.reset();
    database_ = KeyDatabase::Open(path_).value();
  }

  base::TempDir folder_;
  std::string path_;
  std::unique_ptr<KeyDatabase> database_;
};

TEST_F(KeyDatabaseTest, TablesAreApartAndDurable) {
  TANDEM_ASSERT_OK(
      database_->Apply({{Table::kKeys, "p1", "key"}, {Table::kErased, "p2", "yesterday"}}));

  Reopen();

  EXPECT_THAT(database_->Get(Table::kKeys, "p1"), IsOkAndHolds(std::optional<std::string>("key")));
  EXPECT_THAT(database_->Get(Table::kErased, "p1"), IsOkAndHolds(std::optional<std::string>()));
  std::map<std::string, std::string> erased;
  TANDEM_ASSERT_OK(
      database_->Scan(Table::kErased, [&](absl::string_view key, absl::string_view value) {
        erased[std::string(key)] = std::string(value);
      }));
  EXPECT_EQ(erased, (std::map<std::string, std::string>{{"p2", "yesterday"}}));
}

TEST_F(KeyDatabaseTest, PurgedValuesStandInNoFileWhereverTheyWere) {
  // In a table file that was compacted before, in one of level 0, and in the write-ahead log only.
  const std::vector<std::string> canaries = {
      "canary-compacted-3141592653", "canary-flushed-2718281828", "canary-logged-1414213562"};
  TANDEM_ASSERT_OK(database_->Apply({{Table::kKeys, "a", canaries[0]}}));
  TANDEM_ASSERT_OK(database_->PurgeRemoved());
  TANDEM_ASSERT_OK(database_->Apply({{Table::kKeys, "b", canaries[1]}}));
  Reopen();
  TANDEM_ASSERT_OK(database_->Apply({{Table::kKeys, "c", canaries[2]}}));
  for (const std::string& canary : canaries) {
    ASSERT_THAT(FilesContaining(folder_.path(), canary), Not(IsEmpty())) << canary;
  }

  TANDEM_ASSERT_OK(database_->Apply({{Table::kKeys, "a", std::nullopt},
                                     {Table::kKeys, "b", std::nullopt},
                                     {Table::kKeys, "c", std::nullopt}}));
  TANDEM_ASSERT_OK(database_->PurgeRemoved());

  for (const std::string& canary : canaries) {
    EXPECT_THAT(FilesContaining(folder_.path(), canary), IsEmpty()) << canary;
  }
  EXPECT_GT(CountFiles(folder_.path()), 0);
}

TEST_F(KeyDatabaseTest, PurgingKeepsEverythingElse) {
  std::vector<KeyDatabase::Change> changes;
  for (int i = 0; i < 1000; ++i) {
    changes.push_back({Table::kKeys, absl::StrCat("p", i), absl::StrCat("key", i)});
  }
  TANDEM_ASSERT_OK(database_->Apply(changes));
  TANDEM_ASSERT_OK(database_->Apply({{Table::kKeys, "p500", std::nullopt}}));

  TANDEM_ASSERT_OK(database_->PurgeRemoved());

  int left = 0;
  TANDEM_ASSERT_OK(
      database_->Scan(Table::kKeys, [&](absl::string_view, absl::string_view) { ++left; }));
  EXPECT_EQ(left, 999);
}

TEST_F(KeyDatabaseTest, AFolderInUseIsUnavailable) {
  EXPECT_THAT(KeyDatabase::Open(path_),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("another process uses")));
}

// RocksDB's own log ends the process when the disk is full (Debian builds it with assertions).
TEST_F(KeyDatabaseTest, NoLogIsWrittenThatAFullDiskWouldEndTheProcessBy) {
  TANDEM_ASSERT_OK(database_->Apply({{Table::kKeys, "p1", "key"}}));
  TANDEM_ASSERT_OK(database_->PurgeRemoved());
  Reopen();

  for (const auto& entry : std::filesystem::directory_iterator(path_)) {
    EXPECT_THAT(entry.path().filename().string(), Not(StartsWith("LOG")))
        << "the lock file is LOCK";
  }
}

TEST_F(KeyDatabaseTest, AFileThatMayNotGrowIsAClearErrorAndEndsWritingUntilItIsOpenedAgain) {
  signal(SIGXFSZ, SIG_IGN);  // so that the write fails instead
  rlimit before;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit small = before;
  small.rlim_cur = 64 * 1024;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const std::string large(128 * 1024, 'k');

  const absl::Status full = database_->Apply({{Table::kKeys, "p1", large}});

  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_THAT(full, AnyOf(StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("free some")),
                          StatusIs(absl::StatusCode::kUnknown, HasSubstr("restart"))));
  EXPECT_EQ(database_->Apply({{Table::kKeys, "p2", "key"}}), full);
  EXPECT_EQ(database_->PurgeRemoved(), full);
  Reopen();
  EXPECT_THAT(database_->Get(Table::kKeys, "p1"), IsOkAndHolds(std::optional<std::string>()));
  TANDEM_EXPECT_OK(database_->Apply({{Table::kKeys, "p2", "key"}}));
}

TEST_F(KeyDatabaseTest, ADamagedDatabaseIsDataLossAndNeverANewOne) {
  database_.reset();
  std::filesystem::remove(path_ + "/CURRENT");

  EXPECT_THAT(KeyDatabase::Open(path_),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("restore the key store")));
}

TEST(KeyDatabaseCreateTest, WhatACutOffStartLeftIsReplaced) {
  base::TempDir folder;
  std::filesystem::create_directories(folder.Join("db.new"));

  TANDEM_ASSERT_OK(KeyDatabase::Create(folder.Join("db"), {{Table::kMeta, "format", "1"}}));

  TANDEM_ASSERT_OK(KeyDatabase::Open(folder.Join("db")));
  EXPECT_FALSE(std::filesystem::exists(folder.Join("db.new")));
}

}  // namespace
}  // namespace tandem::profiles
