// Every objective through the real server and the command line, on the sample: solve, show,
// explain, verify without the server, and solve again from the exported files to the same bytes.
#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "base/child_process.h"
#include "base/csv.h"
#include "base/status_matchers.h"
#include "base/temp_dir.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "tandem/matching/v1/cohort.pb.h"
#include "tests/journey/deployment.h"

namespace tandem::journey {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr char kSample[] = "tools/sample/";

class ObjectivesTest : public ::testing::Test {
 protected:
  void SetUp() override { TANDEM_ASSERT_OK(deployment_.Start()); }

  base::Finished Tandem(const std::vector<std::string>& arguments) {
    std::vector<std::string> all = {"tools/tandem", "--as", "amina"};
    const std::vector<std::string> address = deployment_.AddressOptions();
    all.insert(all.end(), address.begin(), address.end());
    all.insert(all.end(), arguments.begin(), arguments.end());
    absl::StatusOr<base::Finished> finished = base::RunProgram(all);
    EXPECT_TRUE(finished.ok()) << finished.status();
    return finished.ok() ? *std::move(finished) : base::Finished();
  }

  std::string Succeed(const std::vector<std::string>& arguments) {
    const base::Finished finished = Tandem(arguments);
    EXPECT_EQ(finished.exit_code, 0) << absl::StrJoin(arguments, " ") << "\n"
                                     << finished.output << finished.errors;
    return finished.output;
  }

  static std::string Read(const std::string& path) {
    auto text = base::ReadFile(path, 64 << 20);
    EXPECT_TRUE(text.ok()) << text.status();
    return text.ok() ? *text : "";
  }

  std::string Write(const std::string& name, const std::string& text) {
    std::ofstream(folder_.Join(name), std::ios::binary) << text;
    return folder_.Join(name);
  }

  void ImportSample(const std::string& assessments) {
    Succeed({"import", "programme", absl::StrCat(kSample, "programme.json")});
    Succeed({"import", "organisations", absl::StrCat(kSample, "organisations.csv")});
    Succeed({"import", "mentors", absl::StrCat(kSample, "mentors.csv")});
    Succeed({"import", "assessments", assessments});
  }

  // Publishes the sample's policy with another objective; returns its short name "ldc/N".
  std::string Publish(const std::string& objective) {
    const std::string json =
        absl::StrReplaceAll(Read(absl::StrCat(kSample, "policy.json")),
                            {{"OBJECTIVE_COVERAGE", absl::StrCat("OBJECTIVE_", objective)}});
    Succeed({"policy", "create", Write(objective + ".json", json)});
    const std::string policy = absl::StrCat("ldc/", ++policies_);
    Succeed({"policy", "publish", policy});
    return policy;
  }

  void CreateCohort(const std::string& cohort, const std::string& policy) {
    Succeed({"cohort", "create", cohort, "--programme", "LDC-2027", "--policy", policy, "--at",
             "2026-12-01"});
  }

  matching::v1::CohortRun Run(const std::string& cohort) {
    matching::v1::CohortRun run;
    const std::string json = Succeed({"--format", "json", "cohort", "show", cohort});
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &run).ok()) << json;
    return run;
  }

  // Exports and verifies the run without the server, then solves the export again.
  void VerifyAndReplay(const std::string& cohort, const std::string& outcome) {
    const std::string out = folder_.Join(cohort);
    EXPECT_THAT(Succeed({"cohort", "verify", cohort, "--out", out}), HasSubstr("VALID\n"));
    std::vector<std::string> arguments = {"tools/tandem", "solve-file"};
    for (absl::string_view word :
         absl::StrSplit(Read(out + "/options.txt"), absl::ByAnyChar(" \n"), absl::SkipEmpty())) {
      const bool is_file = absl::EndsWith(word, ".csv") || absl::EndsWith(word, ".json");
      arguments.push_back(is_file ? absl::StrCat(out, "/", word) : std::string(word));
    }
    arguments.insert(arguments.end(), {"--out", out + "/again.json"});
    const auto solved = base::RunProgram(arguments);
    TANDEM_ASSERT_OK(solved.status());
    EXPECT_EQ(solved->exit_code, 0) << solved->errors;
    EXPECT_THAT(solved->output, StartsWith(outcome));
    EXPECT_EQ(Read(out + "/again.json"), Read(out + "/result.json"));
  }

  const base::TempDir folder_;
  Deployment deployment_{Shape::kOneProcess, folder_.Join("data")};
  int policies_ = 0;
};

