// Files that are damaged, missing, somebody else's or in use: every time a clear error that names
// the place and what to do, and never an empty store.
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_matchers.h"
#include "base/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/open.h"
#include "storage/rocksdb/rocksdb_store.h"
#include "storage/testing/commits.h"

namespace tandem::storage {
namespace {

using base::IsOk;
using base::StatusIs;
using testing::AllOf;
using testing::HasSubstr;

namespace fs = std::filesystem;

constexpr int kCommits = 40;

class DamageTest : public testing::Test {
 protected:
  DamageTest() { options_.write_buffer_bytes = 64 * 1024; }

  absl::StatusOr<std::unique_ptr<Store>> Open() { return OpenRocksDbStore(path(), options_); }

  // Writes kCommits commits of `value_bytes` each, and closes the store.
  void Fill(size_t value_bytes) {
    absl::StatusOr<std::unique_ptr<Store>> store = Open();
    ASSERT_THAT(store, IsOk());
    for (int i = 0; i < kCommits; ++i) {
      std::string value;
      while (value.size() < value_bytes) absl::StrAppend(&value, i, value.size() * 7919, ";");
      ASSERT_THAT((*store)->Apply(Put(absl::StrCat("k", i), value)), IsOk());
    }
  }
  void FillLog() { Fill(10); }            // all in the write-ahead log
  void FillTables() { Fill(20 * 1024); }  // most in tables

  std::vector<fs::path> Files(const std::string& beginning, const std::string& end) {
    std::vector<fs::path> files;
    for (const fs::directory_entry& entry : fs::directory_iterator(path())) {
      const std::string name = entry.path().filename();
      if (absl::StartsWith(name, beginning) && absl::EndsWith(name, end)) {
        files.push_back(entry.path());
      }
    }
    std::sort(files.begin(), files.end());
    return files;
  }

  // The one that holds most, of those named so.
  fs::path Largest(const std::string& beginning, const std::string& end) {
    const std::vector<fs::path> files = Files(beginning, end);
    return *std::max_element(files.begin(), files.end(), [](const auto& a, const auto& b) {
      return fs::file_size(a) < fs::file_size(b);
    });
  }

  static void FlipByte(const fs::path& file, uint64_t offset) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekg(static_cast<std::streamoff>(offset));
    const char byte = static_cast<char>(stream.get() ^ 0x55);
    stream.seekp(static_cast<std::streamoff>(offset));
    stream.put(byte);
    ASSERT_TRUE(stream.good());
  }

  // Opening fails, or every read that would miss something does.
  void ExpectNothingIsMissedSilently() {
    absl::StatusOr<std::unique_ptr<Store>> store = Open();
    if (!store.ok()) {
      ExpectClear(store.status());
      return;
    }
    EXPECT_EQ((*store)->Revisions().head, kCommits);
    const auto contents = NewestContents(**store);
    if (contents.ok()) {
      EXPECT_EQ(contents->size(), static_cast<size_t>(kCommits));
    } else {
      ExpectClear(contents.status());
    }
    const auto feed = ReadWholeFeed(**store, 0);
    if (feed.ok()) {
      EXPECT_EQ(feed->size(), static_cast<size_t>(kCommits));
    } else {
      ExpectClear(feed.status());
    }
    EXPECT_FALSE(contents.ok() && feed.ok()) << "the damage was not noticed";
  }

  void ExpectClear(const absl::Status& status) {
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kDataLoss,
                                 AllOf(HasSubstr(path()), HasSubstr("restore the latest backup"))));
  }

  std::string path() const { return folder_.path() + "/store"; }

  base::TempDir folder_;
  RocksDbOptions options_;
};

TEST_F(DamageTest, MissingCurrentIsNotAnEmptyStore) {
  FillLog();
  fs::remove(path() + "/CURRENT");
  const absl::Status status = Open().status();
  ExpectClear(status);
  EXPECT_THAT(std::string(status.message()), HasSubstr("/CURRENT is missing"));
}

