// The awkward cases that the sample programme is written for, each found by the command that a
// programme officer would use. tools/sample/README.md names the same ones.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/child_process.h"
#include "base/status_matchers.h"
#include "base/temp_dir.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "tandem/matching/v1/matching_requests.pb.h"
#include "tandem/matching/v1/ranking.pb.h"
#include "tests/journey/deployment.h"

namespace tandem::journey {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace v1 = ::tandem::matching::v1;

// One server with the sample for all cases: they only read, but for the cohort.
class SampleCasesTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new base::TempDir;
    deployment_ = new Deployment(Shape::kOneProcess, folder_->path());
    TANDEM_ASSERT_OK(deployment_->Start());
    for (const std::string file :
         {"programme.json", "organisations.csv", "mentors.csv", "assessments.csv"}) {
      Succeed({"import", file.substr(0, file.find('.')), absl::StrCat("tools/sample/", file)});
    }
    Succeed({"policy", "create", "tools/sample/policy.json"});
    Succeed({"policy", "publish", "ldc/1"});
    Succeed({"cohort", "create", "C", "--programme", "LDC-2027", "--at", "2026-12-01"});
    plan_ = Succeed({"cohort", "solve", "C"});
  }
  static void TearDownTestSuite() {
    delete deployment_;
    delete folder_;
  }

  static base::Finished Tandem(const std::vector<std::string>& arguments) {
    std::vector<std::string> all = {"tools/tandem"};
    const std::vector<std::string> address = deployment_->AddressOptions();
    all.insert(all.end(), address.begin(), address.end());
    all.insert(all.end(), arguments.begin(), arguments.end());
    absl::StatusOr<base::Finished> finished = base::RunProgram(all);
    EXPECT_TRUE(finished.ok()) << finished.status();
    return finished.ok() ? *std::move(finished) : base::Finished();
  }

  static std::string Succeed(const std::vector<std::string>& arguments) {
    const base::Finished finished = Tandem(arguments);
    EXPECT_EQ(finished.exit_code, 0) << absl::StrJoin(arguments, " ") << "\n"
                                     << finished.output << finished.errors;
    return finished.output;
  }

  template <typename Message>
  static Message Json(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--format", "json"});
    Message message;
    const std::string text = Tandem(arguments).output;
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(text, &message).ok()) << text;
    return message;
  }

  // As of the day of the cohort, so that no answer depends on today.
  static v1::ExplainPairResponse Explain(const std::string& need, const std::string& mentor) {
    return Json<v1::ExplainPairResponse>({"explain", need, mentor, "--at", "2026-12-01"});
  }

  // The rules that a mentor fails for a need.
  static std::vector<std::string> FailedRules(const std::string& need, const std::string& mentor) {
    std::vector<std::string> failed;
    const v1::ExplainPairResponse pair = Explain(need, mentor);
    for (const v1::RuleVerdict& verdict : pair.verdicts()) {
      if (!verdict.passed()) failed.push_back(v1::Rule_Name(verdict.rule()));
    }
    return failed;
  }

  // The line of the plan or of the open needs that begins with `need`.
  static std::string LineOf(const std::string& need) {
    const size_t at = plan_.find("\n" + need + " ");
    if (at == std::string::npos) return "";
    return plan_.substr(at + 1, plan_.find('\n', at + 1) - at - 1);
  }

  static base::TempDir* folder_;
  static Deployment* deployment_;
  static std::string plan_;
};

base::TempDir* SampleCasesTest::folder_ = nullptr;
Deployment* SampleCasesTest::deployment_ = nullptr;
std::string SampleCasesTest::plan_;

TEST_F(SampleCasesTest, NobodyIsEligibleAndOneRemedyWouldBringTheFirst) {
  EXPECT_EQ(Tandem({"rank", "R-TD-2", "--at", "2026-12-01"}).exit_code, 1) << "a negative answer";
  EXPECT_THAT(LineOf("R-TD-2"), HasSubstr("accept level 4 in metrology.legal"));
  EXPECT_THAT(FailedRules("R-TD-2", "M-005"), ElementsAre("RULE_TOPIC_LEVEL"));
}

