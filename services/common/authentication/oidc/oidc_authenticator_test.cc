// Tokens that are taken, and the attacks on them that are not.
#include "services/common/authentication/oidc/oidc_authenticator.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/common/authentication/oidc/testing/test_issuer.h"
#include "services/common/errors.h"
#include "services/common/testing/renewed_files.h"

namespace tandem::common {
namespace {

using base::StatusIs;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr int64_t kNow = 1'800'000'000;
constexpr char kIssuer[] = "https://login.example.org/realms/iso";

std::string ReasonOf(const absl::Status& status) {
  const auto detail = ErrorDetailOf(status);
  return detail.has_value() ? detail->reason : "none";
}

// Claims of a good token, in the second kNow; `change` replaces parts of their text.
std::string Claims(const std::vector<std::pair<std::string, std::string>>& change = {}) {
  const std::string good = absl::StrCat(
      R"({"iss":")", kIssuer, R"(","aud":["other","tandem"],"sub":"8f3a-canary","iat":)", kNow - 10,
      R"(,"nbf":)", kNow - 10, R"(,"exp":)", kNow + 300, R"(,"roles":["tandem-staff","x"]})");
  std::string text = good;
  for (const auto& [from, to] : change) text = absl::StrReplaceAll(text, {{from, to}});
  EXPECT_TRUE(change.empty() || text != good) << text;
  return text;
}

std::string HmacSigned(absl::string_view header, absl::string_view claims, const std::string& key) {
  const std::string part = SignedPart(header, claims);
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(part.data()), part.size(), digest, &size);
  return absl::StrCat(part, ".", Base64Url({reinterpret_cast<const char*>(digest), size}));
}

class OidcAuthenticatorTest : public ::testing::TestWithParam<const char*>, protected RenewedFiles {
 protected:
  OidcAuthenticatorTest() {
    Write("keys.json", issuer_.Jwks());
    Write("roles.csv", "value,role\ntandem-staff,staff\ntandem-approvers,approver\n");
    Open(Options());
  }

  OidcOptions Options() const {
    OidcOptions options;
    options.issuer = kIssuer;
    options.audience = "tandem";
    options.algorithm = GetParam();
    options.keys = folder_.Join("keys.json");
    options.roles = folder_.Join("roles.csv");
    return options;
  }

  void Open(const OidcOptions& options) {
    TANDEM_ASSERT_OK_AND_ASSIGN(authenticator_, OidcAuthenticator::Open(options, [] {
                                  return absl::FromUnixSeconds(kNow);
                                }));
  }

  absl::StatusOr<std::optional<Principal>> Call(const std::string& token,
                                                const std::string& role = "") const {
    const std::string value = absl::StrCat("Bearer ", token);
    ClientMetadata metadata = {{"authorization", value}};
    if (!role.empty()) metadata.emplace("tandem-role", role);
    return authenticator_->Authenticate({metadata, ""});
  }

  // "" when the token is taken.
  std::string Refusal(const std::string& token, const std::string& role = "") const {
    const absl::Status status = Call(token, role).status();
    if (status.ok()) return "";
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("canary")));
    return absl::StrCat(absl::StatusCodeToString(status.code()), " ", ReasonOf(status), ": ",
                        status.message());
  }

  void ExpectInvalid(const std::string& what, const std::string& token, const std::string& why) {
    EXPECT_THAT(Refusal(token),
                AllOf(HasSubstr("UNAUTHENTICATED ACCESS_TOKEN_INVALID"), HasSubstr(why)))
        << what;
  }

  const TestIssuer issuer_{GetParam()};
  std::shared_ptr<const OidcAuthenticator> authenticator_;
};

TEST_P(OidcAuthenticatorTest, AGoodTokenSaysWhoCallsAndInWhichRole) {
  TANDEM_ASSERT_OK_AND_ASSIGN(const auto caller, Call(issuer_.Sign(Claims())));
  ASSERT_TRUE(caller.has_value());
  EXPECT_EQ(caller->actor, "oidc:8f3a-canary");
  EXPECT_EQ(caller->role, v1::ROLE_STAFF);
  EXPECT_EQ(caller->subject, "");
  EXPECT_EQ(caller->credential, "oidc");
}

