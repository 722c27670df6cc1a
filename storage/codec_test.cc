#include "storage/codec.h"

#include <string>

#include "gtest/gtest.h"

namespace tandem::storage {
namespace {

TEST(CodecTest, ReadsWhatWasAppended) {
  std::string bytes;
  AppendFixed64(0x0123456789ABCDEFULL, &bytes);
  AppendSized(std::string("a\0b", 3), &bytes);
  AppendFixed32(7, &bytes);
  Decoder decoder(bytes);
  uint64_t large = 0;
  std::string text;
  uint32_t small = 0;
  EXPECT_TRUE(decoder.ReadFixed64(&large));
  EXPECT_TRUE(decoder.ReadSized(&text));
  EXPECT_FALSE(decoder.Done());
  EXPECT_TRUE(decoder.ReadFixed32(&small));
  EXPECT_TRUE(decoder.Done());
  EXPECT_EQ(large, 0x0123456789ABCDEFULL);
  EXPECT_EQ(text, std::string("a\0b", 3));
  EXPECT_EQ(small, 7u);
}

TEST(CodecTest, BytesSortAsTheNumbers) {
  std::string one;
  std::string many;
  AppendFixed64(255, &one);
  AppendFixed64(256, &many);
  EXPECT_LT(one, many);
}

TEST(CodecTest, ShortInputIsAnErrorThatStays) {
  std::string bytes;
  AppendSized("abc", &bytes);
  bytes.pop_back();
  Decoder decoder(bytes);
  std::string text = "untouched";
  uint32_t number = 5;
  EXPECT_FALSE(decoder.ReadSized(&text));
  EXPECT_FALSE(decoder.ReadFixed32(&number));
  EXPECT_FALSE(decoder.Done());
  EXPECT_EQ(text, "untouched");
}

}  // namespace
}  // namespace tandem::storage
