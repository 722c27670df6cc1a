#include "services/matching/index/regions.h"

#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::matching {
namespace {

using ::tandem::base::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(RegionsTest, NeighboursAreThoseOfEveryRegionOfTheCountry) {
  TANDEM_ASSERT_OK_AND_ASSIGN(const Regions regions, Regions::Parse(R"({"entries": [
      {"code": "1", "countries": ["ML", "SN"]}, {"code": "2", "countries": ["DZ", "ML"]}]})"));

  EXPECT_THAT(regions.CountriesAround("ML"), ElementsAre("DZ", "ML", "SN"));
  EXPECT_THAT(regions.CountriesAround("SN"), ElementsAre("ML", "SN"));
  EXPECT_THAT(regions.CountriesAround("XX"), IsEmpty());
  EXPECT_EQ(regions.digest().size(), 64u);
}

TEST(RegionsTest, WhatIsNoListOfRegionsIsRefused) {
  for (const char* json : {"", "{}", "[]", R"({"entries": [{"code": "1"}]})",
                           R"({"entries": [{"countries": ["Mali"]}]})"}) {
    EXPECT_THAT(Regions::Parse(json), StatusIs(absl::StatusCode::kInvalidArgument)) << json;
  }
  EXPECT_THAT(Regions::Load("/nonexistent"), StatusIs(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace tandem::matching
