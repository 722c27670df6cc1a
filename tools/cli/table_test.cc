#include "tools/cli/table.h"

#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/cli/display.h"

namespace tandem::cli {
namespace {

TEST(TableTest, ColumnsAlignWithScriptsOfAnyWidth) {
  Table table({"name", "n"});
  table.AddRow({"Abebe", "1"});
  table.AddRow({"田中由紀", "20"});
  table.AddRow({"አበበ", "3"});
  EXPECT_EQ(table.AsText(),
            "name       n\n"
            "--------  --\n"
            "Abebe      1\n"
            "田中由紀  20\n"
            "አበበ        3\n");
}

TEST(TableTest, NothingFromElsewhereSteersTheTerminal) {
  Table table({"name"});
  table.AddRow(
      {"a\x1b[31mred\nb\xE2\x80\xAE"
       "c\xff"});
  EXPECT_EQ(table.AsText(), "name\n--------------\na?[31mred?b?c?\n");
}

TEST(TableTest, LongCellsAreCutForPeopleAndWholeForPrograms) {
  Table table({"text"});
  table.AddRow({"0123456789ABCDEF"});
  EXPECT_EQ(table.AsText({10, 0}), "text\n----------\n0123456...\n");
  EXPECT_EQ(table.AsCsv(), "text\n0123456789ABCDEF\n");
}

Table Matches() {
  Table table({"need", "score", "why", "resource"});
  table.MakeOptional("resource");
  table.AddRow({"R-1", "82.50", "expertise 100, language 50", "matches/abcdefghijkl"});
  table.AddRow({"R-22", "7.00", "none", "matches/mnopqrstuvwx"});
  return table;
}

TEST(TableTest, AWideTerminalShowsEverything) {
  EXPECT_EQ(Matches().AsText({kCellWidth, 80}), Matches().AsText());
}

TEST(TableTest, ANarrowerOneLeavesOptionalColumnsOutAndThenWrapsByWords) {
  EXPECT_EQ(Matches().AsText({kCellWidth, 50}),
            "need  score  why\n"
            "----  -----  --------------------------\n"
            "R-1   82.50  expertise 100, language 50\n"
            "R-22   7.00  none\n");
  EXPECT_EQ(Matches().AsText({kCellWidth, 28}),
            "need  score  why\n"
            "----  -----  ---------------\n"
            "R-1   82.50  expertise 100,\n"
            "             language 50\n"
            "R-22   7.00  none\n");
}

TEST(TableTest, ATerminalTooNarrowForColumnsGetsABlockPerRow) {
  Table table({"field", "a long column"});
  table.AddRow({"expertise", "conformity-assessment.certification:5"});
  table.AddRow({"x", "y"});
  EXPECT_EQ(table.AsText({kCellWidth, 40}),
            "field          expertise\n"
            "a long column  conformity-assessment.cer\n"
            "               tification:5\n"
            "\n"
            "field          x\n"
            "a long column  y\n");
}

TEST(TableTest, NoLineIsWiderThanTheTerminalAndNothingIsLost) {
  Table table({"rank", "name", "strongest", "resource"});
  table.AddRow({"1", "Jean-Luc Moreau", "expertise 100, language 100, regional-experience 100",
                "mentors/adeo6amc54sjiixjusg2yh7hga"});
  for (int width = 40; width <= 130; ++width) {
    const std::string text = table.AsText({kCellWidth, width});
    for (absl::string_view line : absl::StrSplit(text, '\n')) {
      EXPECT_LE(DisplayWidth(line), width) << text;
    }
    for (const char* word : {"Jean-Luc", "Moreau", "regional-experience"}) {
      EXPECT_THAT(text, ::testing::HasSubstr(word)) << width;
    }
  }
}

TEST(DisplayTest, TextIsWrappedBetweenWordsAndBehindBars) {
  EXPECT_EQ(WrapWords("one two  three", 7), (std::vector<std::string>{"one two", "three"}));
  EXPECT_EQ(WrapWords("aa:1|bb:2|cc:3", 10), (std::vector<std::string>{"aa:1|bb:2|", "cc:3"}));
  EXPECT_EQ(WrapWords("abcdefgh", 3), (std::vector<std::string>{"abc", "def", "gh"}));
  EXPECT_EQ(WrapWords("田中由紀", 4), (std::vector<std::string>{"田中", "由紀"}));
  EXPECT_EQ(WrapWords("", 4), (std::vector<std::string>{""}));
  EXPECT_EQ(LongestWord("one three aa|bbbbbb"), 6);
}

TEST(DisplayTest, InvisibleCharactersShowInMessages) {
  EXPECT_EQ(Harmless("A\u200Bda"), "A?da");
  EXPECT_EQ(Harmless("A\uFEFFda"), "A?da");
  EXPECT_EQ(Harmless("A\u2028da"), "A?da");
  EXPECT_EQ(Harmless("A\U000E0041da"), "A?da");
  EXPECT_EQ(Harmless("አበበ Émilie نادية"), "አበበ Émilie نادية");
}

TEST(TableTest, CsvQuotesWhatNeedsIt) {
  Table table({"a", "b"});
  table.AddRow({"x,y", "say \"no\""});
  EXPECT_EQ(table.AsCsv(), "a,b\n\"x,y\",\"say \"\"no\"\"\"\n");
}

TEST(DisplayTest, DisguisingCharactersAreNamed) {
  EXPECT_EQ(DisguisingCharacter("Amina Diallo", true), "");
  EXPECT_EQ(DisguisingCharacter("Émilie Dubois نادية", true), "");
  EXPECT_EQ(DisguisingCharacter("ab\xE2\x80\xAE"
                                "cd",
                                true),
            "U+202E (right-to-left override)");
  EXPECT_EQ(DisguisingCharacter("ab\xE2\x81\xA6"
                                "cd",
                                true),
            "U+2066 (left-to-right isolate)");
  EXPECT_EQ(DisguisingCharacter("ab\x07", true), "U+0007 (a control character)");
  EXPECT_EQ(DisguisingCharacter("two\nlines", false), "");
  EXPECT_EQ(DisguisingCharacter("two\nlines", true), "U+000A (a control character)");
}

TEST(DisplayTest, CombiningMarksTakeNoWidth) {
  EXPECT_EQ(DisplayWidth("e\xCC\x81"), 1);
  EXPECT_EQ(DisplayWidth(""), 0);
  EXPECT_EQ(PadLeft("7", 3), "  7");
}

}  // namespace
}  // namespace tandem::cli
