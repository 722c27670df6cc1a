#include "tools/cli/app.h"

#include <sstream>
#include <string>
#include <vector>

#include "base/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::cli {
namespace {

using ::testing::HasSubstr;

struct Outcome {
  int exit_code = 0;
  std::string out;
  std::string err;
};

Outcome Tandem(const std::vector<std::string>& arguments) {
  std::ostringstream out;
  std::ostringstream err;
  Program program(out, err, /*err_is_terminal=*/false);
  Outcome outcome;
  outcome.exit_code = RunProgram(arguments, program);
  outcome.out = out.str();
  outcome.err = err.str();
  return outcome;
}

TEST(AppTest, EveryLevelExplainsItself) {
  const std::vector<std::vector<std::string>> kCommands = {
      {},
      {"import"},
      {"import", "mentors"},
      {"import", "assessments"},
      {"rank"},
      {"explain"},
      {"policy"},
      {"policy", "compare"},
      {"cohort"},
      {"cohort", "solve"},
      {"cohort", "why-not"},
      {"match"},
      {"match", "approve"},
      {"need", "list"},
      {"mentor", "erase"},
      {"availability", "set"},
      {"audit", "list"},
      {"generate"},
      {"solve-file"},
      {"verify-file"},
  };
  for (std::vector<std::string> arguments : kCommands) {
    arguments.push_back("--help");
    const Outcome outcome = Tandem(arguments);
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_THAT(outcome.out, HasSubstr("Usage:"));
    EXPECT_EQ(outcome.err, "");
  }
}

TEST(AppTest, WrongCommandLinesAreBadInput) {
  const std::vector<std::vector<std::string>> kCommands = {
      {},
      {"nonsense"},
      {"rank"},
      {"--format", "xml", "version"},
      {"--role", "king", "version"},
      {"--as", "n\xC3\xA9", "version"},
      {"--timeout", "-1", "version"},
      {"--address", "profles=127.0.0.1:1", "version"},
      {"--address", "profiles=", "version"},
      {"generate", "--mentors", "-1", "--needs", "1", "--seed", "1", "--out", "x"},
      {"import", "mentors"},
      {"import", "mentors", "does-not-exist.csv"},
      {"import", "mentors", "/"},
      {"audit", "list", "--since", "yesterday"},
      {"rank", "R-1", "--at", "2027-02-30"},
  };
  for (const std::vector<std::string>& arguments : kCommands) {
    const Outcome outcome = Tandem(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << ::testing::PrintToString(arguments);
    EXPECT_NE(outcome.err, "");
  }
}

TEST(AppTest, MissingServerIsNamedWithTheNextStep) {
  // Relative: the names of sockets must be short.
  const std::string nowhere = "unix:nobody-listens";
  const Outcome outcome = Tandem({"--address", nowhere, "mentor", "list"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("No answer from " + nowhere + ". Start a server"));
}

TEST(AppTest, GeneratedFilesAreTheSameEachTime) {
  const base::TempDir folder;
  for (const char* name : {"/a", "/b"}) {
    const Outcome outcome = Tandem({"generate", "--mentors", "30", "--needs", "20", "--seed", "4",
                                    "--out", folder.path() + name});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  }
  for (const char* file :
       {"/organisations.csv", "/mentors.csv", "/assessments.csv", "/programme.json"}) {
    const auto a = ReadLocalFile(folder.path() + "/a" + file);
    const auto b = ReadLocalFile(folder.path() + "/b" + file);
    ASSERT_TRUE(a.ok() && b.ok());
    EXPECT_FALSE(a->empty());
    EXPECT_EQ(*a, *b);
  }
}

TEST(AppTest, ColumnsOfFilesAreExplained) {
  const Outcome outcome = Tandem({"import", "mentors", "--columns"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("fr:C1:B2|en:B2"));
}

TEST(AppTest, VersionIsPrinted) { EXPECT_THAT(Tandem({"version"}).out, HasSubstr("tandem ")); }

}  // namespace
}  // namespace tandem::cli
