#include "tools/cli/app.h"

#include <string>
#include <vector>

#include "base/csv.h"
#include "base/temp_dir.h"
#include "gmock/gmock.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "tools/cli/testing/run_tandem.h"

namespace tandem::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

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
      {"cohort", "fairness"},
      {"match"},
      {"match", "approve"},
      {"need", "list"},
      {"mentor", "erase"},
      {"organisation", "list"},
      {"availability", "set"},
      {"audit", "list"},
      {"admin", "token", "create"},
      {"admin", "invite", "redeem"},
      {"admin", "cert", "add"},
      {"generate"},
      {"solve-file"},
      {"verify-file"},
  };
  for (std::vector<std::string> arguments : kCommands) {
    arguments.push_back("--help");
    const Outcome outcome = RunTandem(arguments);
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_THAT(outcome.out, HasSubstr("Usage:"));
    EXPECT_EQ(outcome.err, "");
  }
}

TEST(AppTest, WrongCommandLinesAreBadInput) {
  const std::vector<std::vector<std::string>> kCommands = {
      {},
      {"nonsense"},
      {"--nonsense"},
      {"import", "nonsense"},
      {"cohort", "create", "C-1", "--programme", "P", "--seed", "-1"},
      {"generate", "--mentors", "1", "--needs", "1", "--seed", "-1", "--out", "x"},
      {"solve-file", "--pairs", "p.csv", "--out", "r.json", "--seed", "-1"},
      {"policy", "publish", "ldc"},
      {"rank"},
      {"--format", "xml", "version"},
      {"--role", "king", "version"},
      {"--as", "n\xC3\xA9", "version"},
      {"--role", "mentor", "version"},
      {"--role", "mentor", "--subject", "organisations/1", "version"},
      {"--role", "nsb", "--subject", "organisations/", "version"},
      {"--role", "staff", "--subject", "mentors/1", "version"},
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
    const Outcome outcome = RunTandem(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << ::testing::PrintToString(arguments);
    EXPECT_NE(outcome.err, "");
  }
}

TEST(AppTest, AWordThatIsNoCommandIsNamedWithTheCommandsThatThereAre) {
  EXPECT_THAT(RunTandem({"matsch"}).err,
              AllOf(HasSubstr("'matsch' is no command or option of tandem;"),
                    HasSubstr("the commands are: import, rank,")));
  EXPECT_THAT(RunTandem({"--nope"}).err, HasSubstr("'--nope' is no command or option of tandem;"));
  EXPECT_THAT(RunTandem({"import", "mentor"}).err,
              AllOf(HasSubstr("'mentor' is no command or option of tandem import;"),
                    HasSubstr("organisations, mentors, programme, assessments")));
  EXPECT_THAT(RunTandem({"import"}).err, HasSubstr("tandem import needs a command"));
}

TEST(AppTest, AWrongValueIsQuotedInItsMessage) {
  EXPECT_THAT(RunTandem({"rank", "R-1", "--at", "2027-02-30"}).err,
              HasSubstr("--at '2027-02-30' is no day of the calendar"));
  EXPECT_THAT(RunTandem({"audit", "list", "--since", "2027-13-01"}).err,
              HasSubstr("--since '2027-13-01' is no day of the calendar"));
  EXPECT_THAT(RunTandem({"cohort", "create", "C", "--programme", "P", "--seed", "-1"}).err,
              HasSubstr("'-1' is no whole number"));
}

TEST(AppTest, EveryAnswerHasAFormForPrograms) {
  const base::TempDir folder;
  const std::vector<std::string> generate = {"generate", "--mentors", "1",     "--needs",    "1",
                                             "--seed",   "7",         "--out", folder.path()};
  const std::vector<std::vector<std::string>> kCommands = {
      {"version"}, {"import", "mentors", "--columns"}, generate};
  for (std::vector<std::string> arguments : kCommands) {
    arguments.insert(arguments.begin(), {"--format", "json"});
    const Outcome json = RunTandem(arguments);
    EXPECT_EQ(json.exit_code, 0);
    google::protobuf::Struct parsed;
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json.out, &parsed).ok()) << json.out;
    arguments[1] = "csv";
    const std::string csv = RunTandem(arguments).out;
    auto reader = base::CsvReader::Open(csv, base::CsvOptions());
    ASSERT_TRUE(reader.ok()) << csv;
    const auto row = reader->Next();
    EXPECT_TRUE(row.ok() && *row) << csv;
  }
}

TEST(AppTest, MissingServerIsNamedWithTheNextStep) {
  // Relative: the names of sockets must be short.
  const std::string nowhere = "unix:nobody-listens";
  const Outcome outcome = RunTandem({"--address", nowhere, "mentor", "list"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("No answer from " + nowhere + ". Start a server"));
}

TEST(AppTest, GeneratedFilesAreTheSameEachTime) {
  const base::TempDir folder;
  for (const char* name : {"/a", "/b"}) {
    const Outcome outcome = RunTandem({"generate", "--mentors", "30", "--needs", "20", "--seed",
                                       "4", "--out", folder.path() + name});
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
  const Outcome outcome = RunTandem({"import", "mentors", "--columns"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("fr:C1:B2|en:B2"));
}

TEST(AppTest, VersionIsPrinted) { EXPECT_THAT(RunTandem({"version"}).out, HasSubstr("tandem ")); }

}  // namespace
}  // namespace tandem::cli
