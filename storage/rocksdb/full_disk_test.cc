// A full disk: an error that says so, no false acknowledgement, and after space was made everything
// acknowledged is there. On a small file system in memory (tmpfs) where one may be mounted, and
// everywhere under a limit of the size of files, which ends a write as a full disk does.
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status_matchers.h"
#include "base/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/rocksdb/rocksdb_store.h"
#include "storage/testing/commits.h"

namespace tandem::storage {
namespace {

using base::IsOk;
using base::StatusIs;
using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;

std::string Noise(std::mt19937* random) {
  std::string noise(8 * 1024, '\0');
  for (char& byte : noise) byte = static_cast<char>((*random)() & 0xFF);
  return noise;
}

// Writes until the store refuses and returns the error; `*acknowledged` counts the commits.
absl::Status WriteUntilRefused(Store* store, int most, int* acknowledged) {
  std::mt19937 random(7);
  for (int i = 0; i < most; ++i) {
    const absl::StatusOr<Revision> revision =
        store->Apply(WithAnswer(Put(absl::StrCat("k", i), Noise(&random)), absl::StrCat("r", i)));
    if (!revision.ok()) return revision.status();
    ++*acknowledged;
  }
  return absl::OkStatus();
}

// What a full disk at `path` must look like; `make_space` ends it.
void ExpectFullDiskIsHandled(const std::string& path, const std::function<void()>& make_space) {
  int acknowledged = 0;
  {
    absl::StatusOr<std::unique_ptr<Store>> store = OpenRocksDbStore(path);
    ASSERT_THAT(store, IsOk());
    const absl::Status refused = WriteUntilRefused(store->get(), 10000, &acknowledged);
    EXPECT_THAT(refused, StatusIs(absl::StatusCode::kResourceExhausted,
                                  AllOf(HasSubstr(path), HasSubstr("free space"),
                                        HasSubstr("ask for the request_id"))));
    EXPECT_GT(acknowledged, 10);
    EXPECT_THAT((*store)->Apply(Put("more", "x")),
                StatusIs(absl::StatusCode::kUnavailable, HasSubstr("restart")));
    EXPECT_THAT((*store)->Health(), StatusIs(absl::StatusCode::kUnavailable, HasSubstr("full")));
    EXPECT_THAT((*store)->Trim(1), StatusIs(absl::StatusCode::kUnavailable));
    EXPECT_THAT(NewestContents(**store),
                base::IsOkAndHolds(testing::SizeIs(static_cast<size_t>(acknowledged))));
  }
  make_space();
  absl::StatusOr<std::unique_ptr<Store>> store = OpenRocksDbStore(path);
  ASSERT_THAT(store, IsOk());
  const Revision head = (*store)->Revisions().head;
  EXPECT_THAT(head, AnyOf(acknowledged, acknowledged + 1)) << "one outcome was unknown";
  EXPECT_THAT(NewestContents(**store),
              base::IsOkAndHolds(testing::SizeIs(static_cast<size_t>(head))));
  const auto unknown = (*store)->FindAnswer(absl::StrCat("r", acknowledged));
  ASSERT_THAT(unknown, IsOk());
  EXPECT_EQ(unknown->has_value(), head == acknowledged + 1) << "its answer tells the outcome";
  EXPECT_THAT((*store)->Apply(Put("more", "x")), base::IsOkAndHolds(head + 1));
}

// A tmpfs of 16 MB, or where none may be mounted a folder: mounted() tells.
class SmallDisk {
 public:
  SmallDisk() : mounted_(mount("none", folder_.path().c_str(), "tmpfs", 0, "size=16m") == 0) {}
  ~SmallDisk() {
    if (mounted_) umount(folder_.path().c_str());
  }
  bool mounted() const { return mounted_; }
  const std::string& path() const { return folder_.path(); }

 private:
  base::TempDir folder_;
  const bool mounted_;
};

TEST(FullDiskTest, FullFileSystemIsAClearErrorAndLosesNothing) {
  SmallDisk disk;
  // Only the superuser mounts. Others prove the same by the limit below.
  if (!disk.mounted()) {
    ASSERT_NE(geteuid(), 0u) << "mount: " << strerror(errno);
    return;
  }
  std::ofstream ballast(disk.path() + "/ballast");
  ballast << std::string(10 * 1024 * 1024, 'b');
  ballast.close();
  ExpectFullDiskIsHandled(disk.path() + "/store",
                          [&] { std::filesystem::remove(disk.path() + "/ballast"); });
}

TEST(FullDiskTest, FileThatMayNotGrowIsAClearErrorAndLosesNothing) {
  base::TempDir folder;
  signal(SIGXFSZ, SIG_IGN);  // so that the write fails instead
  rlimit before;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit small = before;
  small.rlim_cur = 1024 * 1024;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  ExpectFullDiskIsHandled(folder.path() + "/store",
                          [&] { ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0); });
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
}

TEST(FullDiskTest, NoSpaceForANewStoreIsAClearError) {
  base::TempDir folder;
  signal(SIGXFSZ, SIG_IGN);
  rlimit before;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit none = before;
  none.rlim_cur = 0;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &none), 0);
  const absl::Status status = OpenRocksDbStore(folder.path() + "/store").status();
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("free space")));
  EXPECT_THAT(OpenRocksDbStore(folder.path() + "/store"), IsOk()) << "and can be created later";
}

}  // namespace
}  // namespace tandem::storage
