#include "services/common/authentication/oidc/oidc_roles.h"

#include <string>
#include <utility>
#include <vector>

#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::common {
namespace {

using base::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

TEST(ParseOidcRolesTest, RowsKeepTheirOrder) {
  TANDEM_ASSERT_OK_AND_ASSIGN(
      const OidcRoles roles,
      ParseOidcRoles("role,value\nstaff,tandem-staff\nadmin,\"ISO, admins\"\n", "r.csv"));
  EXPECT_THAT(roles, ElementsAre(Pair("tandem-staff", v1::ROLE_STAFF),
                                 Pair("ISO, admins", v1::ROLE_ADMIN)));
}

TEST(ParseOidcRolesTest, WhatIsWrongIsNamedWithLineAndColumn) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "r.csv"},
      {"value\nx\n", "role"},
      {"value,role\n", "has no row"},
      {"value,role\n,staff\n", "r.csv:2:1"},
      {"value,role\nx,king\n", "r.csv:2:3"},
      {"value,role\nx,mentor\n", "r.csv:2:3"},
      {"value,role\nx,nsb\n", "without objects of its own"},
      {"value,role\nx,service\n", "r.csv:2:3"},
      {"value,role\nx,staff\nx,admin\n", "r.csv:3:1"},
  };
  for (const auto& [csv, message] : cases) {
    EXPECT_THAT(ParseOidcRoles(csv, "r.csv").status(),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(message)))
        << csv;
  }
}

}  // namespace
}  // namespace tandem::common
