#include "services/matching/waiting/waiting_places.h"

#include <optional>
#include <vector>

#include "gtest/gtest.h"

namespace tandem::matching {
namespace {

TEST(WaitingPlacesTest, OneCallerLeavesPlacesToTheOthers) {
  WaitingPlaces places({3, 2});
  std::optional<WaitingPlaces::Place> first = places.Take("Ada");
  const std::optional<WaitingPlaces::Place> second = places.Take("Ada");

  EXPECT_TRUE(first.has_value());
  EXPECT_TRUE(second.has_value());
  EXPECT_FALSE(places.Take("Ada").has_value());
  EXPECT_TRUE(places.Take("Ben").has_value());
  first.reset();
  EXPECT_TRUE(places.Take("Ada").has_value());
}

TEST(WaitingPlacesTest, AllCallersTogetherLeaveThreadsToThoseWhoDoNotWait) {
  WaitingPlaces places({2, 2});
  const std::optional<WaitingPlaces::Place> ada = places.Take("Ada");
  std::optional<WaitingPlaces::Place> ben = places.Take("Ben");

  EXPECT_FALSE(places.Take("Cleo").has_value());
  ben.reset();
  EXPECT_TRUE(places.Take("Cleo").has_value()) << "the refusal took no place";
}

}  // namespace
}  // namespace tandem::matching
