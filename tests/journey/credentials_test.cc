// The credentials of an installation from its first start on: a real tandemd behind TLS that
// believes nobody without them, and people who come to it by the command line and by gRPC.
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/child_process.h"
#include "base/secret_file.h"
#include "base/status_matchers.h"
#include "base/temp_dir.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/json_util.h"
#include "grpcpp/create_channel.h"
#include "gtest/gtest.h"
#include "services/common/authentication/oidc/testing/test_issuer.h"
#include "services/common/errors.h"
#include "services/common/principal.h"
#include "services/common/testing/test_certificates.h"
#include "services/common/tls/client_credentials.h"
#include "tandem/access/v1/access_service.pb.h"
#include "tandem/audit/v1/audit_service.pb.h"
// The methods of all services are called by their names.
#include "tandem/events/v1/events_service.pb.h"
#include "tandem/matching/v1/matching_service.pb.h"
#include "tandem/needs/v1/needs_service.pb.h"
#include "tandem/profiles/v1/profiles_service.pb.h"
#include "tests/access/permission_table.h"
#include "tests/access/raw_call.h"

namespace tandem::journey {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kTandemd[] = "services/tandemd/tandemd";
constexpr absl::Duration kGuard = absl::Minutes(2);
constexpr common::v1::Role kRolesOfPeople[] = {common::v1::ROLE_PROGRAMME_SYSTEM,
                                               common::v1::ROLE_MENTOR,
                                               common::v1::ROLE_NSB,
                                               common::v1::ROLE_STAFF,
                                               common::v1::ROLE_APPROVER,
                                               common::v1::ROLE_AUDITOR,
                                               common::v1::ROLE_ADMIN};

std::string ReadAll(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

class CredentialsTest : public ::testing::Test {
 protected:
  CredentialsTest() {
    std::ofstream(folder_.Join("ca.pem")) << authority_.certificate();
    const common::TestCertificate server = authority_.Issue("server");
    std::ofstream(folder_.Join("server.pem")) << server.certificate;
    std::ofstream(folder_.Join("server.key")) << server.key;
  }

  // What starts the server, with its log in a file.
  std::vector<std::string> ServerWords(const std::vector<std::string>& more) const {
    std::vector<std::string> words = {"/bin/sh",
                                      "-c",
                                      absl::StrCat("exec \"$@\" 2>>", folder_.Join("log")),
                                      "sh",
                                      kTandemd,
                                      "--address",
                                      "127.0.0.1:0",
                                      "--data",
                                      folder_.Join("data"),
                                      "--require-credentials"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  void Start(const std::vector<std::string>& more) {
    TANDEM_ASSERT_OK_AND_ASSIGN(server_, base::ChildProcess::Start(ServerWords(more)));
    const auto line = server_->WaitForLine("listening on ", kGuard);
    ASSERT_TRUE(line.ok()) << line.status() << "\n" << ReadAll(folder_.Join("log"));
    address_ = std::vector<std::string>(absl::StrSplit(*line, ' ')).back();
  }

  void StartWithTls() {
    Start({"--tls-certificate", folder_.Join("server.pem"), "--tls-key", folder_.Join("server.key"),
           "--bootstrap-admin-token-file", TokenFile("admin")});
    tls_ = {"--tls-ca", folder_.Join("ca.pem")};
  }

  std::string TokenFile(const std::string& who) const { return folder_.Join(who + ".token"); }

  // `tandem` with the token of `who`; without any for "". What it says in errors is kept.
  base::Finished Tandem(const std::string& who, const std::vector<std::string>& words) {
    std::vector<std::string> all = {"tools/tandem", "--address", address_};
    all.insert(all.end(), tls_.begin(), tls_.end());
    if (!who.empty()) all.insert(all.end(), {"--token-file", TokenFile(who)});
    all.insert(all.end(), words.begin(), words.end());
    absl::StatusOr<base::Finished> finished = base::RunProgram(all);
    EXPECT_TRUE(finished.ok()) << finished.status();
    if (!finished.ok()) return base::Finished();
    errors_ += finished->errors;
    return *std::move(finished);
  }

  std::string Succeed(const std::string& who, const std::vector<std::string>& words) {
    const base::Finished finished = Tandem(who, words);
    EXPECT_EQ(finished.exit_code, 0) << who << ": " << absl::StrJoin(words, " ") << "\n"
                                     << finished.output << finished.errors;
    return finished.output;
  }

  template <typename Message>
  Message Json(const std::string& who, std::vector<std::string> words) {
    words.insert(words.begin(), {"--format", "json"});
    const std::string text = Succeed(who, words);
    Message message;
    const auto parsed = google::protobuf::util::JsonStringToMessage(text, &message);
    EXPECT_TRUE(parsed.ok()) << parsed.ToString() << "\n" << text;
    return message;
  }

  // Creates a token for `who` as `creator`, its secret in TokenFile(who); returns it.
  access::v1::AccessToken Create(const std::string& creator, const std::string& who,
                                 const std::string& role,
                                 const std::vector<std::string>& more = {}) {
    std::vector<std::string> words = {"admin", "token", "create", who, role};
    words.insert(words.end(), more.begin(), more.end());
    words.insert(words.end(), {"--out", TokenFile(who)});
    return Json<access::v1::CreateAccessTokenResponse>(creator, words).access_token();
  }

  std::string SecretIn(const std::string& path) {
    const auto secret = base::ReadSecretFile(path);
    TANDEM_EXPECT_OK(secret.status());
    if (secret.ok()) secrets_.insert(*secret);
    return secret.value_or("");
  }

  std::shared_ptr<grpc::Channel> Channel() const {
    common::TlsFiles files;
    files.authorities = folder_.Join("ca.pem");
    const auto credentials = common::MakeTlsClientCredentials(files);
    TANDEM_EXPECT_OK(credentials.status());
    return grpc::CreateChannel(address_, credentials.value_or(nullptr));
  }

  // "" when the call with that secret is let in, else the reason.
  std::string Refusal(const std::string& secret) {
    const access::v1::ListAccessTokensRequest request;
    access::v1::ListAccessTokensResponse response;
    const absl::Status status = tests::CallMethodWithToken(
        Channel(), "tandem.access.v1.AccessService/ListAccessTokens", secret, request, &response);
    const auto detail = common::ErrorDetailOf(status);
    errors_ += status.ToString();
    return status.ok() ? "" : detail.has_value() ? detail->reason : status.ToString();
  }

  // Waits until it is refused by `reason`, or let in for "".
  std::string WaitFor(const std::string& secret, const std::string& reason) {
    const absl::Time end = absl::Now() + kGuard;
    std::string seen = Refusal(secret);
    while (seen != reason && absl::Now() < end) {
      absl::SleepFor(absl::Milliseconds(50));
      seen = Refusal(secret);
    }
    return seen;
  }

  // Holds the cells of permissions.csv for `role` against calls with that secret: what is refused
  // to the role always, what it may read as well.
  void CheckPermissions(common::v1::Role role, const std::string& secret,
                        const std::map<std::string, std::string>& own,
                        const std::map<std::string, std::string>& foreign);

  // The files that the server left must hold no secret, in no form.
  void ExpectNoSecretLeft();

  const base::TempDir folder_;
  common::TestAuthority authority_;
  std::unique_ptr<base::ChildProcess> server_;
  std::string address_;
  std::vector<std::string> tls_;
  std::string errors_;  // of every command and call
  std::set<std::string> secrets_;
};

void CredentialsTest::CheckPermissions(common::v1::Role role, const std::string& secret,
                                       const std::map<std::string, std::string>& own,
                                       const std::map<std::string, std::string>& foreign) {
  TANDEM_ASSERT_OK_AND_ASSIGN(const auto rows, tests::ReadPermissions());
  const auto channel = Channel();
  const auto call = [&](const tests::PermissionRow& row, const std::string& object) {
    const auto* method = tests::MethodOf(row.method);
    const auto request = tests::NewMessage(method->input_type());
    const auto response = tests::NewMessage(method->output_type());
    if (!object.empty()) tests::SetString(row.named_in, object, request.get());
    const absl::Status status =
        tests::CallMethodWithToken(channel, row.method, secret, *request, response.get());
    errors_ += status.ToString();
    const auto detail = common::ErrorDetailOf(status);
    return detail.has_value() ? detail->reason : std::string(status.ok() ? "let in" : "no reason");
  };
  int refused = 0;
  int let_in = 0;
  for (const tests::PermissionRow& row : rows) {
    SCOPED_TRACE(absl::StrCat(row.method, " as ", common::RoleToText(role)));
    const auto* method = tests::MethodOf(row.method);
    const tests::Permission cell = row.roles.at(role);
    const bool known = own.count(row.object) != 0;
    if (cell == tests::Permission::kNever) {
      EXPECT_EQ(call(row, known ? own.at(row.object) : ""), "ROLE_NOT_ALLOWED");
      ++refused;
      continue;
    }
    const bool reads =
        method->options().idempotency_level() == google::protobuf::MethodOptions::NO_SIDE_EFFECTS;
    if (!reads || method->server_streaming()) continue;
    ++let_in;
    if (!known) {
      // Nothing of its kind is there, or nothing is named: the handler says so, whatever it says.
      EXPECT_THAT(call(row, ""), Not(HasSubstr("ROLE_")));
      continue;
    }
    EXPECT_EQ(call(row, own.at(row.object)), "let in");
    EXPECT_EQ(call(row, foreign.at(row.object)),
              cell == tests::Permission::kAll ? "let in" : "RESOURCE_NOT_FOUND");
  }
  EXPECT_GT(let_in, 5);
  EXPECT_TRUE(refused > 5 || role == common::v1::ROLE_ADMIN) << refused;
}

void CredentialsTest::ExpectNoSecretLeft() {
  std::string bytes = ReadAll(folder_.Join("log"));
  EXPECT_THAT(bytes, HasSubstr("reason=ACCESS_TOKEN_INVALID"));
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.Join("data"))) {
    if (entry.is_regular_file()) bytes += ReadAll(entry.path().string());
  }
  EXPECT_THAT(bytes.size(), ::testing::Gt(100'000u));
  EXPECT_TRUE(absl::StrContains(bytes, "first-admin"));  // so names would be found
  EXPECT_GE(secrets_.size(), 8u);
  for (const std::string& secret : secrets_) {
    const std::string digits = secret.substr(secret.rfind('_') + 1);
    for (const std::string& form :
         {digits, absl::HexStringToBytes(digits), absl::Base64Escape(digits)}) {
      EXPECT_FALSE(absl::StrContains(bytes, form));
      EXPECT_FALSE(absl::StrContains(errors_, form));
    }
  }
}

TEST_F(CredentialsTest, FromTheFirstAdminToPeopleOfEveryRole) {
  ASSERT_NO_FATAL_FAILURE(StartWithTls());
  struct stat facts = {};
  ASSERT_EQ(stat(TokenFile("admin").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 07777, 0600u);
  const std::string admin = SecretIn(TokenFile("admin"));
  // Without a credential nobody is believed, whatever they state.
  EXPECT_THAT(Tandem("", {"mentor", "list"}).errors, HasSubstr("no credentials"));
  EXPECT_NE(Tandem("", {"--role", "admin", "admin", "token", "list"}).exit_code, 0);

  Create("admin", "staff-1", "staff");
  Succeed("staff-1", {"import", "organisations", "tools/sample/organisations.csv"});
  Succeed("staff-1", {"import", "mentors", "tools/sample/mentors.csv"});
  const auto mentors = Json<profiles::v1::ListMentorsResponse>("staff-1", {"mentor", "list"});
  const auto organisations =
      Json<profiles::v1::ListOrganisationsResponse>("staff-1", {"organisation", "list"});
  ASSERT_GT(mentors.mentors_size(), 1);
  ASSERT_GT(organisations.organisations_size(), 1);
  const std::map<std::string, std::string> own = {
      {"mentor", mentors.mentors(0).name()},
      {"organisation", organisations.organisations(0).name()}};
  const std::map<std::string, std::string> foreign = {
      {"mentor", mentors.mentors(1).name()},
      {"organisation", organisations.organisations(1).name()}};

  // Nobody can become a mentor that there is not.
  const base::Finished nobody =
      Tandem("admin", {"admin", "token", "create", "x", "mentor", "mentors/none"});
  EXPECT_EQ(nobody.exit_code, 2);
  EXPECT_THAT(nobody.errors, HasSubstr("mentors/none does not exist"));

  for (const common::v1::Role role : kRolesOfPeople) {
    const std::string word = common::RoleToText(role);
    std::vector<std::string> subject;
    if (role == common::v1::ROLE_MENTOR) subject = {own.at("mentor")};
    if (role == common::v1::ROLE_NSB) subject = {own.at("organisation")};
    const std::string who = absl::StrCat("person-", word);
    Create("admin", who, word, subject);
    CheckPermissions(role, SecretIn(TokenFile(who)), own, foreign);
  }
  SecretIn(TokenFile("staff-1"));
  // A rate, an expiry and a revocation of their own are tested below.
  EXPECT_EQ(Refusal("tandem_at_" + std::string(64, 'a')), "ACCESS_TOKEN_INVALID");

  // What was done stands in the log under the actors of the tokens.
  std::set<std::string> actors;
  const absl::Time end = absl::Now() + kGuard;
  while (actors.count("staff-1") == 0 && absl::Now() < end) {
    const auto entries = Json<audit::v1::ListAuditEntriesResponse>(
        "person-auditor", {"audit", "list", "--limit", "1000"});
    for (const auto& entry : entries.audit_entries()) actors.insert(entry.change().actor());
  }
  EXPECT_THAT(actors, ::testing::IsSupersetOf({"first-admin", "staff-1"}));
  for (const std::string& actor : actors) EXPECT_THAT(actor, Not(HasSubstr("unauthenticated")));
  server_->Signal(SIGTERM);
  EXPECT_EQ(server_->Wait(), 0);
  ExpectNoSecretLeft();
}

TEST_F(CredentialsTest, RotationExpiryRevocationAndInvitationsTakeEffect) {
  ASSERT_NO_FATAL_FAILURE(StartWithTls());
  SecretIn(TokenFile("admin"));
  const std::string soon =
      absl::FormatTime(absl::RFC3339_sec, absl::Now() + absl::Seconds(4), absl::UTCTimeZone());
  Create("admin", "short", "admin", {"--expires", soon});
  const std::string expiring = SecretIn(TokenFile("short"));

  const access::v1::AccessToken token = Create("admin", "admin-2", "admin");
  const std::string first = SecretIn(TokenFile("admin-2"));
  EXPECT_EQ(Refusal(first), "");
  Succeed("admin", {"admin", "token", "rotate", token.name(), "--overlap-minutes", "60", "--out",
                    TokenFile("second")});
  const std::string second = SecretIn(TokenFile("second"));
  EXPECT_EQ(Refusal(first), "");
  EXPECT_EQ(Refusal(second), "");
  Succeed("second", {"admin", "token", "rotate", token.name(), "--out", TokenFile("third")});
  const std::string third = SecretIn(TokenFile("third"));
  EXPECT_EQ(Refusal(first), "ACCESS_TOKEN_INVALID");
  EXPECT_EQ(Refusal(second), "ACCESS_TOKEN_INVALID");
  EXPECT_EQ(Refusal(third), "");
  Succeed("admin", {"admin", "token", "revoke", token.name(), "--reason", "LEFT_PROGRAMME"});
  EXPECT_EQ(Refusal(third), "ACCESS_TOKEN_INVALID");
  EXPECT_THAT(Tandem("third", {"admin", "token", "list"}).errors, HasSubstr("not valid"));
  EXPECT_EQ(WaitFor(expiring, "ACCESS_TOKEN_INVALID"), "ACCESS_TOKEN_INVALID");

  // Shown once, in the answer; afterwards nowhere.
  const std::string shown = Succeed("admin", {"admin", "token", "create", "shown", "auditor"});
  const std::vector<std::string> lines = absl::StrSplit(shown, '\n', absl::SkipEmpty());
  EXPECT_TRUE(absl::StartsWith(lines.back(), "tandem_at_")) << shown;
  secrets_.insert(lines.back());
  EXPECT_THAT(Succeed("admin", {"admin", "token", "list"}), Not(HasSubstr("tandem_at_")));

  Succeed("admin",
          {"admin", "invite", "create", "staff-9", "staff", "--out", folder_.Join("code")});
  SecretIn(folder_.Join("code"));
  const std::vector<std::string> redeem = {
      "admin", "invite", "redeem", "--code-file", folder_.Join("code"), "--out"};
  std::vector<std::string> words = redeem;
  words.push_back(TokenFile("staff-9"));
  Succeed("", words);
  SecretIn(TokenFile("staff-9"));
  Succeed("staff-9", {"mentor", "list"});
  words.back() = folder_.Join("again");
  EXPECT_THAT(Tandem("", words).errors, HasSubstr("unknown, expired, used or revoked"));
  EXPECT_FALSE(std::filesystem::exists(folder_.Join("again")));

  server_->Signal(SIGTERM);
  EXPECT_EQ(server_->Wait(), 0);
  ExpectNoSecretLeft();
}

TEST_F(CredentialsTest, OnThisMachineTokensDoWithoutTls) {
  ASSERT_NO_FATAL_FAILURE(Start({"--bootstrap-admin-token-file", TokenFile("admin")}));
  EXPECT_THAT(Tandem("", {"--role", "staff", "mentor", "list"}).errors,
              HasSubstr("no credentials"));
  Create("admin", "staff-1", "staff");
  Succeed("staff-1", {"mentor", "list"});
  // A later start with the same options finds an admin and writes nothing.
  server_->Signal(SIGTERM);
  EXPECT_EQ(server_->Wait(), 0);
  const std::string before = ReadAll(TokenFile("admin"));
  ASSERT_NO_FATAL_FAILURE(Start({"--bootstrap-admin-token-file", TokenFile("admin")}));
  EXPECT_EQ(ReadAll(TokenFile("admin")), before);
  Succeed("admin", {"admin", "token", "list"});
}

TEST_F(CredentialsTest, StaffCallWithTokensOfTheirIdentityProvider) {
  const common::TestIssuer provider("ES256");
  std::ofstream(folder_.Join("keys.json")) << provider.Jwks();
  std::ofstream(folder_.Join("roles.csv")) << "value,role\ntandem-staff,staff\nboard,approver\n";
  const int64_t now = absl::ToUnixSeconds(absl::Now());
  const auto give = [&](const std::string& who, int64_t expires) {
    TANDEM_ASSERT_OK_AND_ASSIGN(const auto file, base::SecretFile::Create(TokenFile(who)));
    TANDEM_ASSERT_OK(file->Write(provider.Sign(
        absl::StrCat(R"({"iss":"https://login.example.org","aud":"tandem","sub":"8f3a","iat":)",
                     now, R"(,"exp":)", expires, R"(,"groups":["board","tandem-staff"]})"))));
    file->Keep();
  };
  give("provided", now + 3600);
  give("expired", now - 3600);
  Start({"--tls-certificate", folder_.Join("server.pem"), "--tls-key", folder_.Join("server.key"),
         "--bootstrap-admin-token-file", TokenFile("admin"), "--oidc-issuer",
         "https://login.example.org", "--oidc-audience", "tandem", "--oidc-algorithm", "ES256",
         "--oidc-keys", folder_.Join("keys.json"), "--oidc-roles", folder_.Join("roles.csv"),
         "--oidc-roles-claim", "groups"});
  tls_ = {"--tls-ca", folder_.Join("ca.pem")};
  Succeed("provided", {"import", "organisations", "tools/sample/organisations.csv"});
  EXPECT_THAT(Tandem("provided", {"--role", "approver", "admin", "token", "list"}).errors,
              HasSubstr("the role approver may not call"));
  EXPECT_THAT(Tandem("provided", {"--role", "admin", "mentor", "list"}).errors,
              HasSubstr("not the role admin"));
  EXPECT_THAT(Tandem("expired", {"mentor", "list"}).errors, HasSubstr("expired"));
  Succeed("admin", {"admin", "token", "list"});
  EXPECT_THAT(ReadAll(folder_.Join("log")),
              Not(HasSubstr(ReadAll(TokenFile("expired")).substr(0, 60))));
  std::string entries;
  const absl::Time end = absl::Now() + kGuard;
  while (!absl::StrContains(entries, "oidc:8f3a") && absl::Now() < end) {
    entries = Succeed("admin", {"--format", "csv", "audit", "list", "--limit", "1000"});
  }
  EXPECT_THAT(entries, HasSubstr("oidc:8f3a"));
}

TEST_F(CredentialsTest, AFirstAdminsFileThatExistsEndsTheStart) {
  std::ofstream(TokenFile("admin")) << "older";
  TANDEM_ASSERT_OK_AND_ASSIGN(
      const base::Finished refused,
      base::RunProgram(ServerWords({"--bootstrap-admin-token-file", TokenFile("admin")})));
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(ReadAll(folder_.Join("log")), HasSubstr("exists already"));
  EXPECT_EQ(ReadAll(TokenFile("admin")), "older");
}

}  // namespace
}  // namespace tandem::journey
