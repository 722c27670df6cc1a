#include "services/matching/engine/rules/shortfall.h"

#include "gtest/gtest.h"

namespace tandem::engine {
namespace {

Comparison Hours(int64_t actual, int64_t required) {
  return {
      Item::kFreeHours, "", {ValueKind::kNumber, actual}, {ValueKind::kNumber, required}, false};
}

Verdict NoCapacity(int64_t free_hours) {
  Verdict verdict;
  verdict.rule = Rule::kNoCapacity;
  verdict.compared = {Hours(free_hours, 40)};
  verdict.relaxations = {{RelaxationKind::kAskFewerHours, "", free_hours, 0}};
  return verdict;
}

TEST(ShortfallTest, WhoLacksFewerHoursIsNearer) {
  EXPECT_TRUE(ShortfallOf(NoCapacity(24)) < ShortfallOf(NoCapacity(12)));
  EXPECT_FALSE(ShortfallOf(NoCapacity(12)) < ShortfallOf(NoCapacity(24)));
}

TEST(ShortfallTest, EqualDistancesAreEquallyNear) {
  EXPECT_FALSE(ShortfallOf(NoCapacity(24)) < ShortfallOf(NoCapacity(24)));
}

TEST(ShortfallTest, OneLargeChangeIsNearerThanTwoSmallOnes) {
  Verdict two = NoCapacity(39);
  two.relaxations.push_back({RelaxationKind::kAllowMoreEngagements, "", 3, 0});
  EXPECT_TRUE(ShortfallOf(NoCapacity(0)) < ShortfallOf(two));
}

TEST(ShortfallTest, WhomNothingWouldBringIsFarthest) {
  Verdict hopeless = NoCapacity(39);
  hopeless.relaxations.clear();
  EXPECT_TRUE(ShortfallOf(NoCapacity(0)) < ShortfallOf(hopeless));
}

TEST(ShortfallTest, WhatIsMetDoesNotCount) {
  Verdict more = NoCapacity(24);
  more.compared.push_back(Hours(1, 1000));
  more.compared.back().met = true;
  EXPECT_EQ(ShortfallOf(more).distance, 16);
}

}  // namespace
}  // namespace tandem::engine
