#include "services/matching/engine/roster/answer_memo.h"

#include <memory>

#include "gtest/gtest.h"

namespace tandem::engine {
namespace {

std::shared_ptr<const Answers> Of(uint64_t state) {
  auto answers = std::make_shared<Answers>(1);
  answers->front().state = state;
  return answers;
}

TEST(AnswerMemoTest, WhatWasKeptLastIsFound) {
  AnswerMemo memo(1 << 20);
  EXPECT_EQ(memo.Find("a"), nullptr);
  memo.Keep("a", Of(1));
  memo.Keep("b", Of(2));
  memo.Keep("a", Of(3));
  EXPECT_EQ(memo.Find("a")->front().state, 3u);
  EXPECT_EQ(memo.Find("b")->front().state, 2u);
}

TEST(AnswerMemoTest, WhatWasNotAskedForLongestGoesFirst) {
  AnswerMemo memo(4 * sizeof(ChunkAnswer));  // Room for two or three with their keys.
  memo.Keep("a", Of(1));
  memo.Keep("b", Of(2));
  ASSERT_NE(memo.Find("a"), nullptr);
  for (int i = 0; i < 20; ++i) {
    memo.Keep(std::string(1, static_cast<char>('c' + i)), Of(9));
    ASSERT_NE(memo.Find("a"), nullptr);
    EXPECT_LE(memo.MemoryBytes(), 4 * sizeof(ChunkAnswer));
  }
  EXPECT_EQ(memo.Find("b"), nullptr);
}

TEST(AnswerMemoTest, TheLastOneStaysHoweverLarge) {
  AnswerMemo memo(0);
  memo.Keep("a", Of(1));
  EXPECT_NE(memo.Find("a"), nullptr);
  memo.Keep("b", Of(2));
  EXPECT_EQ(memo.Find("a"), nullptr);
  EXPECT_NE(memo.Find("b"), nullptr);
}

}  // namespace
}  // namespace tandem::engine
