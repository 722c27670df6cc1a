#include "tools/cli/table.h"

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
  EXPECT_EQ(table.AsText(10), "text\n----------\n0123456...\n");
  EXPECT_EQ(table.AsCsv(), "text\n0123456789ABCDEF\n");
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
