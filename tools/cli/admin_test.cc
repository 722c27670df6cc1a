// What `tandem admin` and --token-file do before any server is asked.
#include <sys/stat.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/common/testing/test_certificates.h"
#include "services/common/tls/tls_files.h"
#include "tools/cli/testing/run_tandem.h"

namespace tandem::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class AdminTest : public ::testing::Test {
 protected:
  std::string Put(const std::string& name, const std::string& text, mode_t mode = 0600) {
    std::ofstream(folder_.Join(name), std::ios::binary) << text;
    EXPECT_EQ(chmod(folder_.Join(name).c_str(), mode), 0);
    return folder_.Join(name);
  }

  std::string Read(const std::string& name) {
    std::stringstream text;
    text << std::ifstream(folder_.Join(name)).rdbuf();
    return text.str();
  }

  // Lists mentors with `options`, where nobody listens; what was wrong with the options.
  std::string Refusal(std::vector<std::string> options) {
    options.insert(options.end(), {"mentor", "list"});
    const Outcome outcome = RunTandem(options);
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
    EXPECT_THAT(outcome.err, Not(HasSubstr("canary")));
    return outcome.err;
  }

  base::TempDir folder_;
};

TEST_F(AdminTest, ATokenFileThatCannotBeTrustedIsRefused) {
  const std::string open = Put("open", "tandem_at_canary", 0640);
  EXPECT_THAT(Refusal({"--token-file", open}), HasSubstr("chmod 600 " + open));
  EXPECT_THAT(Refusal({"--token-file", Put("empty", "")}), HasSubstr("is empty"));
  EXPECT_THAT(Refusal({"--token-file", Put("two", "canary\ncanary\n")}), HasSubstr("nothing else"));
  EXPECT_THAT(Refusal({"--token-file", folder_.Join("missing")}), HasSubstr("missing"));
}

TEST_F(AdminTest, ATokenGoesToOtherMachinesByTlsOnly) {
  const std::string token = Put("token", "tandem_at_canary\n");
  for (const char* address : {"10.0.0.1:7400", "tandem.example.org:7400", "0.0.0.0:7400",
                              "profiles=127.0.0.1:1,needs=127.0.0.1:2,matching=127.0.0.1:3,"
                              "audit=10.0.0.1:4"}) {
    EXPECT_THAT(Refusal({"--address", address, "--token-file", token}), HasSubstr("--tls-ca"));
  }
  // On this machine it is tried; nobody answers there.
  const Outcome tried =
      RunTandem({"--address", "unix:nobody-listens", "--token-file", token, "mentor", "list"});
  EXPECT_EQ(tried.exit_code, 1);
  EXPECT_THAT(tried.err, HasSubstr("No answer from"));
}

TEST_F(AdminTest, ATokenSaysWhoCallsSoThatOptionsDoNot) {
  const std::string own = Put("own", "tandem_at_canary\n");
  const std::string provider = Put("provider", "canary.canary.canary\n");
  for (const std::vector<std::string>& options : std::vector<std::vector<std::string>>{
           {"--token-file", own, "--as", "amina"},
           {"--token-file", own, "--role", "admin"},
           {"--token-file", own, "--role", "mentor", "--subject", "mentors/1"},
           {"--token-file", provider, "--as", "amina"}}) {
    EXPECT_THAT(Refusal(options), HasSubstr("leave out --as, --role and --subject"));
  }
  // The provider's may be good for several roles.
  const Outcome chosen = RunTandem({"--address", "unix:nobody-listens", "--token-file", provider,
                                    "--role", "approver", "mentor", "list"});
  EXPECT_EQ(chosen.exit_code, 1) << chosen.err;
}

