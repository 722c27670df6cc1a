#include "base/points.h"

#include <limits>

#include "gtest/gtest.h"

namespace tandem::base {
namespace {

TEST(PointsTest, AHundredPointsAreAMillionMicroPoints) {
  EXPECT_EQ(ExactPoints(1'000'000), "100.00");
  EXPECT_EQ(ExactPoints(825'000), "82.50");
  EXPECT_EQ(ExactPoints(0), "0.00");
  EXPECT_EQ(ExactPoints(27'433'310), "2743.331");
}

TEST(PointsTest, NothingIsRoundedAway) {
  EXPECT_EQ(ExactPoints(1), "0.0001");
  EXPECT_EQ(ExactPoints(-1), "-0.0001");
  EXPECT_EQ(ExactPoints(10'010), "1.001");
  EXPECT_EQ(ExactPoints(10'100), "1.01");
  EXPECT_EQ(ExactPoints(std::numeric_limits<absl::int128>::min()),
            "-17014118346046923173168730371588410.5728");
}

}  // namespace
}  // namespace tandem::base