TEST_P(OidcAuthenticatorTest, FormsThatTheStandardsLeaveOpenAreTaken) {
  const std::string header = issuer_.Header();
  for (const char* type : {"JWT", "jwt", "AT+JWT", "application/at+jwt"}) {
    EXPECT_EQ(Refusal(issuer_.Sign(absl::StrReplaceAll(header, {{"at+jwt", type}}), Claims())), "");
  }
  const std::vector<std::pair<std::string, std::string>> changes = {
      {R"(["other","tandem"])", R"("tandem")"},
      {absl::StrCat(",\"nbf\":", kNow - 10), ""},
      {absl::StrCat("\"exp\":", kNow + 300), absl::StrCat("\"exp\":", kNow + 300, ".75")},
      {R"(["tandem-staff","x"])", R"("tandem-staff")"},
      {absl::StrCat("\"exp\":", kNow + 300), absl::StrCat("\"exp\":", kNow - 59)},  // the skew
      {absl::StrCat("\"nbf\":", kNow - 10), absl::StrCat("\"nbf\":", kNow + 60)},
      {absl::StrCat("\"iat\":", kNow - 10), absl::StrCat("\"iat\":", kNow + 60)},
  };
  for (const auto& change : changes) {
    EXPECT_EQ(Refusal(issuer_.Sign(Claims({change}))), "") << change.second;
  }
}

TEST_P(OidcAuthenticatorTest, ForgedHeadersAndSignaturesAreRefused) {
  const std::string header = issuer_.Header();
  const std::string claims = Claims();
  const std::string good = issuer_.Sign(claims);
  const std::vector<std::string> parts = absl::StrSplit(good, '.');
  const auto with = [&](const std::string& from, const std::string& to) {
    return issuer_.Sign(absl::StrReplaceAll(header, {{from, to}}), claims);
  };
  const std::string quoted = absl::StrCat("\"", GetParam(), "\"");
  const std::string none = absl::StrReplaceAll(header, {{GetParam(), "none"}});
  const std::string hs256 = absl::StrReplaceAll(header, {{GetParam(), "HS256"}});
  const TestIssuer other(GetParam());

  ExpectInvalid("alg none, no signature", SignedPart(none, claims) + ".", "not signed by");
  ExpectInvalid("alg none, signed", issuer_.Sign(none, claims), "not signed by");
  ExpectInvalid("alg None", with(GetParam(), "None"), "not signed by");
  ExpectInvalid("HMAC with the public key", HmacSigned(hs256, claims, issuer_.PublicKeyPem()),
                "not signed by");
  ExpectInvalid("HMAC named as the algorithm", HmacSigned(header, claims, issuer_.PublicKeyPem()),
                "signature does not fit");
  ExpectInvalid("HMAC with an empty key", HmacSigned(hs256, claims, ""), "not signed by");
  ExpectInvalid("another algorithm", with(GetParam(), "ES512"), "not signed by");
  ExpectInvalid("an algorithm that is no string", with(quoted, "[" + quoted + "]"),
                "not signed by");
  ExpectInvalid("the algorithm twice", with("{", "{\"alg\":\"none\","), "unique members");
  ExpectInvalid("a key of somebody else", other.Sign(claims), "signature does not fit");
  ExpectInvalid("an unknown kid", with("key-1", "key-2"), "no such key");
  ExpectInvalid("a kid that is a path", with("key-1", "../../dev/null"), "no such key");
  ExpectInvalid("no kid", with("\"kid\"", "\"kidd\""), "does not name its key");
  ExpectInvalid("a kid that is no string", with("\"key-1\"", "1"), "does not name its key");
  // A key that the token brings itself is never looked at.
  ExpectInvalid(
      "its own key",
      other.Sign(absl::StrReplaceAll(header, {{"{", "{\"jwk\":" + other.Jwk() + ","}}), claims),
      "signature does not fit");
  ExpectInvalid("critical extensions", with("{", "{\"crit\":[\"exp\"],\"exp\":1,"), "(crit)");
  ExpectInvalid("empty critical extensions", with("{", "{\"crit\":[],"), "(crit)");
  ExpectInvalid("an identity token's type", with("at+jwt", "id+jwt"), "type");
  ExpectInvalid("no type", with("\"typ\"", "\"type\""), "type");
  ExpectInvalid("no signature", parts[0] + "." + parts[1] + ".", "signature does not fit");
  ExpectInvalid("the signature of another token",
                absl::StrCat(parts[0], ".", parts[1], ".",
                             std::vector<std::string>(absl::StrSplit(
                                 issuer_.Sign(Claims({{"tandem-staff", "y"}})), '.'))[2]),
                "signature does not fit");
  ExpectInvalid(
      "claims exchanged",
      absl::StrCat(parts[0], ".", Base64Url(Claims({{"canary", "admin"}})), ".", parts[2]),
      "signature does not fit");
  if (absl::StartsWith(GetParam(), "ES")) {
    const std::string part = absl::StrCat(parts[0], ".", parts[1]);
    ExpectInvalid("a signature in DER", absl::StrCat(part, ".", Base64Url(issuer_.SignDer(part))),
                  "signature does not fit");
    ExpectInvalid(
        "a signature of zeros",
        absl::StrCat(part, ".",
                     Base64Url(std::string(GetParam() == std::string("ES384") ? 96 : 64, '\0'))),
        "signature does not fit");
  }
}

