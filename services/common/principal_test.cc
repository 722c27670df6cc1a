#include "services/common/principal.h"

#include <string>
#include <vector>

#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/common/errors.h"

namespace tandem::common {
namespace {

using base::StatusIs;
using ::testing::HasSubstr;

TEST(PrincipalTest, ActorAndRoleComeFromTheMetadata) {
  const ClientMetadata metadata = {{"tandem-actor", "Ada Lovelace"}, {"tandem-role", "nsb"}};

  TANDEM_ASSERT_OK_AND_ASSIGN(const Principal principal, PrincipalFromMetadata(metadata));

  EXPECT_EQ(principal.actor, "unauthenticated: Ada Lovelace");
  EXPECT_EQ(principal.role, v1::ROLE_NSB);
}

TEST(PrincipalTest, NothingStatedIsAnonymousWithoutRole) {
  TANDEM_ASSERT_OK_AND_ASSIGN(const Principal principal, PrincipalFromMetadata({}));

  EXPECT_EQ(principal.actor, "unauthenticated: anonymous");
  EXPECT_EQ(principal.role, v1::ROLE_UNSPECIFIED);
}

TEST(PrincipalTest, OddMetadataIsRefused) {
  const std::string long_name(101, 'x');
  const std::vector<ClientMetadata> cases = {
      {{"tandem-actor", ""}},
      {{"tandem-actor", "a\nb"}},
      {{"tandem-actor", "\xC3\xA9"}},
      {{"tandem-actor", long_name}},
      {{"tandem-actor", "a"}, {"tandem-actor", "b"}},
      {{"tandem-role", "staff"}, {"tandem-role", "admin"}},
      {{"tandem-role", "ROLE_STAFF"}},
      {{"tandem-role", ""}},
      {{"tandem-role", "unspecified"}},
  };
  for (const ClientMetadata& metadata : cases) {
    EXPECT_THAT(PrincipalFromMetadata(metadata), StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

TEST(PrincipalTest, EveryRoleHasATextAndComesBack) {
  for (int role = v1::Role_MIN + 1; role <= v1::Role_MAX; ++role) {
    const std::string text = RoleToText(static_cast<v1::Role>(role));
    EXPECT_THAT(RoleFromText(text), base::IsOkAndHolds(static_cast<v1::Role>(role))) << text;
  }
  EXPECT_EQ(RoleToText(v1::ROLE_PROGRAMME_SYSTEM), "programme-system");
  EXPECT_EQ(RoleToText(v1::ROLE_UNSPECIFIED), "");
}

TEST(PrincipalTest, OnlyTheListedRolesMayCall) {
  const std::vector<v1::Role> roles = {v1::ROLE_STAFF, v1::ROLE_ADMIN};
  for (int role = v1::Role_MIN; role <= v1::Role_MAX; ++role) {
    const bool allowed = role == v1::ROLE_STAFF || role == v1::ROLE_ADMIN;
    const absl::Status status = CheckRole({"a", static_cast<v1::Role>(role)}, "S/M", roles);
    EXPECT_EQ(status.ok(), allowed) << role;
    if (!allowed) {
      EXPECT_THAT(status, StatusIs(absl::StatusCode::kPermissionDenied));
    }
  }
}

TEST(PrincipalTest, CallerWithoutRoleLearnsWhatToSend) {
  EXPECT_THAT(CheckRole(Principal(), "S/M", {v1::ROLE_STAFF}),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("tandem-role: ROLE")));
}

}  // namespace
}  // namespace tandem::common
