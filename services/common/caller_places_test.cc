#include "services/common/caller_places.h"

#include <optional>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace tandem::common {
namespace {

TEST(CallerPlacesTest, ACallerGetsAsManyAsItMayAndOthersGetTheirOwn) {
  CallerPlaces places(2);
  const auto first = places.Take("Ada");
  std::optional<CallerPlaces::Place> second = places.Take("Ada");

  EXPECT_TRUE(first.has_value());
  EXPECT_TRUE(second.has_value());
  EXPECT_FALSE(places.Take("Ada").has_value());
  EXPECT_TRUE(places.Take("Grace").has_value());
  second.reset();
  EXPECT_TRUE(places.Take("Ada").has_value());
}

TEST(CallerPlacesTest, AMovedPlaceIsGivenBackOnce) {
  CallerPlaces places(1);
  {
    std::optional<CallerPlaces::Place> place = places.Take("Ada");
    const CallerPlaces::Place moved = *std::move(place);
    place.reset();
    EXPECT_FALSE(places.Take("Ada").has_value());
  }
  EXPECT_TRUE(places.Take("Ada").has_value());
}

TEST(CallerPlacesTest, ZeroIsNoLimitAndCallersWithoutPlacesAreForgotten) {
  CallerPlaces places(0);
  {
    std::vector<CallerPlaces::Place> taken;
    for (int i = 0; i < 1000; ++i) taken.push_back(*places.Take("Ada"));
    EXPECT_EQ(places.remembered(), 1u);
  }
  EXPECT_EQ(places.remembered(), 0u);
}

}  // namespace
}  // namespace tandem::common