TEST_F(SampleCasesTest, AFormerEmployerIsAConflictOfInterest) {
  EXPECT_THAT(FailedRules("R-SN-2", "M-013"), ElementsAre("RULE_CONFLICT_OF_INTEREST"));
  // People know the body by its acronym, not by its resource name.
  EXPECT_THAT(Tandem({"explain", "R-SN-2", "M-013", "--at", "2026-12-01"}).output,
              HasSubstr("formerly employed until, by NSB SN: 2026-03-31"));
  EXPECT_THAT(Succeed({"cohort", "why-not", "C", "R-SN-2", "M-013"}), HasSubstr("by NSB SN:"));
}

TEST_F(SampleCasesTest, TheBodyThatAsksNominatedTheMentor) {
  EXPECT_THAT(FailedRules("R-ML-2", "M-041"), ElementsAre("RULE_SAME_ORGANISATION"));
}

TEST_F(SampleCasesTest, AStaleProfileIsOut) {
  EXPECT_THAT(FailedRules("R-LS-2", "M-014"), ElementsAre("RULE_PROFILE_STALE"));
}

TEST_F(SampleCasesTest, OnlyAnInterpretersLanguageInCommon) {
  const auto pair = Explain("R-LA-1", "M-012");
  EXPECT_TRUE(pair.eligible());
  EXPECT_THAT(LineOf("R-LA-1"), HasSubstr("with an interpreter"));
  EXPECT_THAT(FailedRules("R-LA-1", "M-053"), Contains("RULE_WEEKLY_OVERLAP"));
}

TEST_F(SampleCasesTest, OneMentorIsWantedByFiveNeedsAndTakesTwo) {
  int placed = 0;
  for (const std::string need : {"R-TD-1", "R-ML-1", "R-SN-1", "R-TG-1", "R-UG-1"}) {
    const auto ranking = Json<v1::RankMentorsResponse>({"rank", need, "--at", "2026-12-01"});
    ASSERT_GT(ranking.mentors_size(), 0) << need;
    EXPECT_TRUE(Explain(need, "M-007").eligible()) << need;
    if (LineOf(need).find(" M-007 ") != std::string::npos) ++placed;
  }
  EXPECT_EQ(placed, 2);
}

TEST_F(SampleCasesTest, ARegionalWorkshopServesFourBodiesWithTwoRoles) {
  EXPECT_THAT(LineOf("RW-WEST-1/lead"), HasSubstr("NSB TD NSB ML NSB SN NSB TG"));
  EXPECT_THAT(LineOf("RW-WEST-1/second-language"), HasSubstr("NSB TD NSB ML NSB SN NSB TG"));
}

TEST_F(SampleCasesTest, AnAdvisoryWeekNeedsFiveDaysInARow) {
  EXPECT_THAT(LineOf("R-UG-3"), HasSubstr("An advisory week in Kampala"));
  EXPECT_THAT(Succeed({"explain", "R-UG-3", "M-002", "--at", "2026-12-01"}),
              HasSubstr("at least 5 days"));
}

TEST_F(SampleCasesTest, HoursThatDoNotFit) {
  EXPECT_THAT(LineOf("R-ET-3"), HasSubstr("ask for 24 hours per month"));
}

TEST_F(SampleCasesTest, NotVettedNoConsentDeclarationExpiredAndDaysOffEachAreFound) {
  EXPECT_THAT(FailedRules("R-TD-1", "M-048"), Contains("RULE_NOT_VETTED"));
  EXPECT_THAT(FailedRules("R-TD-1", "M-051"), Contains("RULE_CONSENT_MISSING"));
  EXPECT_THAT(FailedRules("R-TD-1", "M-057"), Contains("RULE_COI_DECLARATION"));
  EXPECT_THAT(Succeed({"availability", "show", "M-035"}), HasSubstr("2027-07"));
}

}  // namespace
}  // namespace tandem::journey