TEST_P(OidcAuthenticatorTest, AnotherSpellingOfAGoodTokenIsRefused) {
  const std::string good = issuer_.Sign(Claims());
  ASSERT_EQ(Refusal(good), "");
  const std::vector<std::string> parts = absl::StrSplit(good, '.');
  for (size_t length : {size_t{0}, size_t{1}, parts[0].size(), good.size() - 1, good.size() - 4}) {
    ExpectInvalid(absl::StrCat("cut to ", length), good.substr(0, length), "");
  }
  ExpectInvalid("padded", good + "=", "base64url");
  ExpectInvalid("padded inside", absl::StrCat(parts[0], "=.", parts[1], ".", parts[2]),
                "base64url");
  ExpectInvalid("with a space", absl::StrReplaceAll(good, {{".", ". "}}), "base64url");
  ExpectInvalid("a fourth part", good + ".x", "three parts");
  ExpectInvalid("five parts, as if encrypted", "a.b.c.d.e", "three parts");
  // Of ES384, whose signatures fill their last sign, it is another signature.
  ExpectInvalid("loose bits at the end",
                good.substr(0, good.size() - 1) + (good.back() == 'B' ? "C" : "B"), "");
  const std::string standard = absl::StrReplaceAll(good, {{"-", "+"}, {"_", "/"}});
  if (standard != good) ExpectInvalid("in the other alphabet", standard, "base64url");
  ExpectInvalid("JSON form", absl::StrCat("{\"payload\":\"", parts[1], "\"}"), "three parts");
  ExpectInvalid("oversize", issuer_.Sign(Claims({{"\"x\"", "\"" + std::string(8192, 'x') + "\""}})),
                "longer than 8 KiB");
  ExpectInvalid("deep", issuer_.Sign(std::string(100, '[') + std::string(100, ']')),
                "no JSON object");
  ExpectInvalid("claims that are no object", issuer_.Sign("[]"), "no JSON object");
  ExpectInvalid("a claim twice", issuer_.Sign(Claims({{"{\"iss\"", "{\"sub\":\"admin\",\"iss\""}})),
                "unique members");
  ExpectInvalid("bytes that are no UTF-8", issuer_.Sign(Claims({{"8f3a", "\xFF"}})),
                "no JSON object");
}