TEST_F(AdminTest, NothingIsCreatedWhenItsSecretWouldHaveNoPlace) {
  const std::string taken = Put("taken", "older\n");
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"token", "create", "staff-7", "staff"},
        std::vector<std::string>{"token", "rotate", "accessTokens/1"},
        std::vector<std::string>{"invite", "create", "staff-7", "staff"},
        std::vector<std::string>{"invite", "redeem", "--code-file", taken}}) {
    std::vector<std::string> words = {"--address", "unix:nobody-listens", "admin"};
    words.insert(words.end(), command.begin(), command.end());
    words.insert(words.end(), {"--out", taken});
    const Outcome outcome = RunTandem(words);
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_THAT(outcome.err, HasSubstr(taken + " exists already"));
  }
  EXPECT_EQ(Read("taken"), "older\n");
}

TEST_F(AdminTest, WrongWordsAreBadInput) {
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"token", "create", "staff-7"},
           {"token", "create", "staff-7", "king"},
           {"token", "create", "staff-7", "staff", "--expires", "yesterday"},
           {"token", "rotate", "accessTokens/1", "--overlap-minutes", "-1"},
           {"invite", "create", "staff-7", "staff", "--token-days", "367"},
           {"invite", "redeem"}}) {
    std::vector<std::string> all = {"admin"};
    all.insert(all.end(), words.begin(), words.end());
    EXPECT_EQ(RunTandem(all).exit_code, 2) << ::testing::PrintToString(words);
  }
  EXPECT_THAT(RunTandem({"admin", "token"}).err, HasSubstr("tandem admin token needs a command"));
  const Outcome apart = RunTandem({"--address",
                                   "profiles=127.0.0.1:1,needs=127.0.0.1:2,matching=127.0.0.1:3,"
                                   "audit=127.0.0.1:4",
                                   "admin", "token", "list"});
  EXPECT_EQ(apart.exit_code, 2);
  EXPECT_THAT(apart.err, HasSubstr("access=HOST:PORT"));
}

TEST_F(AdminTest, RowsOfCertificatesAreAddedListedAndRemoved) {
  common::TestAuthority authority;
  const common::TestCertificate system = authority.Issue("registry");
  const std::string pem = Put("registry.pem", system.certificate);
  const std::string fingerprint = common::CertificateFingerprint(system.certificate).value_or("");
  const std::string file = folder_.Join("certificates.csv");
  const std::string header = "fingerprint,actor,role,subject\n";
  const std::string row = absl::StrCat(fingerprint, ",\"Registry, ISO\",programme-system,\n");

  const Outcome printed = RunTandem(
      {"--format", "csv", "admin", "cert", "print", pem, "Registry, ISO", "programme-system"});
  EXPECT_EQ(printed.exit_code, 0) << printed.err;
  EXPECT_EQ(printed.out, header + row);
  const Outcome added =
      RunTandem({"admin", "cert", "add", file, pem, "Registry, ISO", "programme-system"});
  EXPECT_EQ(added.exit_code, 0) << added.err;
  EXPECT_EQ(Read("certificates.csv"), header + row);

  const Outcome again = RunTandem({"admin", "cert", "add", file, pem, "Other", "staff"});
  EXPECT_EQ(again.exit_code, 2);
  EXPECT_THAT(again.err, HasSubstr("certificates.csv:3:1: "));
  EXPECT_EQ(RunTandem({"admin", "cert", "add", file, pem, "Other", "mentor"}).exit_code, 2);
  EXPECT_EQ(Read("certificates.csv"), header + row);

  const Outcome listed = RunTandem({"--format", "json", "admin", "cert", "list", file});
  EXPECT_THAT(listed.out, AllOf(HasSubstr("\"fingerprint\": \"" + fingerprint + "\""),
                                HasSubstr("\"actor\": \"Registry, ISO\"")));
  EXPECT_EQ(RunTandem({"admin", "cert", "remove", file, std::string(64, 'a')}).exit_code, 1);
  EXPECT_EQ(RunTandem({"admin", "cert", "remove", file, pem}).exit_code, 0);
  EXPECT_EQ(Read("certificates.csv"), header);
  EXPECT_THAT(RunTandem({"admin", "cert", "list", Put("bad.csv", "fingerprint\n")}).err,
              HasSubstr("bad.csv"));
}

}  // namespace
}  // namespace tandem::cli
