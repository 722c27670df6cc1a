#include "services/matching/engine/roster/memo.h"

#include <memory>
#include <string>

#include "gtest/gtest.h"

namespace tandem::engine {
namespace {

constexpr size_t kBytes = 100;

std::shared_ptr<const int> Of(int value) { return std::make_shared<const int>(value); }

TEST(MemoTest, WhatWasKeptLastIsFound) {
  Memo<int> memo(1 << 20);
  EXPECT_EQ(memo.Find("a"), nullptr);
  memo.Keep("a", Of(1), kBytes);
  memo.Keep("b", Of(2), kBytes);
  memo.Keep("a", Of(3), kBytes);
  EXPECT_EQ(*memo.Find("a"), 3);
  EXPECT_EQ(*memo.Find("b"), 2);
}

TEST(MemoTest, WhatWasNotAskedForLongestGoesFirst) {
  Memo<int> memo(4 * kBytes);  // Room for three with their keys.
  memo.Keep("a", Of(1), kBytes);
  memo.Keep("b", Of(2), kBytes);
  ASSERT_NE(memo.Find("a"), nullptr);
  for (int i = 0; i < 20; ++i) {
    memo.Keep(std::string(1, static_cast<char>('c' + i)), Of(9), kBytes);
    ASSERT_NE(memo.Find("a"), nullptr);
    EXPECT_LE(memo.MemoryBytes(), 4 * kBytes);
  }
  EXPECT_EQ(memo.Find("b"), nullptr);
}

TEST(MemoTest, AnEntryThatIsReplacedIsCountedOnce) {
  Memo<int> memo(1 << 20);
  memo.Keep("a", Of(1), kBytes);
  const size_t bytes = memo.MemoryBytes();
  memo.Keep("a", Of(2), kBytes);
  EXPECT_EQ(memo.MemoryBytes(), bytes);
}

TEST(MemoTest, TheLastOneStaysHoweverLarge) {
  Memo<int> memo(0);
  memo.Keep("a", Of(1), kBytes);
  EXPECT_NE(memo.Find("a"), nullptr);
  memo.Keep("b", Of(2), kBytes);
  EXPECT_EQ(memo.Find("a"), nullptr);
  EXPECT_NE(memo.Find("b"), nullptr);
}

}  // namespace
}  // namespace tandem::engine
