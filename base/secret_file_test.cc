#include "base/secret_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status_matchers.h"
#include "base/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::base {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class SecretFileTest : public ::testing::Test {
 protected:
  std::string Put(const std::string& text, mode_t mode = 0600) {
    const std::string path = folder_.Join("secret");
    std::ofstream(path, std::ios::binary) << text;
    EXPECT_EQ(chmod(path.c_str(), mode), 0);
    return path;
  }

  base::TempDir folder_;
};

TEST_F(SecretFileTest, WhatIsKeptIsReadByItsOwnerAlone) {
  const std::string path = folder_.Join("made");
  const mode_t before = umask(0);
  {
    TANDEM_ASSERT_OK_AND_ASSIGN(const auto file, SecretFile::Create(path));
    TANDEM_ASSERT_OK(file->Write("tandem_at_1"));
    file->Keep();
  }
  umask(before);
  struct stat facts = {};
  ASSERT_EQ(stat(path.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 07777, 0600u);
  TANDEM_ASSERT_OK_AND_ASSIGN(const std::string secret, ReadSecretFile(path));
  EXPECT_EQ(secret, "tandem_at_1");
}

TEST_F(SecretFileTest, WhatIsNotKeptIsRemoved) {
  const std::string path = folder_.Join("made");
  {
    TANDEM_ASSERT_OK_AND_ASSIGN(const auto file, SecretFile::Create(path));
    TANDEM_ASSERT_OK(file->Write("tandem_at_1"));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(SecretFileTest, NothingIsOverwrittenNorALinkFollowed) {
  const std::string path = Put("older");
  EXPECT_THAT(SecretFile::Create(path).status(),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr(path)));
  const std::string link = folder_.Join("link");
  ASSERT_EQ(symlink(folder_.Join("nowhere").c_str(), link.c_str()), 0);
  EXPECT_THAT(SecretFile::Create(link).status(), StatusIs(absl::StatusCode::kAlreadyExists));
  TANDEM_ASSERT_OK_AND_ASSIGN(const std::string secret, ReadSecretFile(path));
  EXPECT_EQ(secret, "older");
  EXPECT_THAT(SecretFile::Create(folder_.Join("no/folder")).status(),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(SecretFileTest, AFileThatOthersMayReadIsRefusedWithoutItsContent) {
  for (const mode_t mode : {0640, 0604, 0644, 0620, 0666}) {
    const std::string path = Put("tandem_at_1\n", mode);
    EXPECT_THAT(ReadSecretFile(path).status(),
                StatusIs(absl::StatusCode::kPermissionDenied,
                         AllOf(HasSubstr("chmod 600"), Not(HasSubstr("tandem_at_1")))))
        << mode;
  }
  for (const mode_t mode : {0600, 0400, 0700}) {
    TANDEM_EXPECT_OK(ReadSecretFile(Put("tandem_at_1\n", mode)).status());
    chmod(folder_.Join("secret").c_str(), 0600);
  }
}

TEST_F(SecretFileTest, OneSecretAndNothingElseIsTaken) {
  for (const char* text : {"abc", "abc\n", "abc\r\n"}) {
    TANDEM_ASSERT_OK_AND_ASSIGN(const std::string secret, ReadSecretFile(Put(text)));
    EXPECT_EQ(secret, "abc");
  }
  for (const std::string& text :
       {std::string(""), std::string("\n"), std::string("canary b"), std::string("canary\nb\n"),
        std::string("canary\n\n"), std::string(" canary"), std::string("canary\0", 7),
        std::string("canary\xC3\xA9"), std::string((16 << 10) + 1, 'c')}) {
    EXPECT_THAT(ReadSecretFile(Put(text)).status(),
                StatusIs(absl::StatusCode::kInvalidArgument, Not(HasSubstr("canary"))))
        << text.size();
  }
  EXPECT_THAT(ReadSecretFile(folder_.path()).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("folder")));
  EXPECT_THAT(ReadSecretFile(folder_.Join("missing")).status(),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("missing")));
}

TEST_F(SecretFileTest, APipeGivesItsSecretToo) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  ASSERT_EQ(write(ends[1], "abc\n", 4), 4);
  close(ends[1]);
  TANDEM_ASSERT_OK_AND_ASSIGN(const std::string secret,
                              ReadSecretFile(absl::StrCat("/dev/fd/", ends[0])));
  EXPECT_EQ(secret, "abc");
  close(ends[0]);
}

}  // namespace
}  // namespace tandem::base
