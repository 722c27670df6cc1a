#include "services/common/authentication/certificate_rows.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::common {
namespace {

using base::StatusIs;
using ::testing::HasSubstr;

const std::string kA(64, 'a');
const std::string kB(64, 'b');

TEST(CertificateRowsTest, ARowIsAddedBehindTheOthersInTheOrderOfTheHeader) {
  TANDEM_ASSERT_OK_AND_ASSIGN(const std::string one,
                              WithCertificate("", "c.csv", {kA, "Registry, ISO", "staff", ""}));
  EXPECT_EQ(one,
            absl::StrCat("fingerprint,actor,role,subject\n", kA, ",\"Registry, ISO\",staff,\n"));
  const std::string other = absl::StrCat("role,subject,actor,fingerprint\nstaff,,a,", kA, "\n");
  TANDEM_ASSERT_OK_AND_ASSIGN(
      const std::string two,
      WithCertificate(other, "c.csv", {kB, "KEBS", "nsb", "organisations/kebs"}));
  EXPECT_EQ(two, absl::StrCat(other, "nsb,organisations/kebs,KEBS,", kB, "\n"));
}

TEST(CertificateRowsTest, WhatWouldNotBeValidIsRefusedWithItsPlace) {
  TANDEM_ASSERT_OK_AND_ASSIGN(const std::string one,
                              WithCertificate("", "c.csv", {kA, "a", "staff", ""}));
  EXPECT_THAT(WithCertificate(one, "c.csv", {kA, "b", "staff", ""}).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("c.csv:3:1: ")));
  EXPECT_THAT(WithCertificate(one, "c.csv", {kB, "b", "king", ""}).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("c.csv:3:68: ")));
  EXPECT_THAT(WithCertificate(one, "c.csv", {kB, "b", "mentor", ""}).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("mentors/ID")));
  EXPECT_THAT(WithCertificate("fingerprint\nx\n", "c.csv", {kB, "b", "staff", ""}).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("c.csv")));
}

TEST(CertificateRowsTest, OneRowIsTakenOutHoweverItsFingerprintIsWritten) {
  std::string colons = "AA";
  for (int i = 1; i < 32; ++i) colons += ":AA";
  const std::string header = "fingerprint,actor,role,subject\n";
  const std::string rest = absl::StrCat(kB, ",b,staff,\n");
  TANDEM_ASSERT_OK_AND_ASSIGN(
      const std::string left,
      WithoutCertificate(absl::StrCat(header, colons, ",a,admin,\n", rest), "c.csv", kA));
  EXPECT_EQ(left, absl::StrCat(header, rest));
  EXPECT_THAT(WithoutCertificate(left, "c.csv", kA).status(),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("c.csv")));
}

}  // namespace
}  // namespace tandem::common
