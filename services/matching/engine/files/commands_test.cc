// solve-file and verify-file as a user meets them: files in, RESULT.json, messages and exit code
// out.

#include "services/matching/engine/files/commands.h"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/csv.h"
#include "base/json.h"
#include "base/status_matchers.h"
#include "base/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/matching/engine/assignment/testing/random_problem.h"
#include "services/matching/engine/files/problem_writer.h"

namespace tandem::engine::files {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr char kPairs[] =
    "need,mentor,score\n"
    "n1,m1,10\n"
    "n1,m2,9\n"
    "n2,m1,9.5\n"
    "n2,m2,1\n";

// A file that makes the problem unreadable, and the message after its folder.
struct BadFile {
  std::string name;
  std::string text;
  std::string message;
};

class CommandsTest : public ::testing::Test {
 protected:
  std::string Put(const std::string& name, const std::string& text) {
    const std::string path = absl::StrCat(dir_.path(), "/", name);
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

  std::string Get(const std::string& name) {
    std::ifstream file(absl::StrCat(dir_.path(), "/", name), std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }

  // Puts the files and says where each is.
  ProblemSource Source(const std::map<std::string, std::string>& files) {
    ProblemSource source;
    const std::map<std::string, std::string ProblemSource::*> places = {
        {"pairs.csv", &ProblemSource::pairs},         {"needs.csv", &ProblemSource::needs},
        {"mentors.csv", &ProblemSource::mentors},     {"quotas.csv", &ProblemSource::quotas},
        {"groups.csv", &ProblemSource::groups},       {"pinned.csv", &ProblemSource::pinned},
        {"forbidden.csv", &ProblemSource::forbidden}, {"previous.json", &ProblemSource::previous}};
    for (const auto& [name, text] : files) source.*places.at(name) = Put(name, text);
    return source;
  }

  int Solve(const ProblemSource& source) {
    SolveFileOptions options;
    options.source = source;
    options.out = absl::StrCat(dir_.path(), "/RESULT.json");
    std::ostringstream messages;
    std::ostringstream errors;
    const int exit_code = SolveFile(options, messages, errors);
    messages_ = messages.str();
    errors_ = errors.str();
    return exit_code;
  }

  int Verify(const ProblemSource& source) {
    std::ostringstream messages;
    std::ostringstream errors;
    const int exit_code =
        VerifyFile({source, dimacs_, absl::StrCat(dir_.path(), "/RESULT.json")}, messages, errors);
    messages_ = messages.str();
    errors_ = errors.str();
    return exit_code;
  }

  // Each of `cases` is refused with its message, and nothing is written.
  void ExpectRefused(const std::vector<BadFile>& cases) {
    for (const BadFile& bad : cases) {
      std::map<std::string, std::string> files = {{"pairs.csv", kPairs}};
      files[bad.name] = bad.text;
      EXPECT_EQ(Solve(Source(files)), kExitBadInput) << bad.message;
      EXPECT_THAT(errors_, HasSubstr(bad.message));
      EXPECT_EQ(Get("RESULT.json"), "") << "nothing is written for bad input";
    }
  }

  base::TempDir dir_;
  std::string dimacs_;  // What Verify takes in the place of its source, if not empty.
  std::string messages_;
  std::string errors_;
};

TEST_F(CommandsTest, WritesTheResultAsDesigned) {
  ASSERT_EQ(Solve(Source({{"pairs.csv", kPairs}})), kExitFine) << errors_;
  EXPECT_EQ(messages_, "OPTIMAL: 2 matches, 2 needs served, score 18.5\n");
  EXPECT_THAT(Get("RESULT.json"), StartsWith(R"({
  "status": "OPTIMAL",
  "objective": "total",
  "fill": "first",
  "seed": 0,
  "needs_served": 2,
  "filled_slots": 2,
  "beneficiaries_served": 2,
  "total_score": "18.5",
  "worst_pair_score": "9",
  "change_penalty": "0",
  "changed_pairs": 0,
  "matches": [
    {"need": "n1", "mentor": "m2", "score": "9"},
    {"need": "n2", "mentor": "m1", "score": "9.5"}
  ],
  "value": {"served_1": "2", "slots_1": "2", "points": "18500000", )"));
}

TEST_F(CommandsTest, InfeasibleIsWrittenWithExitOneAndIsValidToo) {
  const ProblemSource source = Source({{"pairs.csv", "need,mentor,score\nn1,m,1\nn2,m,1\n"},
                                       {"needs.csv", "need,min,max\nn1,1,1\nn2,1,1\n"}});
  EXPECT_EQ(Solve(source), kExitNo);
  EXPECT_THAT(Get("RESULT.json"), HasSubstr("\"status\": \"INFEASIBLE\""));
  EXPECT_THAT(Get("RESULT.json"),
              HasSubstr(R"("conflict": {"needs": ["n1", "n2"], "mentors": ["m"], "quotas": [], )"
                        R"("demand": 2, "supply": 1, )"));
  EXPECT_EQ(Verify(source), kExitFine);
  EXPECT_EQ(messages_, "VALID\n");
}

TEST_F(CommandsTest, AFileMayHoldItsHeaderAlone) {
  const ProblemSource source = Source({{"pairs.csv", "need,mentor,score\r\n"},
                                       {"needs.csv", "need,min,max\n"},
                                       {"mentors.csv", "mentor,min,max"},
                                       {"quotas.csv", "group,side,min,max\n"},
                                       {"groups.csv", "member,group\n"},
                                       {"pinned.csv", "need,mentor\n"},
                                       {"forbidden.csv", "need,mentor\n"}});
  EXPECT_EQ(Solve(source), kExitFine) << errors_;
  EXPECT_EQ(Verify(source), kExitFine) << messages_;
  EXPECT_THAT(Get("RESULT.json"), HasSubstr("\"worst_pair_score\": null"));
}

TEST_F(CommandsTest, APreviousResultIsReadBack) {
  ASSERT_EQ(Solve(Source({{"pairs.csv", kPairs}})), kExitFine);
  ProblemSource source = Source({{"pairs.csv", absl::StrReplaceAll(kPairs, {{"9.5", "7"}})},
                                 {"previous.json", Get("RESULT.json")}});
  source.change_penalty = 3'000'000;
  ASSERT_EQ(Solve(source), kExitFine) << errors_;
  EXPECT_THAT(Get("RESULT.json"), HasSubstr("\"changed_pairs\": 0"));
  EXPECT_EQ(Verify(source), kExitFine) << messages_;
  source.change_penalty = 0;
  EXPECT_EQ(Verify(source), kExitNo);
  EXPECT_EQ(messages_, "NOT VALID: change_penalty: \"3\", but the problem has \"0\"\n");
}

TEST_F(CommandsTest, BadInputNamesFileLineColumnAndReason) {
  const std::vector<BadFile> cases = {
      {"pairs.csv", "need,mentor\nn,m\n",
       "pairs.csv:1:1: column 'score' is missing; the header has need, mentor"},
      {"pairs.csv", "need,mentor,score,colour\n", "pairs.csv:1:19: unknown column 'colour'"},
      {"pairs.csv", "need,mentor,score\nn,m,NaN\n",
       "pairs.csv:2:5: column 'score': \"NaN\" is not a decimal such as 12 or 0.75"},
      {"pairs.csv", "need,mentor,score\nn,m,1e3\n", "pairs.csv:2:5: column 'score': \"1e3\""},
      {"pairs.csv", "need,mentor,score\nn,m,-1\n", "pairs.csv:2:5: column 'score': \"-1\""},
      {"pairs.csv", "need,mentor,score\nn,m,0.1234567\n",
       "column 'score': \"0.1234567\" has more than six digits after the point"},
      {"pairs.csv", "need,mentor,score\nn,m,1000000000.000001\n",
       "pairs.csv:2:5: column 'score': \"1000000000.000001\" is more than 1000000000"},
      {"pairs.csv", "need,mentor,score\nn,m,\n", "pairs.csv:2:5: column 'score': \"\" is not"},
      {"pairs.csv", "need,mentor,score,mentor_score\nn,m,1,inf\n",
       "pairs.csv:2:7: column 'mentor_score': \"inf\" is not a decimal"},
      {"pairs.csv", "", "pairs.csv:1:1: the file is empty"},
      {"mentors.csv", "mentor,min,max\nm1,0,-1\n",
       "mentors.csv:2:6: column 'max': \"-1\" is not a whole number from 0"},
      {"mentors.csv", "mentor,min,max\nm1,2,1\n", "mentors.csv:2:4: column 'min': min 2 is more"},
      {"mentors.csv", "mentor,min,max\nm1,1e3,1\n", "mentors.csv:2:4: column 'min': \"1e3\""},
      {"mentors.csv", "mentor,min,max,max\nm1,0,1,1\n",
       "mentors.csv:1:16: column 'max' stands twice in the header"},
      {"quotas.csv", "group,side,min,max\ng,need,3,1\n", "quotas.csv:2:8: column 'min': min 3 is"},
      {"quotas.csv", "group,side,min,max\ng,need,0,1\ng,need,0,1\n",
       "quotas.csv:3:1: column 'group': group 'g' stands twice"},
      {"pairs.csv", "need,mentor,score\n,m,1\n", "pairs.csv:2:1: column 'need': an id is missing"},
      {"pairs.csv", "score,mentor,need\n1,m,n\n2,m,n\n",
       "pairs.csv:3:5: column 'need': the pair of need 'n' and mentor 'm' stands twice, first on "
       "line 2"},
      {"pairs.csv", "need,mentor,score\nn,m\n", "pairs.csv:2:1: 2 fields where the header has 3"},
      {"pairs.csv", "need,mentor,score\nn,\"m,1\n",
       "pairs.csv:2:3: the quote that opens here is never closed"},
  };
  ExpectRefused(cases);
}

TEST_F(CommandsTest, BadInputInTheOtherFilesIsNamedLikewise) {
  const std::vector<BadFile> cases = {
      {"needs.csv", "need,min,max\nn1,-1,2\n",
       "needs.csv:2:4: column 'min': \"-1\" is not a whole number from 0"},
      {"needs.csv", "need,min,max\nn1,3,2\n",
       "needs.csv:2:4: column 'min': min 3 is more than max 2"},
      {"needs.csv", "need,min,max,tier\nn1,0,1,10\n",
       "needs.csv:2:8: column 'tier': \"10\" is more than 9"},
      {"needs.csv", "need,min,max,tier\nn1,0,1,0\n", "needs.csv:2:8: column 'tier': tier is 0"},
      {"needs.csv", "need,min,max\nn1,0,1\nn1,0,1\n",
       "needs.csv:3:1: column 'need': need 'n1' stands twice"},
      {"mentors.csv", "mentor,min,max\nm1,0,1.5\n",
       "mentors.csv:2:6: column 'max': \"1.5\" is not a whole number from 0"},
      {"mentors.csv", "mentor,min,max\nm1,0,1\nm1,0,1\n", "mentor 'm1' stands twice"},
      {"quotas.csv", "group,side,min,max\ng,left,0,1\n",
       "quotas.csv:2:3: column 'side': 'left' is neither need nor mentor"},
      {"quotas.csv", "group,side,min,max,parent\ng,need,0,1,h\n",
       "quotas.csv:2:12: column 'parent': group 'h' is unknown"},
      {"quotas.csv", "group,side,min,max,parent\ng,need,0,1,h\nh,mentor,0,,\n",
       "quotas.csv:2:12: column 'parent': group 'h' is of the other side"},
      {"quotas.csv", "group,side,min,max,parent\ng,need,0,1,h\nh,need,0,,g\n",
       "quotas.csv:2:12: column 'parent': group 'g' is its own ancestor"},
      {"groups.csv", "member,group\nn1,nobody\n",
       "groups.csv:2:4: column 'group': group 'nobody' is unknown"},
      {"pinned.csv", "need,mentor\nn1,m9\n",
       "pinned.csv:2:4: column 'mentor': mentor 'm9' is unknown"},
      {"pinned.csv", "need,mentor\nn1,m1\nn1,m1\n", "the pair stands twice, first on line 2"},
      {"forbidden.csv", "need,mentor\nn9,m1\n",
       "forbidden.csv:2:1: column 'need': need 'n9' is unknown"},
      {"previous.json", "{\"matches\": [}", "previous.json:1:14: not a JSON value"},
      {"previous.json", "{}", "previous.json:1:1: no list called matches"},
      {"previous.json", "{\"matches\": 5}", "previous.json:1:13: no list called matches"},
      {"previous.json", "{\n \"matches\": [\n {\"need\": 1, \"mentor\": \"m\"}]}",
       "previous.json:3:11: entry 1 of matches lacks need or mentor"},
      {"previous.json", "{\n \"matches\": [\n {\"need\": \"n\"}]}",
       "previous.json:3:2: entry 1 of matches lacks need or mentor"},
      {"previous.json",
       R"({"matches": [{"need": "n", "mentor": "m"}, {"need": "n", "mentor": "m"}]})",
       "previous.json:1:44: entry 2 of matches, need 'n' and mentor 'm', stands there twice"},
  };
  ExpectRefused(cases);
}

TEST_F(CommandsTest, MembersOfGroupsMustBeKnownAndStandInOneGroup) {
  std::map<std::string, std::string> files = {
      {"pairs.csv", kPairs},
      {"quotas.csv", "group,side,min,max\na,need,0,1\nb,need,0,1\n"},
      {"groups.csv", "member,group\nn9,a\n"}};
  EXPECT_EQ(Solve(Source(files)), kExitBadInput);
  EXPECT_THAT(errors_, HasSubstr("groups.csv:2:1: column 'member': need 'n9' is unknown"));
  files["groups.csv"] = "member,group\nn1,a\nn1,b\n";
  EXPECT_EQ(Solve(Source(files)), kExitBadInput);
  EXPECT_THAT(errors_, HasSubstr("groups.csv:3:1: column 'member': 'n1' stands in a group"));
}

TEST_F(CommandsTest, OptionsThatExcludeEachOtherAreRefused) {
  ProblemSource source = Source({{"pairs.csv", kPairs}});
  source.objective = Objective::kFloor;
  source.fill = Fill::kOptional;
  EXPECT_EQ(Solve(source), kExitBadInput);
  EXPECT_EQ(errors_, "error: optional filling goes with the objective total only\n");
  source = Source({{"pairs.csv", kPairs}, {"needs.csv", "need,min,max\nn1,1,1\n"}});
  source.objective = Objective::kStable;
  EXPECT_EQ(Solve(source), kExitBadInput);
  EXPECT_THAT(errors_,
              HasSubstr("needs.csv:2:4: column 'min': the objective stable takes no minimums"));
  // A request may also be named as a need that stands only in the pairs.
  source = Source({{"pairs.csv", kPairs}, {"needs.csv", "need,min,max,request\nn1,0,1,n2\n"}});
  source.objective = Objective::kStable;
  EXPECT_EQ(Solve(source), kExitBadInput);
  EXPECT_THAT(errors_, HasSubstr("needs.csv:2:8: column 'request': the objective stable takes no "
                                 "requests of several roles"));
}

TEST_F(CommandsTest, GroupsThatCrossBeneficiariesAreNamedWithTheirLine) {
  ProblemSource source = Source({{"pairs.csv", kPairs},
                                 {"needs.csv", "need,min,max,beneficiary\nn1,0,1,b\nn2,0,1,b\n"},
                                 {"quotas.csv", "group,side,min,max\na,need,0,1\nz,mentor,0,1\n"},
                                 {"groups.csv", "member,group\nm1,z\nn2,a\n"}});
  EXPECT_EQ(Solve(source), kExitFine) << "only coverage asks for it: " << errors_;
  source.objective = Objective::kCoverage;
  EXPECT_EQ(Solve(source), kExitBadInput);
  EXPECT_THAT(errors_, HasSubstr("groups.csv:3:1: column 'member': the objective coverage needs"));
  EXPECT_THAT(errors_, HasSubstr("those of 'b' stand in different ones"));
}

TEST_F(CommandsTest, PinsThatContradictAreAConflictWithDemandAndSupply) {
  const ProblemSource twice =
      Source({{"pairs.csv", kPairs}, {"pinned.csv", "need,mentor\nn1,m1\nn2,m1\n"}});
  EXPECT_EQ(Solve(twice), kExitNo);
  EXPECT_THAT(Get("RESULT.json"), HasSubstr("\"demand\": 2, \"supply\": 1"));
  EXPECT_EQ(Verify(twice), kExitFine) << messages_;
  const ProblemSource forbidden = Source({{"pairs.csv", kPairs},
                                          {"pinned.csv", "need,mentor\nn1,m1\n"},
                                          {"forbidden.csv", "need,mentor\nn1,m1\n"}});
  EXPECT_EQ(Solve(forbidden), kExitNo);
  EXPECT_THAT(Get("RESULT.json"), HasSubstr("\"demand\": 1, \"supply\": 0"));
  EXPECT_EQ(Verify(forbidden), kExitFine) << messages_;
}

TEST_F(CommandsTest, MoreRowsThanTheLimitAreRefused) {
  ProblemSource source = Source({{"pairs.csv", kPairs}});
  source.max_rows = 3;
  EXPECT_EQ(Solve(source), kExitBadInput);
  EXPECT_THAT(errors_, HasSubstr("pairs.csv:5:1: more than 3 rows, the limit"));
}

TEST_F(CommandsTest, FilesThatCannotBeReadOrWrittenAreNamed) {
  ProblemSource source = Source({{"pairs.csv", kPairs}});
  source.needs = absl::StrCat(dir_.path(), "/absent.csv");
  EXPECT_EQ(Solve(source), kExitBadInput);
  EXPECT_THAT(errors_, HasSubstr("/absent.csv"));
  source.needs.clear();
  SolveFileOptions options;
  options.source = source;
  options.out = absl::StrCat(dir_.path(), "/no/such/folder/RESULT.json");
  std::ostringstream messages;
  std::ostringstream errors;
  EXPECT_EQ(SolveFile(options, messages, errors), kExitBadInput);
  EXPECT_THAT(errors.str(), HasSubstr(options.out));
}

TEST_F(CommandsTest, AFileOfTheProblemIsNeverOverwrittenByTheResult) {
  const ProblemSource source = Source({{"pairs.csv", kPairs}, {"needs.csv", "need,min,max\n"}});
  for (const std::string& out : {source.pairs, dir_.path() + "/./needs.csv"}) {
    SolveFileOptions options;
    options.source = source;
    options.out = out;
    std::ostringstream messages;
    std::ostringstream errors;
    EXPECT_EQ(SolveFile(options, messages, errors), kExitBadInput) << out;
    EXPECT_THAT(errors.str(), HasSubstr("is a file of the problem"));
  }
  EXPECT_EQ(Get("pairs.csv"), kPairs);
  EXPECT_EQ(Get("needs.csv"), "need,min,max\n");
}

TEST_F(CommandsTest, StatsAreTheLastLineOfErrorsAndAreJson) {
  double now = 0;
  SolveFileOptions options;
  options.source = Source({{"pairs.csv", kPairs}});
  options.out = absl::StrCat(dir_.path(), "/RESULT.json");
  options.stats = true;
  options.cpu_seconds = [&now] { return now += 0.5; };
  options.peak_mb = [] { return 12.25; };
  std::ostringstream messages;
  std::ostringstream errors;
  ASSERT_EQ(SolveFile(options, messages, errors), kExitFine);
  TANDEM_ASSERT_OK_AND_ASSIGN(base::JsonValue stats, base::ParseJson(errors.str(), "stats"));
  EXPECT_EQ(stats.Find("method")->text, "auction");
  EXPECT_EQ(stats.Find("read_s")->text, "0.500000");
  for (const char* name : {"build_s", "solve_s", "certify_s", "peak_mb"}) {
    ASSERT_NE(stats.Find(name), nullptr) << name;
    EXPECT_NE(stats.Find(name)->text, "0.000000") << name;
  }
}

TEST_F(CommandsTest, DimacsFilesAreSolved) {
  SolveFileOptions options;
  options.dimacs = Put("problem.min", "p min 2 2\nn 1 3\nn 2 -3\na 1 2 0 2 5\na 1 2 0 2 7\n");
  options.out = absl::StrCat(dir_.path(), "/RESULT.json");
  std::ostringstream messages;
  std::ostringstream errors;
  EXPECT_EQ(SolveFile(options, messages, errors), kExitFine) << errors.str();
  EXPECT_THAT(Get("RESULT.json"), HasSubstr("\"cost\": \"17\""));
  EXPECT_THAT(Get("RESULT.json"), HasSubstr("{\"from\": 1, \"to\": 2, \"flow\": 1}"));
  options.dimacs = Put("problem.min", "p min 2 1\nn 1 3\nn 2 -3\na 1 2 0 2 5\n");
  EXPECT_EQ(SolveFile(options, messages, errors), kExitNo);
  EXPECT_THAT(Get("RESULT.json"), HasSubstr("INFEASIBLE"));
  EXPECT_EQ(messages.str().substr(messages.str().find('\n') + 1),
            "INFEASIBLE: 1 nodes (see conflict in the result) must pass 3 where 2 can be passed\n");
}

TEST_F(CommandsTest, DimacsResultsAreVerifiedInfeasibleOnesToo) {
  SolveFileOptions options;
  options.out = absl::StrCat(dir_.path(), "/RESULT.json");
  std::ostringstream messages;
  std::ostringstream errors;
  for (const std::string maximum : {"2", "3"}) {
    dimacs_ = options.dimacs =
        Put("problem.min", absl::StrCat("p min 2 1\nn 1 3\nn 2 -3\na 1 2 0 ", maximum, " 5\n"));
    EXPECT_EQ(SolveFile(options, messages, errors), maximum == "3" ? kExitFine : kExitNo);
    EXPECT_EQ(Verify(ProblemSource()), kExitFine);
    EXPECT_EQ(messages_, "VALID\n");
  }
  Put("RESULT.json", absl::StrReplaceAll(Get("RESULT.json"), {{"\"15\"", "\"14\""}}));
  EXPECT_EQ(Verify(ProblemSource()), kExitNo);
  EXPECT_EQ(messages_, "NOT VALID: cost: the flow costs 15\n");
  Put("RESULT.json", "{");
  EXPECT_EQ(Verify(ProblemSource()), kExitBadInput);
  EXPECT_THAT(errors_, HasSubstr("RESULT.json:1:2: "));
  Put("problem.min", "p min 2 1\nn 1 3\n");
  EXPECT_EQ(Verify(ProblemSource()), kExitBadInput);
  EXPECT_THAT(errors_, HasSubstr("problem.min:2:6: 0 arcs where 1 are announced"));
}

// The same lines after the header, in another order, ended by CRLF.
std::string ShuffledLines(const std::string& text, std::mt19937_64& random) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  std::shuffle(lines.begin() + 1, lines.end(), random);
  std::string shuffled;
  for (const std::string& line : lines) absl::StrAppend(&shuffled, line, "\r\n");
  return shuffled;
}

TEST_F(CommandsTest, RandomProblemsSolveVerifyAndDoNotDependOnTheOrderOfLines) {
  testing::ForEachSeed(5'000'000, 100, [&](uint64_t seed) {
    SCOPED_TRACE(absl::StrCat("TANDEM_TEST_SEED=", seed));
    std::mt19937_64 random(seed);
    const AssignmentProblem problem = testing::RandomProblem(seed);
    std::map<std::string, std::string> files = ProblemToFiles(problem);
    const auto with_options = [&problem](ProblemSource source) {
      source.objective = problem.objective;
      source.fill = problem.fill;
      source.seed = problem.seed;
      source.change_penalty = problem.change_penalty;
      return source;
    };
    const int exit_code = Solve(with_options(Source(files)));
    ASSERT_NE(exit_code, kExitBadInput) << errors_;
    const std::string result = Get("RESULT.json");
    EXPECT_EQ(Verify(with_options(Source(files))), kExitFine) << messages_ << errors_;
    for (auto& [name, text] : files) {
      if (name != "previous.json") text = ShuffledLines(text, random);
    }
    EXPECT_EQ(Solve(with_options(Source(files))), exit_code);
    EXPECT_EQ(Get("RESULT.json"), result);
  });
}

TEST_F(CommandsTest, AChangedResultIsNeverTakenForProven) {
  const ProblemSource source = Source({{"pairs.csv", kPairs}});
  ASSERT_EQ(Solve(source), kExitFine);
  const std::string result = Get("RESULT.json");
  const std::vector<std::pair<std::string, std::string>> changes = {
      {"\"total_score\": \"18.5\"", "\"total_score\": \"18.6\""},
      {"\"needs_served\": 2", "\"needs_served\": 1"},
      {"\"mentor\": \"m2\", \"score\": \"9\"", "\"mentor\": \"m1\", \"score\": \"10\""},
      {"\"mentor\": \"m2\"", "\"mentor\": \"nobody\""},
      {"\"status\": \"OPTIMAL\"", "\"status\": \"STABLE\""},
      {"\"seed\": 0", "\"seed\": 1"},
      {"\"seed\": 0,", ""},
      {"\"certificate\"", "\"nothing\""},
      {"\"components\": [\"unreached\", ", "\"components\": ["},
  };
  for (const auto& [from, to] : changes) {
    Put("RESULT.json", absl::StrReplaceAll(result, {{from, to}}));
    EXPECT_EQ(Verify(source), kExitNo) << from;
    EXPECT_THAT(messages_, StartsWith("NOT VALID: "));
  }
  Put("RESULT.json", result.substr(0, result.size() / 2));
  EXPECT_EQ(Verify(source), kExitBadInput);
  EXPECT_THAT(errors_, HasSubstr("RESULT.json:"));
}

TEST_F(CommandsTest, RandomBytesInAResultNeverCrashTheVerifier) {
  const ProblemSource source = Source({{"pairs.csv", kPairs}});
  ASSERT_EQ(Solve(source), kExitFine);
  const std::string result = Get("RESULT.json");
  std::mt19937_64 random(9);
  const std::string alphabet = "0129-\"{}[],:nm\\";
  for (int round = 0; round < 1000; ++round) {
    std::string changed = result;
    for (int i = 0; i < 2; ++i) {
      changed[random() % changed.size()] = alphabet[random() % alphabet.size()];
    }
    Put("RESULT.json", changed);
    const int exit_code = Verify(source);
    EXPECT_EQ(exit_code == kExitFine, messages_ == "VALID\n");
  }
}

}  // namespace
}  // namespace tandem::engine::files
