#include "services/common/listen_address.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::common {
namespace {

using base::StatusIs;
using ::testing::HasSubstr;

TEST(ListenAddressTest, LoopbackIsTaken) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"127.0.0.1:7400", "127.0.0.1:7400"}, {"127.1.2.3:0", "127.1.2.3:0"},
      {"localhost:1", "127.0.0.1:1"},       {"[::1]:7400", "[::1]:7400"},
      {"unix:/run/t", "unix:/run/t"},       {"unix:t", "unix:t"},
  };
  for (const auto& [text, expected] : cases) {
    TANDEM_ASSERT_OK_AND_ASSIGN(const ListenAddress address, ParseListenAddress(text));
    EXPECT_EQ(address.ToString(), expected);
  }
}

TEST(ListenAddressTest, AnythingElseIsRefusedWithTheReason) {
  for (const char* text :
       {"", ":7400", "7400", "0.0.0.0:7400", "10.0.0.1:7400", "[::]:7400", "::1:7400",
        "example.org:7400", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
        "127.0.0.1:http", "unix:", "128.0.0.1:1"}) {
    EXPECT_THAT(ParseListenAddress(text),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("127.0.0.1:PORT")))
        << text;
  }
}

TEST(ListenAddressTest, WithTlsAnyNumericAddressIsTaken) {
  for (const char* text : {"0.0.0.0:7400", "10.0.0.1:1", "[::]:7400", "[2001:db8::1]:0",
                           "127.0.0.1:7400", "[::1]:7400", "unix:/run/t"}) {
    TANDEM_ASSERT_OK_AND_ASSIGN(const ListenAddress address,
                                ParseListenAddress(text, Reach::kAnywhere));
    EXPECT_EQ(address.ToString(), text);
  }
  for (const char* text : {"", ":7400", "::1:7400", "[0.0.0.0]:1", "[::]", "example.org:7400",
                           "0.0.0.0:65536", "unix:"}) {
    EXPECT_THAT(ParseListenAddress(text, Reach::kAnywhere),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("0.0.0.0:7400")))
        << text;
  }
}

TEST(ListenAddressTest, FreePortIsFree) {
  ListenAddress address;
  address.host = "127.0.0.1";

  TANDEM_EXPECT_OK(CheckFree(address));
}

TEST(ListenAddressTest, WhatIsListenedAtHasItsRealPortAndIsTaken) {
  for (const char* host : {"127.0.0.1", "::1"}) {
    ListenAddress address;
    address.host = host;
    TANDEM_ASSERT_OK_AND_ASSIGN(const int listener, Listen(&address));
    EXPECT_NE(address.port, 0);
    EXPECT_THAT(CheckFree(address), StatusIs(absl::StatusCode::kAlreadyExists));
    ListenAddress again = address;
    EXPECT_THAT(Listen(&again), StatusIs(absl::StatusCode::kAlreadyExists));
    close(listener);
    TANDEM_EXPECT_OK(CheckFree(address));
  }
}

// A socket's path has at most 107 bytes, and those of test folders are longer on some machines.
class ShortFolder {
 public:
  ShortFolder() { EXPECT_NE(mkdtemp(path_.data()), nullptr); }
  ~ShortFolder() { std::filesystem::remove_all(path_); }
  std::string Join(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_ = "/tmp/tandem.XXXXXX";
};

TEST(ListenAddressTest, ASocketFileThatNobodyAnswersAtIsReplacedAndAnyOtherFileIsNot) {
  const ShortFolder folder;
  ListenAddress address;
  address.unix_path = folder.Join("socket");
  TANDEM_ASSERT_OK_AND_ASSIGN(const int killed, Listen(&address));
  EXPECT_THAT(Listen(&address), StatusIs(absl::StatusCode::kAlreadyExists));
  close(killed);
  TANDEM_ASSERT_OK_AND_ASSIGN(const int listener, Listen(&address));
  close(listener);
  address.unix_path = folder.Join("letter");
  std::ofstream(address.unix_path) << "dear";
  EXPECT_THAT(Listen(&address), StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_TRUE(std::filesystem::is_regular_file(address.unix_path));
}

TEST(ListenAddressTest, SocketPathThatIsTooLongIsRefused) {
  ListenAddress address;
  address.unix_path = "/" + std::string(200, 'x');

  EXPECT_THAT(CheckFree(address), StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace tandem::common
