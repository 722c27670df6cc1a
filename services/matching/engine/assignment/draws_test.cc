#include "services/matching/engine/assignment/draws.h"

#include "gtest/gtest.h"

namespace tandem::engine {
namespace {

TEST(DrawsTest, HashIsTheStartOfTheSha256OfTheId) {
  // FIPS 180-4's example: SHA-256("abc") = ba7816bf8f01cfea...
  EXPECT_EQ(IdHash("abc"), 0xBA7816BF8F01CFEAu);
}

TEST(DrawsTest, DrawIsTheLow40BitsOfTheFirstSplitMix64Output) {
  // The first output of SplitMix64 started from 0 is 0xE220A8397B1DCDAF (published test vector).
  EXPECT_EQ(Draw(0, 0, 0), 0x397B1DCDAF);
  EXPECT_EQ(Draw(7, 7, 0), 0x397B1DCDAF);
  EXPECT_EQ(Draw(0, 0x0000000100000000u, 1), 0x397B1DCDAF);
}

TEST(DrawsTest, NeedAndMentorAreNotInterchangeable) {
  EXPECT_NE(Draw(0, IdHash("a"), IdHash("b")), Draw(0, IdHash("b"), IdHash("a")));
}

}  // namespace
}  // namespace tandem::engine
