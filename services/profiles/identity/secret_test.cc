#include "services/profiles/identity/secret.h"

#include <set>
#include <string>

#include "absl/status/status.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::profiles {
namespace {

using base::StatusIs;
using testing::MatchesRegex;

TEST(SecretTest, OnlyThirtyTwoBytesAreASecret) {
  TANDEM_ASSERT_OK_AND_ASSIGN(Secret secret, Secret::FromBytes(std::string(32, 'k')));

  EXPECT_EQ(secret.bytes(), std::string(32, 'k'));
  EXPECT_THAT(Secret::FromBytes(std::string(31, 'k')),
              StatusIs(absl::StatusCode::kInvalidArgument, "a secret has 32 bytes, not 31"));
}

TEST(SecretTest, RandomSecretsDiffer) {
  TANDEM_ASSERT_OK_AND_ASSIGN(Secret one, Secret::Random());
  TANDEM_ASSERT_OK_AND_ASSIGN(Secret other, Secret::Random());

  EXPECT_NE(one.bytes(), other.bytes());
}

TEST(RandomIdTest, IdsAreShortPlainAndNeverTheSame) {
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) {
    TANDEM_ASSERT_OK_AND_ASSIGN(std::string id, RandomId());
    EXPECT_THAT(id, MatchesRegex("[0-9a-v]{26}"));
    ids.insert(id);
  }

  EXPECT_EQ(ids.size(), 1000u);
}

TEST(WipeTest, WipedTextIsEmpty) {
  std::string text = "secret";

  Wipe(&text);

  EXPECT_EQ(text, "");
}

}  // namespace
}  // namespace tandem::profiles