TEST_P(OidcAuthenticatorTest, TokensForOthersOrOtherTimesAreRefused) {
  const std::string exp = absl::StrCat("\"exp\":", kNow + 300);
  const std::string nbf = absl::StrCat("\"nbf\":", kNow - 10);
  const std::string iat = absl::StrCat("\"iat\":", kNow - 10);
  struct Case {
    std::string from;
    std::string to;
    std::string why;
  };
  const std::vector<Case> cases = {
      {exp, absl::StrCat("\"exp\":", kNow - 60), "expired"},
      {exp, "\"exp\":0", "expired"},
      {exp, "\"exp\":-1", "iat, exp"},
      {exp, "\"exp\":1e300", "iat, exp"},
      {exp, absl::StrCat("\"exp\":\"", kNow + 300, "\""), "iat, exp"},
      {exp, "\"exp\":null", "iat, exp"},
      {absl::StrCat(",", exp), "", "iat, exp"},
      {nbf, absl::StrCat("\"nbf\":", kNow + 61), "not valid yet"},
      {nbf, "\"nbf\":\"0\"", "not valid yet"},
      {iat, absl::StrCat("\"iat\":", kNow + 61), "in the future"},
      {absl::StrCat(iat, ","), "", "iat, exp"},
      {kIssuer, "https://login.example.org/realms/is0", "another issuer"},
      {kIssuer, absl::StrCat(kIssuer, "/"), "another issuer"},
      {absl::StrCat("\"", kIssuer, "\""), absl::StrCat("[\"", kIssuer, "\"]"), "another issuer"},
      {"\"iss\"", "\"isss\"", "another issuer"},
      {"\"tandem\"", "\"tandem2\"", "for others"},
      {R"(["other","tandem"])", "\"other tandem\"", "for others"},
      {R"(["other","tandem"])", R"([["tandem"]])", "for others"},
      {R"(["other","tandem"])", R"({"tandem":"tandem"})", "for others"},
      {"\"aud\"", "\"audience\"", "for others"},
      {"\"8f3a-canary\"", "\"\"", "subject"},
      {"8f3a-canary", std::string(96, 'a'), "subject"},
      {"8f3a-canary", "a\\nb", "subject"},
      {"8f3a-canary", "\xC3\xA9", "subject"},
      {"\"8f3a-canary\"", "7", "subject"},
      {"\"sub\"", "\"subj\"", "subject"},
  };
  for (const Case& one : cases) {
    ExpectInvalid(one.to, issuer_.Sign(Claims({{one.from, one.to}})), one.why);
  }
}

TEST_P(OidcAuthenticatorTest, WithoutAKnownRoleACallerMayDoNothing) {
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"tandem-staff", "tandem-staf"},
           {"\"roles\"", "\"groups\""},
           {R"(["tandem-staff","x"])", R"("x tandem-staff")"},
           {R"(["tandem-staff","x"])", R"({"tandem-staff":true})"}}) {
    EXPECT_THAT(Refusal(issuer_.Sign(Claims({{from, to}}))),
                HasSubstr("PERMISSION_DENIED ROLE_MISSING"))
        << to;
  }
}

TEST_P(OidcAuthenticatorTest, OfSeveralRolesTheFirstOfTheFileOrTheOneAskedForCounts) {
  const std::string both =
      issuer_.Sign(Claims({{"\"tandem-staff\",\"x\"", "\"tandem-approvers\",\"tandem-staff\""}}));
  TANDEM_ASSERT_OK_AND_ASSIGN(const auto first, Call(both));
  EXPECT_EQ(first->role, v1::ROLE_STAFF);
  TANDEM_ASSERT_OK_AND_ASSIGN(const auto asked, Call(both, "approver"));
  EXPECT_EQ(asked->role, v1::ROLE_APPROVER);
  EXPECT_THAT(Refusal(both, "admin"), HasSubstr("PERMISSION_DENIED ROLE_MISSING"));
  EXPECT_THAT(Refusal(issuer_.Sign(Claims()), "approver"), HasSubstr("ROLE_MISSING"));
  EXPECT_THAT(Refusal(both, "king"), HasSubstr("METADATA_INVALID"));
}

