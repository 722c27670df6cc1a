#include "base/sha256.h"

#include <string>

#include "absl/strings/str_format.h"
#include "gtest/gtest.h"

namespace tandem::base {
namespace {

// The examples of FIPS 180-4.
TEST(Sha256Test, AgreesWithThePublishedExamples) {
  EXPECT_EQ(Sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256Hex(std::string(1000000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256Test, RawDigestHas32BytesAndCountsEveryByteOfTheInput) {
  const std::string with_zero("a\0b", 3);
  EXPECT_EQ(Sha256(with_zero).size(), 32u);
  EXPECT_NE(Sha256(with_zero), Sha256("a"));
}

// Of all lengths around those where a block more is filled, with every value of bytes.
TEST(Sha256Test, PrefixIsTheBeginningOfTheDigest) {
  std::string text;
  for (size_t length = 0; length <= 300; ++length) {
    EXPECT_EQ(absl::StrFormat("%016x", Sha256Prefix(text)), Sha256Hex(text).substr(0, 16))
        << length;
    text.push_back(static_cast<char>(length));
  }
}

}  // namespace
}  // namespace tandem::base
