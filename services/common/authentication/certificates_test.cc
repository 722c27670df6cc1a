#include "services/common/authentication/certificates.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::common {
namespace {

using base::StatusIs;
using ::testing::HasSubstr;

const std::string kDigits(64, 'a');

TEST(ParseCertificatesTest, EachRowIsACaller) {
  std::string colons = "AA";
  for (int i = 1; i < 32; ++i) colons += ":AA";
  for (const std::string& fingerprint : {kDigits, colons}) {
    TANDEM_ASSERT_OK_AND_ASSIGN(
        const CertificateMap callers,
        ParseCertificates(absl::StrCat("role,fingerprint,subject,actor\n", "nsb,", fingerprint,
                                       ",organisations/kebs,KEBS's system\n"),
                          "c.csv"));
    ASSERT_EQ(callers.count(kDigits), 1u);
    const Principal& caller = callers.at(kDigits);
    EXPECT_EQ(caller.actor, "KEBS's system");
    EXPECT_EQ(caller.role, v1::ROLE_NSB);
    EXPECT_EQ(caller.subject, "organisations/kebs");
    EXPECT_EQ(caller.credential, absl::StrCat("certificates/", kDigits));
  }
}

TEST(ParseCertificatesTest, WhatIsWrongIsNamedWithLineAndColumn) {
  const std::string header = "fingerprint,actor,role,subject\n";
  const std::string good = absl::StrCat(kDigits, ",a,staff,\n");
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"aa,a,staff,\n", "c.csv:2:1: fingerprint"},
      {absl::StrCat(std::string(64, 'g'), ",a,staff,\n"), "c.csv:2:1: fingerprint"},
      {absl::StrCat(kDigits, ",,staff,\n"), "c.csv:2:66: actor"},
      {absl::StrCat(kDigits, ",a,boss,\n"), "c.csv:2:68: unknown role"},
      {absl::StrCat(kDigits, ",a,,\n"), "c.csv:2:68: unknown role"},
      {absl::StrCat(kDigits, ",a,mentor,\n"), "c.csv:2:75: "},
      {absl::StrCat(kDigits, ",a,staff,mentors/x\n"), "c.csv:2:74: "},
      {absl::StrCat(good, good), "c.csv:3:1: this fingerprint"},
  };
  for (const auto& [rows, message] : cases) {
    EXPECT_THAT(ParseCertificates(header + rows, "c.csv").status(),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(message)))
        << rows;
  }
  EXPECT_THAT(ParseCertificates("fingerprint,actor,role\n", "c.csv").status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("subject")));
}

TEST(CertificateAuthenticatorTest, AFileThatIsMissingIsNamed) {
  EXPECT_THAT(CertificateAuthenticator::Open("/nowhere/c.csv").status(),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("/nowhere/c.csv")));
}

}  // namespace
}  // namespace tandem::common
