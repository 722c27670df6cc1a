#include "base/json.h"

#include <cstdint>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "base/status_matchers.h"
#include "gtest/gtest.h"

namespace tandem::base {
namespace {

TEST(JsonTest, KeepsOrderKindsAndExactNumbers) {
  TANDEM_ASSERT_OK_AND_ASSIGN(
      JsonValue value,
      ParseJson(R"( {"b":[1,-0.50,2e+9,18446744073709551615], "a":{"x":null,"y":true,"z":false}} )",
                "f.json"));
  ASSERT_EQ(value.members.size(), 2u);
  EXPECT_EQ(value.members[0].first, "b");
  EXPECT_EQ(value.Find("b")->items[1].text, "-0.50");
  EXPECT_EQ(value.Find("b")->items[3].text, "18446744073709551615");
  EXPECT_EQ(value.Find("a")->Find("x")->kind, JsonValue::Kind::kNull);
  EXPECT_EQ(value.Find("a")->Find("y")->kind, JsonValue::Kind::kTrue);
  EXPECT_EQ(value.Find("c"), nullptr);
}

TEST(JsonTest, DecodesEscapes) {
  TANDEM_ASSERT_OK_AND_ASSIGN(JsonValue value,
                              ParseJson(R"("\"\\\/\n\u00e9\ud83c\udf0d")", "f.json"));
  EXPECT_EQ(value.text, "\"\\/\n\xC3\xA9\xF0\x9F\x8C\x8D");
}

// A text that must be refused, and the message.
struct BadCase {
  std::string text;
  std::string message;
};

TEST(JsonTest, NamesThePlaceOfAnError) {
  const std::vector<BadCase> cases = {
      {"", "f:1:1: the text ends where a value is expected"},
      {"{\n  \"a\": x}", "f:2:8: not a JSON value"},
      {"{\"a\":1,\"a\":2}", "f:1:8: key \"a\" stands twice"},
      {"{a:1}", "f:1:2: a key in quotes is expected"},
      {"{\"a\" 1}", "f:1:6: ':' is expected"},
      {"[1 2]", "f:1:4: ',' or ']' is expected"},
      {"[1,]", "f:1:4: not a JSON value"},
      {"1 2", "f:1:3: text after the end of the JSON value"},
      {"01", "f:1:2: text after the end of the JSON value"},
      {"1.", "f:1:3: a digit is expected"},
      {"-", "f:1:2: a digit is expected"},
      {"\"a", "f:1:3: a string that is never closed"},
      {"\"\t\"", "f:1:2: a control character in a string"},
      {"\"\\x\"", "f:1:3: an unknown escape in a string"},
      {"\"\\ud800\"", "f:1:8: half of a surrogate pair"},
      {"\"\xFF\"", "f:1:2: not UTF-8 text"},
      {std::string(70, '['), "f:1:66: nested too deeply"},
  };
  for (const BadCase& bad : cases) {
    EXPECT_THAT(ParseJson(bad.text, "f").status(),
                StatusIs(absl::StatusCode::kInvalidArgument, bad.message))
        << bad.text;
  }
}

TEST(JsonTest, WrittenStringsReadBackTheSame) {
  const uint32_t seed = 5;
  std::cout << "seed " << seed << " (change it in the source to try another)\n";
  std::mt19937 random(seed);
  for (int round = 0; round < 1000; ++round) {
    std::string text;
    for (size_t length = random() % 10; length > 0; --length) {
      text.push_back(static_cast<char>(1 + random() % 127));
    }
    std::string json;
    AppendJsonString(text, &json);
    TANDEM_ASSERT_OK_AND_ASSIGN(JsonValue value, ParseJson(json, "f"));
    EXPECT_EQ(value.text, text);
  }
}

TEST(JsonTest, RandomBytesNeverCrash) {
  const uint32_t seed = 6;
  std::cout << "seed " << seed << " (change it in the source to try another)\n";
  std::mt19937 random(seed);
  const std::string alphabet = "[]{},:\"\\u0d8f1-.eE tn";
  int accepted = 0;
  for (int round = 0; round < 50000; ++round) {
    std::string text;
    for (size_t length = random() % 12; length > 0; --length) {
      text.push_back(alphabet[random() % alphabet.size()]);
    }
    accepted += ParseJson(text, "f").ok() ? 1 : 0;
  }
  EXPECT_GT(accepted, 0);
}

}  // namespace
}  // namespace tandem::base
