#include "tools/benchmarks/figures.h"

#include "gtest/gtest.h"

namespace tandem::benchmarks {
namespace {

TEST(FiguresTest, MedianIsTheMiddleValueWhateverTheOrder) {
  EXPECT_EQ(Median({5, 1, 3}), 3);
  EXPECT_EQ(Median({4, 1, 3, 2}), 2);  // the lower one of an even number
}

TEST(FiguresTest, PercentileRunsFromTheLeastToTheLargest) {
  EXPECT_EQ(Percentile({7, 1, 9}, 0), 1);
  EXPECT_EQ(Percentile({7, 1, 9}, 1), 9);
}

TEST(FiguresTest, SpreadNamesLeastMedianAndLargestWithTheUnit) {
  EXPECT_EQ(Spread({3, 1, 2}, "ms"), "1 / 2 / 3 ms");
}

}  // namespace
}  // namespace tandem::benchmarks
