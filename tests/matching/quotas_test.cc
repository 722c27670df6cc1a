// Quotas of a policy, from the published version to the plan, the conflict, and the proof.
#include <fstream>
#include <map>
#include <string>

#include "base/status_matchers.h"
#include "base/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/matching/engine/assignment/check.h"
#include "services/matching/engine/files/problem_files.h"
#include "services/matching/engine/files/result_json.h"
#include "tests/matching/pipeline.h"

namespace tandem::tests {
namespace {

using ::tandem::base::StatusIs;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

namespace v1 = ::tandem::matching::v1;

class QuotasTest : public testing::Test {
 protected:
  // Two mentors of Kenya, each with a place for each of the two needs of Mali.
  void SetUp() override {
    pipeline_.Start();
    pipeline_.AddBasics();
    pipeline_.AddMentor({"first", 5, 20});
    pipeline_.AddMentor({"second", 4, 20});
    pipeline_.AddRequest({"one"});
    pipeline_.AddRequest({"two"});
    pipeline_.WaitUntilSeen();
  }

  v1::CohortRun SolveWith(const std::string& quotas) {
    return pipeline_.Solve(pipeline_.AddCohort(pipeline_.AddPolicy(10, 0, true, quotas)));
  }

  std::map<std::string, std::string> Export(const v1::CohortRun& run) {
    grpc::ClientContext context;
    context.AddMetadata("tandem-role", "auditor");
    v1::ExportCohortRunRequest request;
    request.set_name(run.name());
    auto reader = pipeline_.matching().ExportCohortRun(&context, request);
    std::map<std::string, std::string> files;
    for (v1::ExportCohortRunResponse piece; reader->Read(&piece);) {
      files[piece.file_name()] += piece.data();
    }
    EXPECT_TRUE(reader->Finish().ok());
    return files;
  }