TEST_F(DamageTest, AllOfRocksDbGoneIsNotAnEmptyStore) {
  FillLog();
  for (const fs::path& file : Files("", "")) {
    if (!absl::StartsWith(file.filename().string(), "TANDEM_")) fs::remove(file);
  }
  ExpectClear(Open().status());
}

TEST_F(DamageTest, MissingMarkerIsNotAnEmptyStore) {
  FillLog();
  fs::remove(path() + "/TANDEM_STORE");
  ExpectClear(Open().status());
  fs::remove(path() + "/CURRENT");
  ExpectClear(Open().status());
}

TEST_F(DamageTest, MissingHeadFileIsNoticed) {
  FillLog();
  fs::remove(path() + "/TANDEM_HEAD");
  ExpectClear(Open().status());
}

TEST_F(DamageTest, DamagedMarkerIsNoticed) {
  FillLog();
  FlipByte(path() + "/TANDEM_STORE", 3);
  EXPECT_THAT(Open(), StatusIs(absl::StatusCode::kDataLoss, HasSubstr("TANDEM_STORE")));
}

TEST_F(DamageTest, DamagedCurrentIsNoticed) {
  FillLog();
  FlipByte(path() + "/CURRENT", 2);
  ExpectClear(Open().status());
}

TEST_F(DamageTest, DamagedManifestIsNoticed) {
  FillTables();
  FlipByte(Largest("MANIFEST-", ""), fs::file_size(Largest("MANIFEST-", "")) / 2);
  ExpectNothingIsMissedSilently();
}

TEST_F(DamageTest, MissingManifestIsNoticed) {
  FillLog();
  fs::remove(Largest("MANIFEST-", ""));
  ExpectClear(Open().status());
}

TEST_F(DamageTest, MissingTableIsNoticed) {
  FillTables();
  const fs::path table = Largest("", ".sst");
  fs::remove(table);
  const absl::Status status = Open().status();
  ExpectClear(status);
  EXPECT_THAT(std::string(status.message()), HasSubstr(table.filename().string()));
}

TEST_F(DamageTest, TruncatedTableIsNoticed) {
  FillTables();
  const fs::path table = Largest("", ".sst");
  fs::resize_file(table, fs::file_size(table) / 2);
  ExpectClear(Open().status());
}

TEST_F(DamageTest, FlippedByteInATableIsNoticedAndNamed) {
  FillTables();
  FlipByte(Largest("", ".sst"), 1000);
  ExpectNothingIsMissedSilently();
}

TEST_F(DamageTest, MissingLogIsNoticed) {
  FillLog();
  fs::remove(Largest("", ".log"));
  ExpectClear(Open().status());
}

TEST_F(DamageTest, LogCutShortBelowAnAcknowledgedCommitIsNoticed) {
  FillLog();
  const fs::path log = Largest("", ".log");
  fs::resize_file(log, fs::file_size(log) - 1);
  const absl::Status status = Open().status();
  ExpectClear(status);
  EXPECT_THAT(std::string(status.message()), HasSubstr("revision 40 was committed"));
}

TEST_F(DamageTest, FlippedByteAnywhereInTheLogIsNoticedAndLeavesTheLogAlone) {
  FillLog();
  const fs::path log = Largest("", ".log");
  const uint64_t size = fs::file_size(log);
  for (uint64_t offset = 0; offset < size; offset += size / 23 + 1) {
    FlipByte(log, offset);
    ExpectClear(Open().status());
    ASSERT_EQ(fs::file_size(log), size);
    FlipByte(log, offset);  // flips it back: what can be repaired must stay repairable
  }
  EXPECT_THAT(Open(), IsOk());
}

TEST_F(DamageTest, DatabaseOfAnotherStoreIsNoticed) {
  FillLog();
  const std::string other = folder_.path() + "/other";
  ASSERT_THAT(OpenRocksDbStore(other), IsOk());
  fs::copy_file(other + "/TANDEM_STORE", path() + "/TANDEM_STORE",
                fs::copy_options::overwrite_existing);
  ExpectClear(Open().status());
}

