#include "services/common/code_list.h"

#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace tandem::common {
namespace {

CodeList Topics() {
  CodeList topics("topic");
  topics.Add("metrology", "Metrology");
  topics.Add("metrology.legal", "Legal metrology");
  topics.Add("standards", "Standards");
  return topics;
}

TEST(CodeListTest, KnowsItsCodes) {
  EXPECT_TRUE(Topics().Contains("metrology.legal"));
  EXPECT_FALSE(Topics().Contains("Metrology"));
  EXPECT_EQ(Topics().Title("standards"), "Standards");
  EXPECT_EQ(Topics().Title("none"), "");
}

TEST(CodeListTest, NearestIsTheOneWithTheFewestEdits) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"METROLOGY", "metrology"},
      {"metrologie", "metrology"},
      {"standard", "standards"},
      {"metrology.legl", "metrology.legal"},
      {"gardening", ""},
      {"", ""},
      {"x", ""},
  };
  CodeList countries("country");
  countries.Add("AX", "Aland Islands");
  EXPECT_EQ(countries.Nearest("XX"), "") << "half of it differs";
  EXPECT_EQ(countries.Nearest("ax"), "AX");
  for (const auto& [code, nearest] : cases) EXPECT_EQ(Topics().Nearest(code), nearest) << code;
  EXPECT_EQ(Topics().Nearest(std::string(5 << 20, 'x')), "");
}

}  // namespace
}  // namespace tandem::common