  Pipeline pipeline_;
};

TEST_F(QuotasTest, APlanNeverGivesMoreThanTheMaximumAndSaysWhy) {
  const v1::CohortRun run = SolveWith(R"(
    quotas { quota_id: "mali" attribute: QUOTA_ATTRIBUTE_COUNTRY values: "ML" max_matches: 1 })");

  EXPECT_EQ(run.status(), v1::RUN_STATUS_OPTIMAL);
  EXPECT_EQ(run.filled_slots(), 1);
  ASSERT_EQ(run.unmatched_size(), 1);
  EXPECT_EQ(run.unmatched(0).eligible_count(), 2);
  EXPECT_THAT(run.unmatched(0).remedy(), HasSubstr("in a quota that is full: \"mali\""));
}

TEST_F(QuotasTest, AQuotaOfMentorsBoundsThemTogether) {
  const v1::CohortRun run = SolveWith(R"(
    quotas { quota_id: "kenyans" attribute: QUOTA_ATTRIBUTE_RESIDENCE_COUNTRY values: "KE"
             max_matches: 0 })");

  EXPECT_EQ(run.filled_slots(), 0);
  ASSERT_EQ(run.unmatched_size(), 2);
  EXPECT_THAT(run.unmatched(0).remedy(), HasSubstr("or in a quota that is full: \"kenyans\""));
}

TEST_F(QuotasTest, AMinimumThatCannotBeKeptIsAProvenConflictThatNamesTheQuota) {
  const v1::CohortRun run = SolveWith(R"(
    quotas { quota_id: "senegal" attribute: QUOTA_ATTRIBUTE_COUNTRY values: "SN" min_matches: 1 })");

  EXPECT_EQ(run.status(), v1::RUN_STATUS_INFEASIBLE);
  EXPECT_THAT(run.conflict().quotas(), ElementsAre("senegal"));
  EXPECT_EQ(run.conflict().demand(), 1);
  EXPECT_EQ(run.conflict().supply(), 0);
  EXPECT_THAT(run.matches(), IsEmpty());
}

TEST_F(QuotasTest, TheExportedProofHoldsWithTheQuotasAndWithoutThemItDoesNot) {
  const v1::CohortRun run = SolveWith(R"(
    quotas { quota_id: "mali" attribute: QUOTA_ATTRIBUTE_COUNTRY values: "ML" max_matches: 1 })");
  const std::map<std::string, std::string> files = Export(run);
  EXPECT_THAT(files.at("options.txt"), HasSubstr("--quotas quotas.csv --groups groups.csv"));
  base::TempDir folder;
  for (const auto& [name, bytes] : files) {
    std::ofstream(folder.Join(name), std::ios::binary) << bytes;
  }
  engine::files::ProblemSource source;
  source.pairs = folder.Join("pairs.csv");
  source.needs = folder.Join("needs.csv");
  source.mentors = folder.Join("mentors.csv");
  source.seed = 7;
  TANDEM_ASSERT_OK_AND_ASSIGN(const auto without, engine::files::ReadProblem(source));
  source.quotas = folder.Join("quotas.csv");
  source.groups = folder.Join("groups.csv");
  TANDEM_ASSERT_OK_AND_ASSIGN(const auto with, engine::files::ReadProblem(source));

  TANDEM_ASSERT_OK_AND_ASSIGN(
      const engine::AssignmentResult result,
      engine::files::ResultFromJson(with, files.at("result.json"), "result.json"));

  EXPECT_TRUE(engine::Check(with, result).valid);
  EXPECT_FALSE(engine::Check(without, result).valid);
}

TEST_F(QuotasTest, ApprovedMatchesStayBeyondAQuotaAndTheRunReportsIt) {
  const std::string cohort = pipeline_.AddCohort();  // the policy in force when it is solved
  const v1::CohortRun free = pipeline_.Solve(cohort);
  for (const std::string& match : free.matches()) TANDEM_EXPECT_OK(pipeline_.Approve(match));
  pipeline_.AddPolicy(10, 0, true, R"(
    quotas { quota_id: "mali" attribute: QUOTA_ATTRIBUTE_COUNTRY values: "ML" max_matches: 1 })");

  const v1::CohortRun run = pipeline_.Solve(cohort);

  EXPECT_EQ(run.filled_slots(), 2);
  EXPECT_THAT(run.overcommitted_quotas(), ElementsAre("mali"));
}

TEST_F(QuotasTest, QuotasThatCrossAreRefusedWithTheNeedAndBothNames) {
  const std::string policy = pipeline_.AddPolicy(10, 0, true, R"(
    quotas { quota_id: "mali" attribute: QUOTA_ATTRIBUTE_COUNTRY values: "ML" max_matches: 1 }
    quotas { quota_id: "mentoring" attribute: QUOTA_ATTRIBUTE_SERVICE_TYPE
             values: "SERVICE_TYPE_MENTORING" max_matches: 1 })");
  TANDEM_ASSERT_OK_AND_ASSIGN(const auto started,
                              pipeline_.StartSolving(pipeline_.AddCohort(policy)));

  const auto ended = pipeline_.WaitFor(started.name());

  EXPECT_EQ(ended.error().code(), static_cast<int>(grpc::StatusCode::FAILED_PRECONDITION));
  EXPECT_THAT(ended.error().message(),
              AllOf(HasSubstr("\"mali\" and \"mentoring\""), HasSubstr("/roles/lead")));
}

TEST_F(QuotasTest, AVersionWithABadQuotaIsRefusedWithEveryField) {
  v1::CreatePolicyRequest request;
  request.mutable_policy()->set_policy_id("ldc");
  request.mutable_policy()->add_quotas()->add_values("ML");

  const auto refused =
      pipeline_.Call(pipeline_.matching(), &v1::MatchingService::Stub::CreatePolicy, request);

  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kInvalidArgument,
                                AllOf(HasSubstr("policy.service_policies"),
                                      HasSubstr("policy.quotas[0].quota_id"),
                                      HasSubstr("policy.quotas[0].attribute"))));
}

}  // namespace
}  // namespace tandem::tests
