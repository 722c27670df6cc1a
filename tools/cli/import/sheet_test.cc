#include "tools/cli/import/sheet.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::cli {
namespace {

using ::tandem::base::IsOk;
using ::tandem::base::StatusIs;
using ::testing::HasSubstr;

const std::vector<ColumnSpec>& Columns() {
  static const auto* const columns =
      new std::vector<ColumnSpec>{{"id", true, ""}, {"name", false, ""}, {"hours", false, ""}};
  return *columns;
}

// Reads the whole text; what is wrong, one problem a line.
std::string ProblemsOf(const std::string& text) {
  Problems problems;
  auto sheet = Sheet::Open(text, "f.csv", Columns(), &problems);
  if (!sheet.ok()) return std::string(sheet.status().message());
  while (sheet->NextRow()) {
    sheet->Read(
        "hours", [](auto cell) { return ParseInteger(cell, 0, 744); }, [](int64_t) {});
  }
  std::string all;
  for (const Problem& p : problems.Sorted()) {
    absl::StrAppend(&all, p.line, ":", p.position, " ", p.column, " '", p.value, "' ", p.reason,
                    "\n");
  }
  return all;
}

TEST(SheetTest, WhatSpreadsheetsWriteIsRead) {
  for (const char* text :
       {"id,name,hours\r\na,Amina,3\r\n", "\xEF\xBB\xBFid;name;hours\r\na;Amina;3",
        "id\tname\thours\na\tAmina\t3\n", "\"id\",\"name\",\"hours\"\n\"a\",\"Amina\",\"3\"\n",
        "hours,id\n3,a\n\n"}) {
    Problems problems;
    auto sheet = Sheet::Open(text, "f.csv", Columns(), &problems);
    ASSERT_THAT(sheet, IsOk()) << text;
    ASSERT_TRUE(sheet->NextRow()) << text;
    EXPECT_EQ(sheet->Get("id"), "a");
    EXPECT_EQ(sheet->Get("hours"), "3");
    EXPECT_FALSE(sheet->NextRow());
    EXPECT_TRUE(problems.empty());
  }
}

TEST(SheetTest, HeadersAsPeopleWriteThemAndRowsOfSeparatorsAloneAreFine) {
  EXPECT_EQ(ProblemsOf("Id; Name ;HOURS\na;Amina;3\n;;\n ; ;\nb;;x\n;;\n"),
            "5:4 hours 'x' must be a whole number from 0 to 744\n");
  EXPECT_THAT(ProblemsOf("id,Name,name\n"), HasSubstr("f.csv:1:1: twice: name. "));
}

TEST(SheetTest, EveryProblemIsReportedWithItsPlace) {
  EXPECT_EQ(ProblemsOf("id,name,hours\n"
                       ",Amina,800\n"
                       "b,\"two\nlines\",x\n"
                       "c,Omar,-1\n"),
            "2:1 id '' must not be empty\n"
            "2:8 hours '800' must be a whole number from 0 to 744\n"
            "4:8 hours 'x' must be a whole number from 0 to 744\n"
            "5:8 hours '-1' must be a whole number from 0 to 744\n");
}

TEST(SheetTest, RowsOfTooFewFieldsHideNoOtherProblem) {
  EXPECT_EQ(ProblemsOf("id,name,hours\na,Amina\nb,Omar,x\nc\nd,Lea,3\n"),
            "2:1  '' 2 fields where the header has 3\n"
            "3:8 hours 'x' must be a whole number from 0 to 744\n"
            "4:1  '' 1 field where the header has 3\n");
}

TEST(SheetTest, ColumnsThatASpreadsheetLeftEmptyAreFine) {
  EXPECT_EQ(ProblemsOf("id;name;hours;;\na;Amina;3;;\n;;;;\nb;Omar;x;;\nc;Lea;1;;note\n"),
            "4:8 hours 'x' must be a whole number from 0 to 744\n"
            "5:10  '' a value in a column without a name; name the column, or clear it\n");
}

TEST(SheetTest, BadFilesSayWhatToDo) {
  const struct {
    std::string text;
    const char* reason;
  } kCases[] = {
      {"", "f.csv:1:1: the file is empty"},
      {"id,name\n\xE9t\xE9,x\n", "not UTF-8; save the file as \"CSV UTF-8\""},
      {std::string("\xFF\xFEi\0d\0", 6), "UTF-16"},
      {std::string("id\na\0b\n", 7), "NUL"},
      {"name,hours\nx,1\n", "missing: id"},
      {"id,nmae,hour\na,b,1\n", "unknown: nmae, hour"},
      {"id,id\na,b\n", "stands twice"},
      {"id,name\na,\"open\nb,c\n", "never closed"},
      {"id,name\na,b,c\n", "3 fields where the header has 2"},
      {"id,name\na,x\"y\n", "quote"},
      {"id,name\na," + std::string(10 << 20, 'x') + "\n", "more than 1048576 bytes"},
      {"id,name\na," + std::string(100'000, 'x') + "\n", "100000 bytes; at most 20000"},
      {"id,name\na,ab\xE2\x80\xAE"
       "cd\n",
       "right-to-left override"},
      {"id,name\na,ab\x07\n", "control character"},
  };
  for (const auto& c : kCases) {
    EXPECT_THAT(ProblemsOf(c.text), HasSubstr(c.reason)) << c.text.substr(0, 40);
  }
}

TEST(SheetTest, ValuesInReportsAreShortAndHarmless) {
  EXPECT_EQ(Shortened("a\nb"), "a?b");
  EXPECT_EQ(Shortened(std::string(5 << 20, 'x')), std::string(57, 'x') + "...");
}

TEST(ProblemsTest, CsvQuotesValues) {
  Problems problems;
  problems.Add({3, 8, "name", "a,b", "is \"odd\""});
  problems.Add({2, 1, "id", "", "must not be empty"});
  problems.Add({2, 1, "id", "", "must not be empty"});
  EXPECT_EQ(problems.AsCsv(),
            "line,position,column,value,reason\n"
            "2,1,id,,must not be empty\n"
            "3,8,name,\"a,b\",\"is \"\"odd\"\"\"\n");
}

}  // namespace
}  // namespace tandem::cli
