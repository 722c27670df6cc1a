#include "services/common/caller_streams.h"

#include <optional>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace tandem::common {
namespace {

TEST(CallerStreamsTest, ACallerGetsAsManyAsItMayAndOthersGetTheirOwn) {
  CallerStreams streams(2);
  const auto first = streams.Take("Ada");
  std::optional<CallerStreams::Place> second = streams.Take("Ada");

  EXPECT_TRUE(first.has_value());
  EXPECT_TRUE(second.has_value());
  EXPECT_FALSE(streams.Take("Ada").has_value());
  EXPECT_TRUE(streams.Take("Grace").has_value());
  second.reset();
  EXPECT_TRUE(streams.Take("Ada").has_value());
}

TEST(CallerStreamsTest, AMovedPlaceIsGivenBackOnce) {
  CallerStreams streams(1);
  {
    std::optional<CallerStreams::Place> place = streams.Take("Ada");
    const CallerStreams::Place moved = *std::move(place);
    place.reset();
    EXPECT_FALSE(streams.Take("Ada").has_value());
  }
  EXPECT_TRUE(streams.Take("Ada").has_value());
}

TEST(CallerStreamsTest, ZeroIsNoLimitAndCallersWithoutStreamsAreForgotten) {
  CallerStreams streams(0);
  {
    std::vector<CallerStreams::Place> places;
    for (int i = 0; i < 1000; ++i) places.push_back(*streams.Take("Ada"));
    EXPECT_EQ(streams.remembered(), 1u);
  }
  EXPECT_EQ(streams.remembered(), 0u);
}

}  // namespace
}  // namespace tandem::common
