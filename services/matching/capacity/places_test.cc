#include "services/matching/capacity/places.h"

#include <random>

#include "gtest/gtest.h"

namespace tandem::matching {
namespace {

const absl::CivilMonth kJanuary(2027, 1);

MonthlyWork Work(int64_t hours, int first, int last) {
  return MonthlyWork{hours, {kJanuary + first, kJanuary + last}};
}

TEST(PlacesTest, TheLeastFreeMonthDecides) {
  const Capacity capacity{20, 5, {Work(6, 2, 2)}};

  EXPECT_EQ(PlacesByHours(capacity, {Work(5, 0, 5), Work(7, 1, 3)}), 2);
}

TEST(PlacesTest, TheLargestNeedDecides) {
  const Capacity capacity{20, 5, {}};

  EXPECT_EQ(PlacesByHours(capacity, {Work(4, 0, 1)}), 5);
  EXPECT_EQ(PlacesByHours(capacity, {Work(4, 0, 1), Work(11, 0, 1)}), 1);
}

TEST(PlacesTest, EngagementsAreCountedInTheBusiestMonth) {
  const Capacity capacity{100, 3, {Work(1, 0, 1), Work(1, 1, 2), Work(1, 8, 9)}};

  EXPECT_EQ(PlacesByEngagements(capacity, {Work(1, 0, 5)}), 1);
  EXPECT_EQ(PlacesByEngagements(capacity, {Work(1, 3, 5)}), 3);
}

TEST(PlacesTest, AMentorPromisedTooMuchHasNoPlaceAndIsOvercommitted) {
  const Capacity capacity{10, 1, {Work(8, 0, 5), Work(8, 3, 4)}};

  EXPECT_EQ(PlacesByHours(capacity, {Work(1, 0, 5)}), 0);
  EXPECT_EQ(LeastFreeHours(capacity, {kJanuary, kJanuary + 5}), -6);
  EXPECT_TRUE(Overcommitted(capacity));
  EXPECT_FALSE(Overcommitted(Capacity{10, 1, {Work(8, 0, 5)}}));
}

TEST(PlacesTest, NothingWantedMeansNoPlace) {
  EXPECT_EQ(PlacesByHours(Capacity{10, 1, {}}, {}), 0);
}

// Whatever needs fill the places, no month ever holds more than is offered.
TEST(PlacesTest, FilledPlacesNeverExceedTheOfferedHours) {
  const uint32_t seed = 20261122;
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  auto draw = [&](int low, int high) {
    return low + static_cast<int>(random() % (high - low + 1));
  };
  for (int round = 0; round < 2000; ++round) {
    Capacity capacity{draw(0, 40), draw(0, 5), {}};
    for (int i = draw(0, 3); i > 0; --i) {
      const int first = draw(0, 9);
      capacity.promised.push_back(Work(draw(1, 8), first, first + draw(0, 5)));
    }
    if (Overcommitted(capacity)) continue;
    std::vector<MonthlyWork> wanted;
    for (int i = draw(1, 6); i > 0; --i) {
      const int first = draw(0, 9);
      wanted.push_back(Work(draw(1, 12), first, first + draw(0, 5)));
    }

    const int64_t places = PlacesByHours(capacity, wanted);

    for (int64_t i = 0; i < places && i < static_cast<int64_t>(wanted.size()); ++i) {
      capacity.promised.push_back(wanted[i]);
    }
    EXPECT_FALSE(Overcommitted(capacity)) << "round " << round;
  }
}

}  // namespace
}  // namespace tandem::matching
