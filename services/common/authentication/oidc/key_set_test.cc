#include "services/common/authentication/oidc/key_set.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/common/authentication/oidc/testing/test_issuer.h"

namespace tandem::common {
namespace {

using base::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;

std::string SetOf(const std::vector<std::string>& keys) {
  std::string json = "{\"keys\": [";
  for (const std::string& key : keys) absl::StrAppend(&json, json.back() == '[' ? "" : ", ", key);
  return json + "]}";
}

absl::Status ParseEs256(const std::string& json) {
  return KeySet::Parse(json, "keys.json", JwtAlgorithm::kEs256).status();
}

TEST(KeySetTest, KeysForOtherUsesArePassedOver) {
  const TestIssuer used("ES256", "used");
  const TestIssuer encrypting("ES256", "encrypting");
  const TestIssuer other("ES384", "other");
  const TestIssuer rsa("RS256", "rsa");
  const std::string json =
      SetOf({used.Jwk(R"(, "use": "sig", "alg": "ES256", "key_ops": ["verify"])"),
             encrypting.Jwk(R"(, "use": "enc")"), encrypting.Jwk(R"(, "alg": "ECDH-ES")"),
             encrypting.Jwk(R"(, "key_ops": ["encrypt"])"), other.Jwk(), rsa.Jwk(),
             R"({"kty": "OKP", "kid": "new", "crv": "Ed448", "x": "AA"})"});
  TANDEM_ASSERT_OK_AND_ASSIGN(const KeySet keys,
                              KeySet::Parse(json, "keys.json", JwtAlgorithm::kEs256));
  EXPECT_EQ(keys.size(), 1u);
}

TEST(KeySetTest, WhatCannotBeUsedIsNamedByItsPlace) {
  const TestIssuer good("ES256");
  const std::string jwk = good.Jwk();
  const std::string no_point =
      absl::StrReplaceAll(jwk, {{"\"y\": \"", "\"y\": \"AAAA"}});  // longer than the curve's
  const std::string off_curve = absl::StrCat(R"({"kty": "EC", "kid": "k", "crv": "P-256", "x": ")",
                                             Base64Url(std::string(32, '\1')), R"(", "y": ")",
                                             Base64Url(std::string(32, '\2')), "\"}");
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "keys.json:1:1"},
      {"[]", "no list \"keys\""},
      {R"({"keys": {}})", "no list \"keys\""},
      {R"({"keys": [], "keys": []})", "keys.json"},
      {SetOf({}), "has no key for ES256"},
      {SetOf({TestIssuer("RS256").Jwk()}), "has no key for ES256"},
      {SetOf({jwk, jwk}), "keys[1]: has the kid of an earlier key"},
      {SetOf({absl::StrReplaceAll(jwk, {{"\"kid\"", "\"kidd\""}})}), "keys[0]: has no kid"},
      {SetOf({absl::StrReplaceAll(jwk, {{"key-1", ""}})}), "keys[0]: has no kid"},
      {SetOf({no_point}), "keys[0]: is no valid key for ES256"},
      {SetOf({off_curve}), "keys[0]: is no valid key for ES256"},
      {SetOf({jwk, good.Jwk(R"(, "d": "secret-canary")")}), "keys[1]: is a secret key"},
      {SetOf({R"({"kty": "oct", "kid": "k", "k": "secret-canary"})"}), "keys[0]: is a secret key"},
  };
  for (const auto& [json, message] : cases) {
    EXPECT_THAT(ParseEs256(json), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(message)))
        << json;
    EXPECT_THAT(ParseEs256(json).message(), Not(HasSubstr("canary")));
  }
  EXPECT_THAT(
      KeySet::Parse(TestIssuer("RS256", "k", 1024).Jwks(), "keys.json", JwtAlgorithm::kRs256)
          .status(),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("fewer than 2048 bits")));
}

TEST(KeySetTest, EveryAlgorithmVerifiesItsOwnSignaturesAndNoOthers) {
  const std::vector<std::pair<std::string, JwtAlgorithm>> algorithms = {
      {"RS256", JwtAlgorithm::kRs256},
      {"PS256", JwtAlgorithm::kPs256},
      {"ES256", JwtAlgorithm::kEs256},
      {"ES384", JwtAlgorithm::kEs384}};
  for (const auto& [name, algorithm] : algorithms) {
    TANDEM_ASSERT_OK_AND_ASSIGN(const JwtAlgorithm parsed, JwtAlgorithmFromText(name));
    EXPECT_EQ(parsed, algorithm);
    EXPECT_EQ(JwtAlgorithmToText(algorithm), name);
    const TestIssuer issuer(name);
    TANDEM_ASSERT_OK_AND_ASSIGN(const KeySet keys,
                                KeySet::Parse(issuer.Jwks(), "keys.json", algorithm));
    const std::string der = issuer.SignDer("data");
    const bool ecdsa = name[0] == 'E';
    EXPECT_EQ(keys.Verify("key-1", "data", der), !ecdsa) << name;
    EXPECT_FALSE(keys.Verify("key-1", "Data", der));
    EXPECT_FALSE(keys.Verify("key-2", "data", der));
    EXPECT_FALSE(keys.Verify("key-1", "data", ""));
    EXPECT_FALSE(keys.Verify("key-1", "data", std::string(der.size(), '\0')));
    EXPECT_FALSE(keys.Verify("key-1", "data", der + '\0'));
  }
  // The same key, used in the other way.
  const TestIssuer pss("PS256");
  TANDEM_ASSERT_OK_AND_ASSIGN(const KeySet pkcs,
                              KeySet::Parse(pss.Jwks(), "keys.json", JwtAlgorithm::kRs256));
  EXPECT_FALSE(pkcs.Verify("key-1", "data", pss.SignDer("data")));
  for (const char* unknown : {"none", "HS256", "rs256", "", "RS256 "}) {
    EXPECT_THAT(JwtAlgorithmFromText(unknown).status(),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("RS256, PS256")));
  }
}

}  // namespace
}  // namespace tandem::common
