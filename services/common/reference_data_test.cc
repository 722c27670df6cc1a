#include "services/common/reference_data.h"

#include <fstream>
#include <string>

#include "base/status_matchers.h"
#include "base/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::common {
namespace {

using base::StatusIs;
using ::testing::HasSubstr;

TEST(ReferenceDataTest, KnowsTheListsThatTandemShips) {
  TANDEM_ASSERT_OK_AND_ASSIGN(const auto data, ReferenceData::Load(""));

  EXPECT_EQ(data->countries().Title("LS"), "Lesotho");
  EXPECT_FALSE(data->countries().Contains("LSO"));
  EXPECT_TRUE(data->languages().Contains("fr"));
  EXPECT_TRUE(data->languages().Contains("sot") || data->languages().Contains("st"));
  EXPECT_FALSE(data->languages().Contains("fra"));
  EXPECT_TRUE(data->languages().Contains("kri"));
  EXPECT_TRUE(data->scripts().Contains("Ethi"));
  EXPECT_TRUE(data->topics().Contains("conformity-assessment"));
  EXPECT_TRUE(data->topics().Contains("ics"));
  EXPECT_TRUE(data->development_contexts().Contains("ldc"));
  EXPECT_TRUE(data->regional_bodies().Contains("ARSO"));
  EXPECT_EQ(data->digests().at("topics.json").size(), 64u);
}

TEST(ReferenceDataTest, MissingAndBrokenFilesAreNamed) {
  base::TempDir folder;
  EXPECT_THAT(ReferenceData::Load(folder.path()),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("topics.json")));

  std::ofstream(folder.path() + "/topics.json") << "{ not json";
  EXPECT_THAT(ReferenceData::Load(folder.path()),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("topics.json")));

  std::ofstream(folder.path() + "/topics.json") << R"({"entries": [{"title": "no code"}]})";
  EXPECT_THAT(ReferenceData::Load(folder.path()),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("entry 1")));

  std::ofstream(folder.path() + "/topics.json") << R"({"entries": []})";
  EXPECT_THAT(ReferenceData::Load(folder.path()),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("entries")));
}

}  // namespace
}  // namespace tandem::common
