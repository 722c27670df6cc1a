#include "services/profiles/identity/master_key.h"

#include <sys/stat.h>

#include <fstream>
#include <string>

#include "absl/status/status.h"
#include "base/status_matchers.h"
#include "base/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::profiles {
namespace {

using base::StatusIs;
using testing::HasSubstr;

TEST(MasterKeyTest, IsReadAsItWasMadeAndOnlyByItsOwner) {
  base::TempDir folder;
  const std::string path = folder.Join("master.key");

  TANDEM_ASSERT_OK_AND_ASSIGN(Secret made, CreateMasterKey(path));
  TANDEM_ASSERT_OK_AND_ASSIGN(Secret read, ReadMasterKey(path));

  EXPECT_EQ(made.bytes(), read.bytes());
  struct stat info = {};
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST(MasterKeyTest, AnExistingOneIsNeverReplaced) {
  base::TempDir folder;
  const std::string path = folder.Join("master.key");
  TANDEM_ASSERT_OK(CreateMasterKey(path));

  EXPECT_THAT(CreateMasterKey(path),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("master.key is there already")));
}

TEST(MasterKeyTest, AFileThatOthersMayReadIsRefusedWithTheRemedy) {
  base::TempDir folder;
  const std::string path = folder.Join("master.key");
  TANDEM_ASSERT_OK(CreateMasterKey(path));
  ASSERT_EQ(chmod(path.c_str(), 0640), 0);

  EXPECT_THAT(ReadMasterKey(path),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("chmod 600 " + path)));
}

TEST(MasterKeyTest, AMissingOrDamagedFileIsNamed) {
  base::TempDir folder;
  const std::string path = folder.Join("master.key");
  EXPECT_THAT(ReadMasterKey(path), StatusIs(absl::StatusCode::kNotFound, HasSubstr(path)));

  std::ofstream(path) << "not a key\n";
  ASSERT_EQ(chmod(path.c_str(), 0600), 0);

  EXPECT_THAT(ReadMasterKey(path), StatusIs(absl::StatusCode::kDataLoss, HasSubstr(path)));
}

}  // namespace
}  // namespace tandem::profiles
