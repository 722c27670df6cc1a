// TLS as an operator turns it on: real programs, real files, real sockets.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/child_process.h"
#include "base/status_matchers.h"
#include "base/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/common/testing/test_certificates.h"
#include "services/common/tls/tls_files.h"

namespace tandem::journey {
namespace {

using common::TestCertificate;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr int kBadInput = 2;
constexpr char kTandemd[] = "services/tandemd/tandemd";

base::Finished RunTool(const std::vector<std::string>& arguments) {
  absl::StatusOr<base::Finished> finished = base::RunProgram(arguments);
  EXPECT_TRUE(finished.ok()) << finished.status();
  return finished.ok() ? *std::move(finished) : base::Finished();
}

class TlsJourneyTest : public ::testing::Test {
 protected:
  TlsJourneyTest() {
    Write("ca.pem", authority_.certificate());
    WritePair("server", authority_.Issue("server"));
    const TestCertificate staff = authority_.Issue("staff system");
    WritePair("staff", staff);
    const auto print = common::CertificateFingerprint(staff.certificate);
    Write("certificates.csv", absl::StrCat("fingerprint,actor,role,subject\n",
                                           print.value_or("none"), ",Registry,staff,\n"));
  }

  void Write(const std::string& name, const std::string& text) {
    std::ofstream(folder_.Join(name), std::ios::binary) << text;
  }
  void WritePair(const std::string& name, const TestCertificate& pair) {
    Write(name + ".pem", pair.certificate);
    Write(name + ".key", pair.key);
  }

  std::vector<std::string> Server(const std::string& address, const std::string& key) const {
    return {kTandemd,
            "--address",
            address,
            "--data",
            folder_.Join("data"),
            "--tls-certificate",
            folder_.Join("server.pem"),
            "--tls-key",
            folder_.Join(key),
            "--tls-client-ca",
            folder_.Join("ca.pem"),
            "--certificates",
            folder_.Join("certificates.csv")};
  }

  // `tandem` with the shared options `more`, then `words`.
  base::Finished Tandem(const std::string& port, const std::vector<std::string>& more,
                        const std::vector<std::string>& words) const {
    std::vector<std::string> arguments = {"tools/tandem", "--address", "127.0.0.1:" + port};
    arguments.insert(arguments.end(), more.begin(), more.end());
    arguments.insert(arguments.end(), words.begin(), words.end());
    return RunTool(arguments);
  }

  const base::TempDir folder_;
  common::TestAuthority authority_;
};

TEST_F(TlsJourneyTest, AServerBeyondThisMachineServesTheCommandLineByItsCertificate) {
  TANDEM_ASSERT_OK_AND_ASSIGN(const auto server,
                              base::ChildProcess::Start(Server("0.0.0.0:0", "server.key")));
  TANDEM_ASSERT_OK_AND_ASSIGN(const std::string line,
                              server->WaitForLine("listening on 0.0.0.0:", absl::Seconds(60)));
  const std::vector<std::string> words = absl::StrSplit(line, ':');
  const std::string& port = words.back();
  const std::vector<std::string> tls = {"--tls-ca",          folder_.Join("ca.pem"),
                                        "--tls-certificate", folder_.Join("staff.pem"),
                                        "--tls-key",         folder_.Join("staff.key")};

  const base::Finished made =
      Tandem(port, tls, {"import", "organisations", "tools/sample/organisations.csv"});
  EXPECT_EQ(made.exit_code, 0) << made.errors;
  const base::Finished listed = Tandem(port, tls, {"mentor", "list"});
  EXPECT_EQ(listed.exit_code, 0) << listed.errors;
  // The services follow each other inside, where there are no certificates.
  std::vector<std::string> lies = tls;
  lies.insert(lies.end(), {"--role", "admin"});
  EXPECT_EQ(Tandem(port, lies, {"mentor", "list"}).exit_code, kBadInput);
  EXPECT_NE(Tandem(port, {}, {"mentor", "list"}).exit_code, 0);
  EXPECT_NE(Tandem(port, {"--tls-ca", folder_.Join("ca.pem")}, {"mentor", "list"}).exit_code, 0);
}

TEST_F(TlsJourneyTest, AKeyThatDoesNotBelongEndsTheStartBeforeAnythingIsMade) {
  const base::Finished refused = RunTool(Server("127.0.0.1:0", "staff.key"));
  EXPECT_EQ(refused.exit_code, kBadInput) << refused.errors;
  EXPECT_THAT(refused.errors,
              AllOf(HasSubstr(folder_.Join("staff.key")), HasSubstr(folder_.Join("server.pem")),
                    Not(HasSubstr("PRIVATE KEY"))));
  EXPECT_FALSE(std::filesystem::exists(folder_.Join("data")));
}

}  // namespace
}  // namespace tandem::journey
