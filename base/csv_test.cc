#include "base/csv.h"

#include <cstdint>
#include <cstdio>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "base/status_matchers.h"
#include "base/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::base {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Rows = std::vector<std::vector<std::string>>;

absl::StatusOr<Rows> ReadAll(absl::string_view text, CsvOptions options) {
  absl::StatusOr<CsvReader> reader = CsvReader::Open(text, std::move(options));
  if (!reader.ok()) return reader.status();
  Rows rows = {reader->header()};
  while (true) {
    absl::StatusOr<bool> more = reader->Next();
    if (!more.ok()) return more.status();
    if (!*more) return rows;
    rows.emplace_back();
    for (const CsvField& field : reader->row()) rows.back().emplace_back(field.text);
  }
}

absl::StatusOr<Rows> ReadAll(absl::string_view text) {
  CsvOptions options;
  options.file_name = "f.csv";
  return ReadAll(text, options);
}

CsvOptions WithSeparator(char separator) {
  CsvOptions options;
  options.file_name = "f.csv";
  options.separator = separator;
  return options;
}

// A text that must be refused, and the message.
struct BadCase {
  std::string text;
  std::string message;
};

TEST(CsvTest, AcceptsWhatRfc4180Allows) {
  EXPECT_THAT(ReadAll("a,b\n1,2\n"), IsOkAndHolds(Rows{{"a", "b"}, {"1", "2"}}));
  EXPECT_THAT(ReadAll("a,b\r\n1,2"), IsOkAndHolds(Rows{{"a", "b"}, {"1", "2"}}));
  EXPECT_THAT(ReadAll("\xEF\xBB\xBF"
                      "a,b\n,\n"),
              IsOkAndHolds(Rows{{"a", "b"}, {"", ""}}));
  EXPECT_THAT(ReadAll("a,b\n\"x,\"\"y\"\"\n z\",\"\"\n"),
              IsOkAndHolds(Rows{{"a", "b"}, {"x,\"y\"\n z", ""}}));
  EXPECT_THAT(ReadAll("a\n\n\r\nx\n\n"), IsOkAndHolds(Rows{{"a"}, {"x"}}));
  EXPECT_THAT(ReadAll("a,b"), IsOkAndHolds(Rows{{"a", "b"}}));
}

TEST(CsvTest, DetectsWhatSpreadsheetsWrite) {
  EXPECT_THAT(ReadAll("a;b\n1,5;2\n", WithSeparator(0)),
              IsOkAndHolds(Rows{{"a", "b"}, {"1,5", "2"}}));
  EXPECT_THAT(ReadAll("a\tb\n1\t2\n", WithSeparator(0)),
              IsOkAndHolds(Rows{{"a", "b"}, {"1", "2"}}));
  EXPECT_THAT(ReadAll("\"a;;;\",b\n1,2\n", WithSeparator(0)),
              IsOkAndHolds(Rows{{"a;;;", "b"}, {"1", "2"}}));
}

TEST(CsvTest, RefusesMalformedTextWithItsPlace) {
  const std::vector<BadCase> cases = {
      {"", "f.csv:1:1: the file is empty; it needs a header line"},
      {"a,b\n1\n", "f.csv:2:1: 1 field where the header has 2"},
      {"a,b\n1,2,3\n", "f.csv:2:1: 3 fields where the header has 2"},
      {"a,a\n", "f.csv:1:3: column 'a' stands twice in the header"},
      {"a,\n", "f.csv:1:3: a column without a name; name it, or delete it if it is empty"},
      {"a,b\n1,x\"y\n",
       "f.csv:2:4: a quote inside a field that does not start with one; quote the whole field"},
      {"a,b\n\"x\" ,2\n",
       "f.csv:2:4: text after the closing quote; double a quote inside a quoted field"},
      {"a,b\n1,\"x\ny\n", "f.csv:2:3: the quote that opens here is never closed"},
      {"a\n1\r2\n",
       "f.csv:2:2: a carriage return without a line feed after it; save the file with line ends of "
       "Windows or Unix, or quote the field"},
      {"a\n\xC3\xA9\xFF\n", "f.csv:2:2: bytes that are not UTF-8; save the file as \"CSV UTF-8\""},
      {std::string("a\n\0\n", 4),
       "f.csv:2:1: a NUL character; the file is not text: save it as \"CSV UTF-8\""},
      {std::string("\xFF\xFE"
                   "a\0",
                   4),
       "f.csv:1:1: the file is UTF-16; save it as \"CSV UTF-8\""},
  };
  for (const BadCase& bad : cases) {
    EXPECT_THAT(ReadAll(bad.text), StatusIs(absl::StatusCode::kInvalidArgument, bad.message));
  }
}

