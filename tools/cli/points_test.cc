#include "tools/cli/points.h"

#include "gtest/gtest.h"

namespace tandem::cli {
namespace {

using ::tandem::matching::v1::CriterionValue;

google::protobuf::RepeatedPtrField<CriterionValue> Values() {
  google::protobuf::RepeatedPtrField<CriterionValue> values;
  const auto add = [&](tandem::matching::v1::Criterion criterion, int64_t points, int weight) {
    CriterionValue* value = values.Add();
    value->set_criterion(criterion);
    value->set_micropoints(points);
    value->set_weight(weight);
  };
  add(tandem::matching::v1::CRITERION_LANGUAGE, 1'000'000, 10);
  add(tandem::matching::v1::CRITERION_EXPERTISE, 925'000, 40);
  add(tandem::matching::v1::CRITERION_FRESHNESS, 1'000'000, 0);
  return values;
}

TEST(PointsTest, MicroPointsAreShownAsHundredthsRoundedDown) {
  EXPECT_EQ(Points(842'399), "84.23");
  EXPECT_EQ(Points(1'000'000), "100.00");
  EXPECT_EQ(Points(0), "0.00");
  EXPECT_EQ(Points(-84'239), "-8.42");
}

TEST(PointsTest, IntegersOfMicroPointsAreExactPoints) {
  EXPECT_EQ(ExactPointsOf("27433310"), "2743.331");
  EXPECT_EQ(ExactPointsOf("-1"), "-0.0001");
  EXPECT_EQ(ExactPointsOf(""), "");
  EXPECT_EQ(ExactPointsOf("unbounded"), "unbounded");
}

TEST(PointsTest, PointsThatPeopleWriteAreWholeMicroPoints) {
  EXPECT_EQ(*MicropointsOf("2.5"), 25'000);
  EXPECT_EQ(*MicropointsOf("0.0001"), 1);
  for (const char* bad : {"0.00001", "-1", "1e3", "", "2,5", "one"}) {
    EXPECT_FALSE(MicropointsOf(bad).ok()) << bad;
  }
}

TEST(PointsTest, TheStrongestCriteriaComeFirstAndThoseWithoutWeightNotAtAll) {
  EXPECT_EQ(Strongest(Values(), 60), "expertise 92.50, language 100");
}

TEST(PointsTest, NoCriterionIsCutInHalf) {
  EXPECT_EQ(Strongest(Values(), 28), "expertise 92.50");
  EXPECT_EQ(Strongest(Values(), 29), "expertise 92.50, language 100");
  EXPECT_EQ(Strongest(Values(), 5), "");
}

}  // namespace
}  // namespace tandem::cli