TEST_F(ObjectivesTest, TotalFloorAndCoverageAreSolvedShownVerifiedAndReplayed) {
  ImportSample(absl::StrCat(kSample, "assessments.csv"));
  for (const std::string objective : {"TOTAL", "FLOOR", "COVERAGE"}) {
    const std::string cohort = absl::StrCat("C-", objective);
    CreateCohort(cohort, Publish(objective));

    const std::string solved = Succeed({"cohort", "solve", cohort});

    EXPECT_THAT(solved, HasSubstr("needs served"));
    EXPECT_EQ(absl::StrContains(solved, "Coverage costs nothing"), objective == "COVERAGE");
    const matching::v1::CohortRun run = Run(cohort);
    EXPECT_EQ(matching::v1::Objective_Name(run.objective()), "OBJECTIVE_" + objective);
    EXPECT_EQ(run.status(), matching::v1::RUN_STATUS_OPTIMAL);
    EXPECT_TRUE(run.certificate_checked());
    EXPECT_EQ(run.needs_served(), 31);
    EXPECT_FALSE(run.worst_pair_score_micropoints().empty());
    EXPECT_THAT(Succeed({"explain", "R-TD-1", "M-007"}), HasSubstr("is eligible for R-TD-1"));
    EXPECT_THAT(Succeed({"cohort", "why-not", cohort, "R-TD-1", "M-007"}),
                HasSubstr("3.00 points less in total score"));
    VerifyAndReplay(cohort, "OPTIMAL");

    EXPECT_THAT(Succeed({"cohort", "solve", cohort, "--near", "last", "--change-penalty", "2.5"}),
                HasSubstr(absl::StrCat("Against ", cohort, " run 1: ", run.matches_size(),
                                       " kept, 0 new, 0 dropped.")));
    EXPECT_EQ(Run(cohort).inputs().change_penalty_micropoints(), 25'000);
    VerifyAndReplay(cohort, "OPTIMAL");
  }
  EXPECT_THAT(Tandem({"cohort", "cancel", "C-TOTAL"}).errors, HasSubstr("is not being solved"));
  EXPECT_THAT(Tandem({"cohort", "solve", "C-TOTAL", "--change-penalty", "2"}).errors,
              HasSubstr("--change-penalty needs --near"));
}

TEST_F(ObjectivesTest, StableIsSolvedShownVerifiedAndReplayedWhereNoMinimumStands) {
  // The workshop has a minimum and two roles, which STABLE refuses: see the next test.
  std::vector<std::string> lines =
      absl::StrSplit(Read(absl::StrCat(kSample, "assessments.csv")), '\n');
  lines.erase(std::remove_if(lines.begin(), lines.end(),
                             [](const std::string& line) {
                               return absl::StrContains(line, "RW-WEST-1") ||
                                      absl::StrContains(line, ",1..2,");
                             }),
              lines.end());
  ImportSample(Write("assessments.csv", absl::StrJoin(lines, "\n")));
  CreateCohort("C-STABLE", Publish("STABLE"));

  Succeed({"cohort", "solve", "C-STABLE"});

  const matching::v1::CohortRun run = Run("C-STABLE");
  EXPECT_EQ(run.status(), matching::v1::RUN_STATUS_STABLE);
  EXPECT_TRUE(run.certificate_checked());
  EXPECT_GT(run.matches_size(), 20);
  EXPECT_THAT(Succeed({"cohort", "why-not", "C-STABLE", "R-TD-1", "M-007"}),
              HasSubstr("Why not Jean-Luc Moreau for R-TD-1?"));
  VerifyAndReplay("C-STABLE", "STABLE");
}

TEST_F(ObjectivesTest, StableWithMinimumsIsRefusedWithTheReasonAndProposesNothing) {
  ImportSample(absl::StrCat(kSample, "assessments.csv"));
  CreateCohort("C-STABLE", Publish("STABLE"));

  const base::Finished refused = Tandem({"cohort", "solve", "C-STABLE"});

  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.errors, HasSubstr("OBJECTIVE_STABLE, which takes no"));
  EXPECT_EQ(Succeed({"--format", "csv", "match", "list"}).find("proposed"), std::string::npos);
}

}  // namespace
}  // namespace tandem::journey
