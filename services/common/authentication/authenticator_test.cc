#include "services/common/authentication/authenticator.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/common/errors.h"

namespace tandem::common {
namespace {

// Takes calls with the metadata KEY: "good" is its caller, anything else is refused.
class KeyAuthenticator final : public Authenticator {
 public:
  explicit KeyAuthenticator(std::string key) : key_(std::move(key)) {}

  absl::StatusOr<std::optional<Principal>> Authenticate(
      const CallCredentials& credentials) const override {
    const auto found = credentials.metadata.find(key_);
    if (found == credentials.metadata.end()) return std::optional<Principal>();
    if (found->second != "good") return absl::UnauthenticatedError(key_);
    Principal principal;
    principal.actor = key_;
    return std::optional<Principal>(std::move(principal));
  }

 private:
  const std::string key_;
};

AuthenticatorChain FirstAndSecond() {
  return AuthenticatorChain(
      {std::make_shared<KeyAuthenticator>("first"), std::make_shared<KeyAuthenticator>("second")});
}

TEST(AuthenticatorChainTest, TheFirstThatFindsItsCredentialDecides) {
  const ClientMetadata both = {{"first", "good"}, {"second", "good"}};
  TANDEM_ASSERT_OK_AND_ASSIGN(const Principal first, FirstAndSecond().Identify({both, ""}));
  EXPECT_EQ(first.actor, "first");
  const ClientMetadata only_second = {{"second", "good"}};
  TANDEM_ASSERT_OK_AND_ASSIGN(const Principal second, FirstAndSecond().Identify({only_second, ""}));
  EXPECT_EQ(second.actor, "second");
}

TEST(AuthenticatorChainTest, AnInvalidCredentialIsNotMadeUpForByAnother) {
  const ClientMetadata metadata = {{"first", "bad"}, {"second", "good"}};
  EXPECT_EQ(FirstAndSecond().Identify({metadata, ""}).status(),
            absl::UnauthenticatedError("first"));
}

TEST(AuthenticatorChainTest, NobodyIsBelievedWithoutCredentials) {
  const ClientMetadata metadata = {{"tandem-actor", "Ada"}, {"tandem-role", "admin"}};
  const absl::Status status = FirstAndSecond().Identify({metadata, ""}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnauthenticated);
  ASSERT_TRUE(ErrorDetailOf(status).has_value());
  EXPECT_EQ(ErrorDetailOf(status)->reason, "CREDENTIALS_MISSING");
  TANDEM_ASSERT_OK_AND_ASSIGN(const auto nobody, FirstAndSecond().Find({metadata, ""}));
  EXPECT_FALSE(nobody.has_value());
}

TEST(DevelopmentAuthenticatorTest, TheCallerIsWhoItSaysAndRecordedAsUnauthenticated) {
  const ClientMetadata metadata = {{"tandem-actor", "Ada"}, {"tandem-role", "admin"}};
  TANDEM_ASSERT_OK_AND_ASSIGN(const std::optional<Principal> principal,
                              DevelopmentAuthenticator().Authenticate({metadata, ""}));
  ASSERT_TRUE(principal.has_value());
  EXPECT_EQ(principal->actor, "unauthenticated: Ada");
  EXPECT_EQ(principal->role, v1::ROLE_ADMIN);
  EXPECT_EQ(principal->credential, "");
}

}  // namespace
}  // namespace tandem::common
