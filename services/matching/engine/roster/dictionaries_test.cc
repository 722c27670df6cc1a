#include "services/matching/engine/roster/dictionaries.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::engine {
namespace {

using ::testing::ElementsAre;

TEST(DictionaryTest, NumbersAreGivenInTheOrderOfArrivalAndStay) {
  Dictionary dictionary;
  EXPECT_EQ(dictionary.Intern("b"), 0u);
  EXPECT_EQ(dictionary.Intern("a"), 1u);
  EXPECT_EQ(dictionary.Intern("b"), 0u);
  EXPECT_EQ(dictionary.TextOf(1), "a");
  EXPECT_EQ(dictionary.Find("a"), 1u);
  EXPECT_EQ(dictionary.Find("c"), std::nullopt);
  EXPECT_EQ(dictionary.size(), 2u);
}

TEST(HierarchicalDictionaryTest, CodesCoverWhatLiesBelowThem) {
  HierarchicalDictionary topics('.');
  const uint32_t milk = topics.Intern("Testing.Food.Milk");  // Interns "testing", "testing.food".
  const uint32_t toys = topics.Intern("testing.toys");
  EXPECT_EQ(milk, 2u);
  EXPECT_EQ(toys, 3u);
  EXPECT_EQ(topics.TextOf(milk), "testing.food.milk");
  EXPECT_THAT(topics.CoveredBy({"testing", "testing.food", "unknown"}),
              ElementsAre(0b001u, 0b011u, 0b011u, 0b001u));
  EXPECT_EQ(topics.SignatureOf(milk), SignatureBit(0) | SignatureBit(1) | SignatureBit(2));
  EXPECT_EQ(topics.BitOf("TESTING.FOOD"), SignatureBit(1));
  EXPECT_EQ(topics.BitOf("unknown"), 0u);
}

TEST(HierarchicalDictionaryTest, OddCodesAreKeptAsTheyAre) {
  HierarchicalDictionary topics('.');
  const uint32_t empty = topics.Intern("");
  const uint32_t dots = topics.Intern("a..b");
  EXPECT_EQ(topics.TextOf(empty), "");
  EXPECT_EQ(topics.TextOf(dots), "a..b");
  EXPECT_EQ(topics.Intern("a..b"), dots);
}

TEST(ScheduleTableTest, EqualSchedulesShareANumber) {
  ScheduleTable table;
  Schedule schedule;
  schedule.zone = 1;
  schedule.spans = NormalSpans({{1, 540, 600}});
  EXPECT_EQ(table.Intern(schedule), 0u);
  Schedule other = schedule;
  other.zone = 2;
  EXPECT_EQ(table.Intern(other), 1u);
  EXPECT_EQ(table.Intern(schedule), 0u);
  EXPECT_EQ(*table.All()->at(1), other);
}

}  // namespace
}  // namespace tandem::engine
