// What the server programs say when they cannot start, and `tandem` when it cannot reach them: a
// message that says what to do, the right exit code, and never a crash.
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/child_process.h"
#include "base/status_matchers.h"
#include "base/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/journey/deployment.h"

namespace tandem::journey {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr int kBadInput = 2;

base::Finished RunTool(const std::vector<std::string>& arguments) {
  absl::StatusOr<base::Finished> finished = base::RunProgram(arguments);
  EXPECT_TRUE(finished.ok()) << finished.status();
  return finished.ok() ? *std::move(finished) : base::Finished();
}

class ServerStartTest : public ::testing::TestWithParam<std::string> {
 protected:
  base::Finished Start(const std::string& address, const std::string& data,
                       const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {GetParam(), "--address", address, "--data", data};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return RunTool(arguments);
  }

  const base::TempDir folder_;
};

TEST_P(ServerStartTest, DataFolderThatIsAFileIsNamed) {
  const std::string file = folder_.Join("file");
  std::ofstream(file) << "not a folder";

  const base::Finished refused = Start("127.0.0.1:0", file);

  EXPECT_EQ(refused.exit_code, kBadInput) << refused.errors;
  EXPECT_THAT(refused.errors, HasSubstr(file));
}

TEST_P(ServerStartTest, DataFolderThatCannotBeMadeIsNamed) {
  const base::Finished refused = Start("127.0.0.1:0", "/proc/tandem");

  EXPECT_EQ(refused.exit_code, kBadInput) << refused.errors;
  EXPECT_THAT(refused.errors, HasSubstr("/proc/tandem"));
}

TEST_P(ServerStartTest, AnAddressOfOtherMachinesIsRefusedAndLeavesNoFolder) {
  for (const std::string address : {"0.0.0.0:0", "[::]:0", "example.org:80", "127.0.0.1", ""}) {
    const std::string data = folder_.Join("never");

    const base::Finished refused = Start(address, data);

    EXPECT_EQ(refused.exit_code, kBadInput) << address << ": " << refused.errors;
    EXPECT_THAT(refused.errors, HasSubstr("127.0.0.1:PORT")) << address;
    EXPECT_FALSE(std::filesystem::exists(data)) << address;
  }
}

TEST_P(ServerStartTest, AnUnknownOptionIsBadInputAndHelpIsNot) {
  const base::Finished unknown = Start("127.0.0.1:0", folder_.Join("never"), {"--colour"});
  const base::Finished help = Start("127.0.0.1:0", folder_.Join("never"), {"--help"});

  EXPECT_EQ(unknown.exit_code, kBadInput) << unknown.errors;
  EXPECT_THAT(unknown.errors, HasSubstr("--colour"));
  EXPECT_EQ(help.exit_code, 0) << help.errors;
  EXPECT_THAT(help.output, HasSubstr("--data"));
  EXPECT_FALSE(std::filesystem::exists(folder_.Join("never")));
}

INSTANTIATE_TEST_SUITE_P(Programs, ServerStartTest,
                         ::testing::Values("services/tandemd/tandemd",
                                           "services/profiles/profiles_server",
                                           "services/needs/needs_server",
                                           "services/matching/matching_server",
                                           "services/audit/audit_server"),
                         [](const ::testing::TestParamInfo<std::string>& program) {
                           return program.param.substr(program.param.rfind('/') + 1);
                         });

TEST(PeerStartTest, AServiceOfAnotherMachineIsCalledByTlsOnly) {
  for (const std::string program :
       {"services/matching/matching_server", "services/audit/audit_server",
        "services/access/access_server", "services/needs/needs_server"}) {
    const base::TempDir folder;

    const base::Finished refused =
        RunTool({program, "--address", "127.0.0.1:0", "--data", folder.Join("never"),
                 "--profiles-address", "profiles.example.org:7401"});

    EXPECT_EQ(refused.exit_code, kBadInput) << program << refused.errors;
    EXPECT_THAT(refused.errors,
                AllOf(HasSubstr("--profiles-address"), HasSubstr("profiles.example.org:7401"),
                      HasSubstr("--services-tls-ca")));
    EXPECT_FALSE(std::filesystem::exists(folder.Join("never"))) << program;
  }
}

TEST(TandemdStartTest, ReferenceFolderThatIsMissingIsNamed) {
  const base::TempDir folder;

  const base::Finished refused =
      RunTool({"services/tandemd/tandemd", "--address", "127.0.0.1:0", "--data",
               folder.Join("data"), "--reference", folder.Join("nowhere")});

  EXPECT_EQ(refused.exit_code, kBadInput) << refused.errors;
  EXPECT_THAT(refused.errors, HasSubstr(folder.Join("nowhere")));
}

TEST(TandemdStartTest, ATakenPortAndADataFolderInUseAreToldApart) {
  const base::TempDir folder;
  Deployment first(Shape::kOneProcess, folder.Join("data"));
  TANDEM_ASSERT_OK(first.Start());
  const std::string address = first.AddressOptions()[1];

  const base::Finished port =
      RunTool({"services/tandemd/tandemd", "--address", address, "--data", folder.Join("other")});
  const base::Finished data = RunTool(
      {"services/tandemd/tandemd", "--address", "127.0.0.1:0", "--data", folder.Join("data")});

  EXPECT_EQ(port.exit_code, kBadInput) << port.errors;
  EXPECT_FALSE(std::filesystem::exists(folder.Join("other"))) << "nothing is made for nothing";
  EXPECT_THAT(port.errors, AllOf(HasSubstr(address), HasSubstr("choose another address")));
  EXPECT_EQ(data.exit_code, kBadInput) << data.errors;
  EXPECT_THAT(data.errors, AllOf(HasSubstr(folder.Join("data")), HasSubstr("in use")));
}

TEST(TandemReachTest, ASilentAddressIsNamedWithWhatToDo) {
  for (const std::string address :
       {"127.0.0.1:1", "127.0.0.1", "", "host:port", "::1:80", "host:70000", "unix:"}) {
    const base::Finished refused =
        RunTool({"tools/tandem", "--address", address, "--timeout", "2", "mentor", "list"});

    EXPECT_THAT(refused.errors, HasSubstr("HOST:PORT")) << address;
    EXPECT_THAT(refused.errors, Not(HasSubstr("secure client channel"))) << address;
    // What cannot be an address is bad input; what merely does not answer is a failure.
    EXPECT_EQ(refused.exit_code, address == "127.0.0.1:1" ? 1 : kBadInput) << refused.errors;
  }
}

}  // namespace
}  // namespace tandem::journey
