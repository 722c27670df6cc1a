#include "services/matching/engine/roster/ragged_column.h"

#include <random>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

TEST(RaggedColumnTest, RowsKeepTheirValuesWhenOthersGrowOrShrink) {
  RaggedColumn<int> column;
  column.Append({1, 2});
  column.Append({});
  column.Append({3});
  column.Replace(0, {});
  column.Replace(1, {7, 8, 9});
  EXPECT_THAT(column[0], IsEmpty());
  EXPECT_THAT(column[1], ElementsAre(7, 8, 9));
  EXPECT_THAT(column[2], ElementsAre(3));
}

TEST(RaggedColumnTest, BehavesLikeAListOfLists) {
  constexpr uint64_t kSeed = 7;
  SCOPED_TRACE(kSeed);
  std::mt19937_64 random(kSeed);
  RaggedColumn<uint32_t> column;
  std::vector<std::vector<uint32_t>> model;
  for (int step = 0; step < 2'000; ++step) {
    std::vector<uint32_t> values(random() % 5);
    for (uint32_t& value : values) value = static_cast<uint32_t>(random());
    if (model.empty() || random() % 8 == 0) {
      column.Append(values);
      model.push_back(values);
    } else {
      const size_t row = random() % model.size();
      column.Replace(static_cast<int>(row), values);
      model[row] = values;
    }
  }
  for (size_t row = 0; row < model.size(); ++row) {
    ASSERT_THAT(column[static_cast<int>(row)], ElementsAreArray(model[row]));
  }
}

}  // namespace
}  // namespace tandem::engine
