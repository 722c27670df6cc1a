// Files that nobody should have to import: each is refused with exit code 2, a message that names
// the place and says what to do, all problems as CSV, and nothing written.
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/cli/import/import_fixture.h"

namespace tandem::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr char kHeader[] =
    "external_id,name,residence,hours_per_month,time_zone,max_engagements,modalities\n";
constexpr char kErrorsHeader[] = "line,position,column,value,reason\n";

struct BadFile {
  const char* name;
  std::function<std::string()> text;
  const char* place;   // "LINE:POSITION"
  const char* reason;  // a part of the message
};

std::string Utf16(const std::string& text) {
  std::string wide = "\xFF\xFE";
  for (char c : text) wide += std::string{c, '\0'};
  return wide;
}

std::string Rows(const std::string& rows) { return absl::StrCat(kHeader, rows); }

const BadFile kBadFiles[] = {
    {"Empty", [] { return std::string(); }, "1:1", "needs a header line"},
    {"ByteOrderMarkAlone", [] { return std::string("\xEF\xBB\xBF"); }, "1:1",
     "needs a header line"},
    {"Utf16", [] { return Utf16(Rows("M1,Ann,KE,1,UTC,1,remote\n")); }, "1:1",
     "save it as \"CSV UTF-8\""},
    {"Utf16WithoutMark", [] { return Utf16(Rows("M1,Ann,KE,1,UTC,1,remote\n")).substr(2); }, "1:2",
     "save it as \"CSV UTF-8\""},
    {"Latin1", [] { return Rows("M1,Ren\xE9,KE,1,UTC,1,remote\n"); }, "2:7",
     "save the file as \"CSV UTF-8\""},
    {"NulCharacter", [] { return Rows(std::string("M1,A\0n,KE,1,UTC,1,remote\n", 26)); }, "2:5",
     "the file is not text"},
    {"MissingColumn", [] { return std::string("name,residence\nAnn,KE\n"); }, "1:1",
     "missing: external_id, time_zone"},
    {"UnknownColumn",
     [] {
       return std::string("external_id,name,time_zone,max_engagements,modalities,shoe_size\n");
     },
     "1:1", "unknown: shoe_size"},
    {"ColumnTwice", [] { return std::string("external_id,name,name\nM1,Ann,Ann\n"); }, "1:18",
     "stands twice"},
    {"CarriageReturnsAlone", [] { return std::string("external_id,name\rM1,Ann\r"); }, "1:17",
     "line ends of Windows or Unix"},
    {"OpenQuote",
     [] {
       return Rows(
           "M1,Ann,KE,1,UTC,1,remote\nM2,\"Ben,KE,1,UTC,1,remote\nM3,Cy,KE,1,UTC,1,remote\n");
     },
     "3:4", "never closed"},
    {"QuoteInTheMiddle", [] { return Rows("M1,An\"n,KE,1,UTC,1,remote\n"); }, "2:6", "quote"},
    {"TooFewFields", [] { return Rows("M1,Ann\n"); }, "2:1", "2 fields where the header has 7"},
    {"TooManyFields", [] { return Rows("M1,Ann,KE,1,UTC,1,remote,2\n"); }, "2:1", "8 fields"},
    {"LineOfTenMegabytes",
     [] { return Rows("M1,Ann,KE,1,UTC,1,remote\n" + std::string(10'000'000, 'x') + "\n"); }, "3:1",
     "1048576 bytes, the limit"},
    {"NameOfFiveMegabytes",
     [] { return Rows("M1," + std::string(5'000'000, 'x') + ",KE,1,UTC,1,remote\n"); }, "2:1",
     "1048576 bytes, the limit"},
    {"NameOfAHundredKilobytes",
     [] { return Rows("M1," + std::string(100'000, 'x') + ",KE,1,UTC,1,remote\n"); }, "2:4",
     "100000 bytes; at most 20000"},
    {"NameOfThreeHundredCharacters",
     [] { return Rows("M1," + std::string(300, 'x') + ",KE,1,UTC,1,remote\n"); }, "2:4",
     "200 characters"},
    {"BidirectionalName", [] { return Rows("M1,A\u202En,KE,1,UTC,1,remote\n"); }, "2:4", "U+202E"},
    {"ZeroWidthName", [] { return Rows("M1,A\u200Bn,KE,1,UTC,1,remote\n"); }, "2:4", "U+200"},
    {"ControlCharacterInName", [] { return Rows("M1,A\x07n,KE,1,UTC,1,remote\n"); }, "2:4",
     "U+0007"},
    {"NameOverTwoLines", [] { return Rows("M1,\"A\nn\",KE,1,UTC,1,remote\n"); }, "2:4", "U+000"},
    {"NameOfSpaces", [] { return Rows("M1,   ,KE,1,UTC,1,remote\n"); }, "2:4", "must not be empty"},
    {"UnknownCountry", [] { return Rows("M1,Ann,XX,1,UTC,1,remote\n"); }, "2:8", "country code"},
    {"NegativeHours", [] { return Rows("M1,Ann,KE,-3,UTC,1,remote\n"); }, "2:11", "from 0 to 744"},
    {"HoursBeyondAnyNumber", [] { return Rows("M1,Ann,KE,99999999999999999999,UTC,1,remote\n"); },
     "2:11", "from 0 to 744"},
    {"IdTwice", [] { return Rows("M1,Ann,KE,1,UTC,1,remote\nM1,Ben,KE,1,UTC,1,remote\n"); }, "3:1",
     "stands already in line 2"},
    {"ImpossibleDate",
     [] {
       return std::string(
           "external_id,name,residence,hours_per_month,time_zone,max_engagements,modalities,"
           "coi_declared\nM1,Ann,KE,1,UTC,1,remote,2026-02-30\n");
     },
     "2:26", "is no day of the calendar"},
    {"DeclarationWithoutItsEnd",
     [] {
       return std::string(
           "external_id,name,residence,hours_per_month,time_zone,max_engagements,modalities,"
           "coi_declared\nM1,Ann,KE,1,UTC,1,remote,2026-02-28\n");
     },
     "2:26", "must both be there, or neither"},
    {"UnknownTopic",
     [] {
       return std::string(
           "external_id,name,residence,hours_per_month,time_zone,max_engagements,modalities,"
           "expertise\nM1,Ann,KE,1,UTC,1,remote,rocket-science:3\n");
     },
     "2:26", "is not a known topic code"},
    {"IdWithSpaces", [] { return Rows("M 1,Ann,KE,1,UTC,1,remote\n"); }, "2:1",
     "128 characters of"},
};

class BadFileTest : public ImportFixture, public ::testing::WithParamInterface<BadFile> {};

TEST_P(BadFileTest, IsRefusedWithPlaceAndReasonAndNothingIsWritten) {
  const std::string before = Everything();
  const std::string file = File("bad.csv", GetParam().text());
  const std::string errors = folder_.Join("errors.csv");

  const Outcome refused = Tandem({"import", "mentors", file, "--errors", errors});

  EXPECT_EQ(refused.exit_code, 2) << refused.out;
  EXPECT_THAT(refused.err, AllOf(HasSubstr(absl::StrCat("bad.csv:", GetParam().place, ": ")),
                                 HasSubstr(GetParam().reason), HasSubstr("nothing was written")));
  EXPECT_LT(refused.err.size(), 5000u) << "a message, not the file";
  const std::string row =
      absl::StrReplaceAll(GetParam().place, {{":", ","}});  // the same place, in a row of CSV
  EXPECT_THAT(Text(errors), StartsWith(absl::StrCat(kErrorsHeader, row, ",")));
  EXPECT_EQ(Everything(), before);
}

INSTANTIATE_TEST_SUITE_P(Files, BadFileTest, ::testing::ValuesIn(kBadFiles),
                         [](const auto& info) { return std::string(info.param.name); });

using ImportedFileTest = ImportFixture;

TEST_F(ImportedFileTest, AFolderOrAMissingFileIsNamed) {
  const Outcome folder = Tandem({"import", "mentors", folder_.path()});
  const Outcome missing = Tandem({"import", "mentors", folder_.Join("none.csv")});

  EXPECT_EQ(folder.exit_code, 2);
  EXPECT_THAT(folder.err, HasSubstr("this is a folder"));
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_THAT(missing.err, HasSubstr("none.csv"));
}

TEST_F(ImportedFileTest, AHeaderAloneImportsNothing) {
  EXPECT_EQ(Tandem({"import", "mentors", File("m.csv", kHeader)}).out,
            "mentors: 0 created, 0 changed, 0 unchanged\n");
}

TEST_F(ImportedFileTest, WhatASpreadsheetWritesIsTaken) {
  const std::string text =
      Rows("M1,Ann,KE,1,UTC,1,remote\n\"M2\",\"Ben \"\"B\"\"\",KE,2,UTC,1,remote\n");
  ASSERT_EQ(Tandem({"import", "mentors", File("m.csv", text)}).exit_code, 0);
  const std::string excel =
      "\xEF\xBB\xBF" + absl::StrReplaceAll(text, {{",", ";"}, {"\n", "\r\n"}});
  const std::string tabs = absl::StrReplaceAll(text, {{",", "\t"}});

  EXPECT_EQ(Tandem({"import", "mentors", File("e.csv", excel)}).out,
            "mentors: 0 created, 0 changed, 2 unchanged\n");
  EXPECT_EQ(Tandem({"import", "mentors", File("t.csv", tabs)}).out,
            "mentors: 0 created, 0 changed, 2 unchanged\n");
}

TEST_F(ImportedFileTest, EveryBadRowOfAThousandIsReportedAndTheGoodOnesStayOut) {
  std::string text = kHeader;
  for (int i = 0; i < 1000; ++i) {
    absl::StrAppend(&text, "M", i, ",Ann,", i % 2 == 0 ? "KE" : "XX", ",1,UTC,1,remote\n");
  }
  const std::string errors = folder_.Join("errors.csv");

  const Outcome refused = Tandem({"import", "mentors", File("m.csv", text), "--errors", errors});

  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("500 problems"), HasSubstr("... and 475 more")));
  const std::vector<std::string> rows = absl::StrSplit(Text(errors), '\n', absl::SkipEmpty());
  ASSERT_EQ(rows.size(), 501u);
  EXPECT_THAT(rows[500], StartsWith("1001,10,residence,XX,"));
  EXPECT_THAT(Tandem({"mentor", "list"}).out, ::testing::Not(HasSubstr("Ann")));
}

TEST_F(ImportedFileTest, TheFileToBeImportedIsNeverOverwrittenByItsProblems) {
  const std::string bad = Rows("M1,,KE,1,UTC,1,remote\n");
  const std::string file = File("m.csv", bad);
  const std::string other_name = folder_.Join("link.csv");
  std::filesystem::create_symlink(file, other_name);

  for (const std::string& errors : {file, other_name}) {
    const Outcome refused = Tandem({"import", "mentors", file, "--errors", errors});
    EXPECT_EQ(refused.exit_code, 2);
    EXPECT_THAT(refused.err, HasSubstr("is the file to be imported"));
  }
  EXPECT_EQ(Text(file), bad);
}

TEST_F(ImportedFileTest, AGoodImportLeavesNoProblemsOfAnEarlierOneInTheErrorsFile) {
  const std::string errors = folder_.Join("errors.csv");
  const std::string bad = File("bad.csv", Rows("M1,,KE,1,UTC,1,remote\n"));
  const std::string good = File("good.csv", Rows("M1,Ann,KE,1,UTC,1,remote\n"));

  ASSERT_EQ(Tandem({"import", "mentors", bad, "--errors", errors}).exit_code, 2);
  ASSERT_EQ(Tandem({"import", "mentors", good, "--errors", errors}).exit_code, 0);

  EXPECT_EQ(Text(errors), kErrorsHeader);
}

TEST_F(ImportedFileTest, WhereTheErrorsFileCannotBeWrittenAGoodFileStaysOut) {
  const Outcome refused =
      Tandem({"import", "mentors", File("m.csv", Rows("M1,Ann,KE,1,UTC,1,remote\n")), "--errors",
              folder_.Join("none/errors.csv")});

  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("none/errors.csv"), HasSubstr("nothing was imported")));
  EXPECT_THAT(Tandem({"mentor", "list"}).out, ::testing::Not(HasSubstr("Ann")));
}

TEST_F(ImportedFileTest, AnErrorsFileThatCannotBeWrittenIsSaid) {
  const Outcome refused =
      Tandem({"import", "mentors", File("m.csv", Rows("M1,,KE,1,UTC,1,remote\n")), "--errors",
              folder_.Join("none/errors.csv")});

  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("m.csv:2:4: column 'name': must not be empty"),
                                 HasSubstr("cannot write"), HasSubstr("none/errors.csv")));
}

}  // namespace
}  // namespace tandem::cli
