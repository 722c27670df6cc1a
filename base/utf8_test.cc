#include "base/utf8.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace tandem::base {
namespace {

TEST(Utf8Test, AcceptsEveryLengthOfCharacter) {
  const std::vector<std::string> texts = {
      "", "plain", "é", "世", "\xF0\x9F\x8C\x8D", "\xF4\x8F\xBF\xBF"};
  for (const std::string& text : texts) {
    EXPECT_EQ(FindUtf8Error(text).kind, Utf8Error::Kind::kNone) << text;
  }
}

TEST(Utf8Test, RefusesOverlongSurrogateTruncatedAndTooLarge) {
  const std::vector<std::string> texts = {"\x80",         "\xC0\xAF",     "\xC1\xBF",
                                          "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                                          "\xF5\x80",     "\xC3",         "\xE4\xB8"};
  for (const std::string& text : texts) {
    EXPECT_EQ(FindUtf8Error(text).kind, Utf8Error::Kind::kInvalid);
  }
}

TEST(Utf8Test, NamesLineAndCharacter) {
  const Utf8Error error = FindUtf8Error("a\né\xFF");
  EXPECT_EQ(error.line, 2);
  EXPECT_EQ(error.column, 2);
  EXPECT_EQ(FindUtf8Error(std::string("\0", 1)).kind, Utf8Error::Kind::kNul);
}

}  // namespace
}  // namespace tandem::base
