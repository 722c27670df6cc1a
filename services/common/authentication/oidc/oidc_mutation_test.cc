// 100,000 tokens that are almost good: none is taken, and none makes the authenticator fail
// otherwise.
//
// The seed is printed; to run it again:
//   bazel test //services/common/authentication/oidc:oidc_mutation_test --test_env=TANDEM_SEED=7
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "base/status_matchers.h"
#include "base/temp_dir.h"
#include "gtest/gtest.h"
#include "services/common/authentication/oidc/oidc_authenticator.h"
#include "services/common/authentication/oidc/testing/test_issuer.h"
#include "services/common/errors.h"

namespace tandem::common {
namespace {

constexpr int64_t kNow = 1'800'000'000;
constexpr int kTokens = 100'000;
constexpr absl::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

uint64_t SeedOfRun() {
  uint64_t seed = 20261126;
  const char* given = std::getenv("TANDEM_SEED");
  if (given != nullptr && !absl::SimpleAtoi(given, &seed)) seed = 0;
  std::cout << "seed " << seed << ": run again with --test_env=TANDEM_SEED=" << seed << "\n";
  return seed;
}

class Mutator {
 public:
  explicit Mutator(uint64_t from) : random_(from) {}

  // One to three changes of `token`, which may undo each other.
  std::string Mutate(std::string token) {
    for (int64_t left = 1 + Below(3); left > 0 && !token.empty(); --left) Change(&token);
    return token;
  }

 private:
  int64_t Below(int64_t end) {
    return static_cast<int64_t>(random_() % static_cast<uint64_t>(end));
  }
  char AnyChar() { return kAlphabet[static_cast<size_t>(Below(kAlphabet.size()))]; }

  void Change(std::string* token) {
    const auto at = static_cast<size_t>(Below(static_cast<int64_t>(token->size())));
    switch (Below(8)) {
      case 0:
      case 1:
      case 2:  // most often: what stays base64url and reaches the signature
        (*token)[at] = AnyChar();
        return;
      case 3:
        (*token)[at] = static_cast<char>(Below(256));
        return;
      case 4:
        token->erase(at, static_cast<size_t>(1 + Below(4)));
        return;
      case 5:
        token->insert(at, 1, AnyChar());
        return;
      case 6:
        token->insert(at, 1, ".= \n"[Below(4)]);
        return;
      default:
        SwapParts(token);
    }
  }

  void SwapParts(std::string* token) {
    std::vector<std::string> parts = absl::StrSplit(*token, '.');
    std::swap(parts[static_cast<size_t>(Below(static_cast<int64_t>(parts.size())))],
              parts[static_cast<size_t>(Below(static_cast<int64_t>(parts.size())))]);
    *token = absl::StrJoin(parts, ".");
  }

  std::mt19937_64 random_;
};

TEST(OidcMutationTest, NoMutatedTokenIsTaken) {
  const base::TempDir folder;
  const TestIssuer issuer("ES256");
  std::ofstream(folder.Join("keys.json")) << issuer.Jwks();
  std::ofstream(folder.Join("roles.csv")) << "value,role\nstaff,staff\n";
  OidcOptions options;
  options.issuer = "https://login.example.org";
  options.audience = "tandem";
  options.algorithm = "ES256";
  options.keys = folder.Join("keys.json");
  options.roles = folder.Join("roles.csv");
  TANDEM_ASSERT_OK_AND_ASSIGN(const auto authenticator, OidcAuthenticator::Open(options, [] {
                                return absl::FromUnixSeconds(kNow);
                              }));
  const std::string good = issuer.Sign(
      absl::StrCat(R"({"iss":"https://login.example.org","aud":"tandem","sub":"s","iat":)", kNow,
                   R"(,"exp":)", kNow + 300, R"(,"roles":["staff"]})"));
  const auto call = [&](const std::string& token) {
    const std::string value = absl::StrCat("Bearer ", token);
    return authenticator->Authenticate({{{"authorization", value}}, ""}).status();
  };
  TANDEM_ASSERT_OK(call(good));

  Mutator mutator(SeedOfRun());
  int tried = 0;
  int reached_signature = 0;
  while (tried < kTokens) {
    const std::string token = mutator.Mutate(good);
    // The metadata's value is stripped, so that these are the good one again.
    if (absl::StripAsciiWhitespace(token) == good) continue;
    ++tried;
    const absl::Status status = call(token);
    ASSERT_EQ(status.code(), absl::StatusCode::kUnauthenticated) << token << " " << status;
    const auto detail = ErrorDetailOf(status);
    ASSERT_TRUE(detail.has_value() && detail->reason == "ACCESS_TOKEN_INVALID") << token;
    reached_signature += absl::StrContains(status.message(), "signature") ? 1 : 0;
  }
  // Else the mutations would test the parser alone.
  EXPECT_GT(reached_signature, kTokens / 10);
}

}  // namespace
}  // namespace tandem::common