TEST_P(OidcAuthenticatorTest, TheClaimOfRolesMayLieWithinOthers) {
  OidcOptions options = Options();
  options.roles_claim = "realm_access.roles";
  Open(options);
  const std::string within =
      Claims({{R"("roles":["tandem-staff","x"])", R"("realm_access":{"roles":["tandem-staff"]})"}});
  EXPECT_EQ(Refusal(issuer_.Sign(within)), "");
  const std::string named = Claims({{"\"roles\"", "\"realm_access.roles\""}});
  EXPECT_EQ(Refusal(issuer_.Sign(named)), "");
  EXPECT_THAT(Refusal(issuer_.Sign(Claims())), HasSubstr("ROLE_MISSING"));
}

TEST_P(OidcAuthenticatorTest, OtherCredentialsAreLeftToOthers) {
  const ClientMetadata nothing;
  const ClientMetadata basic = {{"authorization", "Basic YTpi"}};
  const ClientMetadata own = {{"authorization", "Bearer tandem_at_1"}};
  for (const ClientMetadata* metadata : {&nothing, &basic, &own}) {
    TANDEM_ASSERT_OK_AND_ASSIGN(const auto caller, authenticator_->Authenticate({*metadata, ""}));
    EXPECT_FALSE(caller.has_value());
  }
  const std::string token = absl::StrCat("Bearer ", issuer_.Sign(Claims()));
  const ClientMetadata twice = {{"authorization", token}, {"authorization", token}};
  EXPECT_EQ(ReasonOf(authenticator_->Authenticate({twice, ""}).status()), "METADATA_INVALID");
}

TEST_P(OidcAuthenticatorTest, NewKeysCountWithinSecondsAndAFileThatIsNoneDoesNot) {
  const TestIssuer next(GetParam(), "key-2");
  const std::string old_token = issuer_.Sign(Claims());
  const std::string new_token = next.Sign(Claims());
  EXPECT_EQ(Refusal(old_token), "");
  EXPECT_NE(Refusal(new_token), "");
  Write("keys.json", next.Jwks());
  const absl::Time end = absl::Now() + absl::Seconds(20);
  while (Refusal(new_token) != "" && absl::Now() < end) absl::SleepFor(absl::Milliseconds(100));
  EXPECT_EQ(Refusal(new_token), "");
  EXPECT_NE(Refusal(old_token), "");
  ::testing::internal::CaptureStderr();
  Write("keys.json", "{}");
  absl::SleepFor(absl::Milliseconds(1500));
  EXPECT_EQ(Refusal(new_token), "");
  EXPECT_THAT(::testing::internal::GetCapturedStderr(),
              AllOf(HasSubstr(folder_.Join("keys.json")), HasSubstr("stays in force")));
}

TEST_P(OidcAuthenticatorTest, OptionsAndFilesThatCannotBeUsedAreNamedAtTheStart) {
  const std::vector<std::pair<std::string OidcOptions::*, std::string>> needed = {
      {&OidcOptions::audience, "--oidc-audience"},
      {&OidcOptions::algorithm, "--oidc-algorithm"},
      {&OidcOptions::keys, "--oidc-keys"},
      {&OidcOptions::roles, "--oidc-roles"},
      {&OidcOptions::roles_claim, "--oidc-roles-claim"}};
  for (const auto& [option, name] : needed) {
    OidcOptions options = Options();
    options.*option = "";
    EXPECT_THAT(CheckOidc(options), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(name)));
  }
  OidcOptions no_issuer = Options();
  no_issuer.issuer = "";
  EXPECT_THAT(CheckOidc(no_issuer),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("--oidc-issuer")));
  OidcOptions missing = Options();
  missing.keys = "/nowhere/keys.json";
  EXPECT_THAT(CheckOidc(missing),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("/nowhere/keys.json")));
  OidcOptions swapped = Options();
  swapped.keys = Options().roles;
  EXPECT_THAT(CheckOidc(swapped),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("roles.csv")));
  TANDEM_EXPECT_OK(CheckOidc(Options()));
  TANDEM_EXPECT_OK(CheckOidc(OidcOptions()));
}

INSTANTIATE_TEST_SUITE_P(Algorithms, OidcAuthenticatorTest,
                         ::testing::Values("RS256", "PS256", "ES256", "ES384"),
                         [](const auto& one) { return std::string(one.param); });

}  // namespace
}  // namespace tandem::common