TEST_F(DamageTest, OlderCopyOfTheDatabaseIsNoticed) {
  FillLog();
  const std::string copy = folder_.path() + "/copy";
  fs::copy(path(), copy, fs::copy_options::recursive);
  {
    absl::StatusOr<std::unique_ptr<Store>> store = Open();
    ASSERT_THAT(store, IsOk());
    ASSERT_THAT((*store)->Apply(Put("later", "x")), IsOk());
  }
  fs::copy_file(path() + "/TANDEM_HEAD", copy + "/TANDEM_HEAD",
                fs::copy_options::overwrite_existing);
  EXPECT_THAT(OpenRocksDbStore(copy),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("revision 41 was committed")));
}

TEST_F(DamageTest, FolderWithOtherFilesIsLeftAlone) {
  fs::create_directories(path());
  std::ofstream(path() + "/thesis.odt") << "important";
  EXPECT_THAT(Open(), StatusIs(absl::StatusCode::kFailedPrecondition,
                               AllOf(HasSubstr("thesis.odt"), HasSubstr("empty folder"))));
  EXPECT_FALSE(fs::exists(path() + "/CURRENT"));
}

TEST_F(DamageTest, FileInThePlaceOfTheFolderIsRefused) {
  std::ofstream(path()) << "not a folder";
  EXPECT_THAT(Open(), StatusIs(absl::StatusCode::kUnavailable, HasSubstr(path())));
}

TEST_F(DamageTest, MissingParentsAreCreated) {
  EXPECT_THAT(OpenRocksDbStore(folder_.path() + "/a/b/c/"), IsOk());
  EXPECT_TRUE(fs::exists(folder_.path() + "/a/b/c/TANDEM_STORE"));
}

TEST_F(DamageTest, SecondOpenInTheSameProcessIsRefused) {
  absl::StatusOr<std::unique_ptr<Store>> store = Open();
  ASSERT_THAT(store, IsOk());
  EXPECT_THAT(Open(), StatusIs(absl::StatusCode::kUnavailable,
                               AllOf(HasSubstr(path()), HasSubstr("in use"))));
  EXPECT_THAT((*store)->Apply(Put("a", "1")), IsOk());
}

TEST_F(DamageTest, StoreInUseByAnotherProcessIsRefusedUntilThatEnds) {
  FillLog();
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t other = fork();
  if (other == 0) {  // only opens files and calls nothing of the parent's threads
    const int lock = open((path() + "/TANDEM_LOCK").c_str(), O_RDWR);
    struct flock whole = {};
    whole.l_type = F_WRLCK;
    const char result = fcntl(lock, F_SETLK, &whole) == 0 ? 'y' : 'n';
    if (write(ready[1], &result, 1) != 1) _exit(1);
    pause();
    _exit(0);
  }
  char result = 0;
  ASSERT_EQ(read(ready[0], &result, 1), 1);
  ASSERT_EQ(result, 'y');

  EXPECT_THAT(Open(), StatusIs(absl::StatusCode::kUnavailable,
                               AllOf(HasSubstr(path()), HasSubstr("another process"))));

  kill(other, SIGKILL);
  waitpid(other, nullptr, 0);
  absl::StatusOr<std::unique_ptr<Store>> store = Open();
  ASSERT_THAT(store, IsOk());
  EXPECT_EQ((*store)->Revisions().head, kCommits);
}

TEST(OpenTest, UrlNamesTheBackend) {
  base::TempDir folder;
  EXPECT_THAT(storage::Open("memory:"), IsOk());
  EXPECT_THAT(storage::Open("rocksdb:" + folder.path() + "/s"), IsOk());
  for (const char* wrong : {"", "rocksdb:", "memory", "postgres://x", "/tmp/x"}) {
    EXPECT_THAT(storage::Open(wrong),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("rocksdb:PATH")));
  }
}

}  // namespace
}  // namespace tandem::storage