TEST(CsvTest, UnnamedColumnsAtTheEndAreLeftOutWhereAskedFor) {
  CsvOptions options = WithSeparator(',');
  options.unnamed_columns_at_end = true;
  EXPECT_THAT(ReadAll("a,b,,\n1,2,,\n", options), IsOkAndHolds(Rows{{"a", "b"}, {"1", "2"}}));
  EXPECT_THAT(ReadAll("a,,b\n", options), StatusIs(absl::StatusCode::kInvalidArgument,
                                                   HasSubstr("f.csv:1:3: a column without")));
  EXPECT_THAT(ReadAll(",,\n", options), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(
      ReadAll("a,b,\n1,2,3\n", options),
      StatusIs(absl::StatusCode::kInvalidArgument,
               "f.csv:2:5: a value in a column without a name; name the column, or clear it"));
  EXPECT_THAT(
      ReadAll("a,b,\n1,2\n", options),
      StatusIs(absl::StatusCode::kInvalidArgument, "f.csv:2:1: 2 fields where the header has 3"));
}

TEST(CsvTest, ReadingGoesOnBehindARowOfTooFewFieldsAndNotBehindBrokenText) {
  TANDEM_ASSERT_OK_AND_ASSIGN(CsvReader reader, CsvReader::Open("a,b\n1\n2,3\n4,\"x\n", {"f.csv"}));
  EXPECT_THAT(reader.Next(), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_TRUE(reader.can_go_on());
  ASSERT_THAT(reader.Next(), IsOkAndHolds(true));
  EXPECT_EQ(reader.row()[1].text, "3");
  EXPECT_THAT(reader.Next(), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_FALSE(reader.can_go_on());
}

TEST(CsvTest, ColumnsCountCharactersNotBytes) {
  EXPECT_THAT(ReadAll("a,b\né世,x\"\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("f.csv:2:5: a quote")));
}

TEST(CsvTest, LimitsRowsAndTheirLength) {
  CsvOptions options = WithSeparator(',');
  options.max_rows = 1;
  EXPECT_THAT(ReadAll("a\n1\n2\n", options), StatusIs(absl::StatusCode::kResourceExhausted,
                                                      "f.csv:3:1: more than 1 rows, the limit"));
  options.max_row_bytes = 8;
  EXPECT_THAT(ReadAll("a\n123456789\n", options),
              StatusIs(absl::StatusCode::kResourceExhausted,
                       "f.csv:2:1: a row of more than 8 bytes, the limit"));
  EXPECT_THAT(ReadAll("a\n\"123\n456789\"\n", options),
              StatusIs(absl::StatusCode::kResourceExhausted,
                       "f.csv:2:1: a row of more than 8 bytes, the limit; is a quote left open?"));
}

TEST(CsvTest, FindsColumnsByNameInAnyOrder) {
  TANDEM_ASSERT_OK_AND_ASSIGN(CsvReader reader, CsvReader::Open("c,a\n1,2\n", {"f.csv"}));
  EXPECT_THAT(reader.FindColumns({{"a", true}, {"b", false}, {"c", true}}),
              IsOkAndHolds(ElementsAre(1, -1, 0)));
  EXPECT_THAT(reader.FindColumns({{"a", true}, {"b", true}, {"c", true}}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "f.csv:1:1: column 'b' is missing; the header has c, a"));
  EXPECT_THAT(reader.FindColumns({{"b", false}, {"c", true}}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "f.csv:1:3: unknown column 'a'; known are b, c"));
}

TEST(CsvTest, FieldErrorsNameFileLineColumnAndHeader) {
  TANDEM_ASSERT_OK_AND_ASSIGN(CsvReader reader, CsvReader::Open("a,b\n1,x\n", {"f.csv"}));
  ASSERT_THAT(reader.Next(), IsOkAndHolds(true));
  EXPECT_THAT(
      reader.FieldError(1, "\"x\" is not a number"),
      StatusIs(absl::StatusCode::kInvalidArgument, "f.csv:2:3: column 'b': \"x\" is not a number"));
}

TEST(CsvTest, WhatIsWrittenReadsBackTheSame) {
  const uint32_t seed = 20261122;
  std::cout << "seed " << seed << " (change it in the source to try another)\n";
  std::mt19937 random(seed);
  const std::string alphabet = "ab,;\t\"\n\r ";
  for (int round = 0; round < 2000; ++round) {
    const size_t width = 1 + random() % 3;
    Rows rows = {{"x", "y", "z"}};
    rows[0].resize(width);
    for (int i = 0; i < 3; ++i) {
      rows.emplace_back(width);
      for (std::string& field : rows.back()) {
        for (size_t length = random() % 5; length > 0; --length) {
          field.push_back(alphabet[random() % alphabet.size()]);
        }
      }
    }
    const char separator = ",;\t"[round % 3];
    std::string text;
    for (const auto& row : rows) {
      AppendCsvRow(std::vector<absl::string_view>(row.begin(), row.end()), separator, &text);
    }
    EXPECT_THAT(ReadAll(text, WithSeparator(separator)), IsOkAndHolds(rows)) << text;
  }
}

TEST(CsvTest, RandomBytesNeverCrash) {
  const uint32_t seed = 7;
  std::cout << "seed " << seed << " (change it in the source to try another)\n";
  std::mt19937 random(seed);
  const std::string alphabet = "a1,\"\n\r;\xC3\xA9";
  int accepted = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (size_t length = random() % 20; length > 0; --length) {
      text.push_back(alphabet[random() % alphabet.size()]);
    }
    accepted += ReadAll(text, WithSeparator(0)).ok() ? 1 : 0;
  }
  EXPECT_GT(accepted, 0);
}

TEST(ReadFileTest, NamesTheFileThatCannotBeRead) {
  TempDir dir;
  const std::string missing = dir.path() + "/missing.csv";
  EXPECT_THAT(ReadFile(missing, 10), StatusIs(absl::StatusCode::kNotFound, HasSubstr(missing)));
  EXPECT_THAT(ReadFile(dir.path(), 10),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("this is a folder")));
  const std::string path = dir.path() + "/a.csv";
  std::FILE* file = std::fopen(path.c_str(), "wb");
  std::fputs("hello", file);
  std::fclose(file);
  EXPECT_THAT(ReadFile(path, 5), IsOkAndHolds(std::string("hello")));
  EXPECT_THAT(ReadFile(path, 4), StatusIs(absl::StatusCode::kResourceExhausted,
                                          path + ": more than 4 bytes, the limit"));
}

}  // namespace
}  // namespace tandem::base
