// `tandem cohort fairness` shows what the server reports, in every format.
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/json_util.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "gtest/gtest.h"
#include "tandem/matching/v1/fairness.pb.h"
#include "tandem/matching/v1/matching_service.grpc.pb.h"
#include "tools/cli/testing/run_tandem.h"

namespace tandem::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

namespace v1 = ::tandem::matching::v1;

// A server with one report; it knows no names, so resources are shown by theirs.
class Reporter final : public v1::MatchingService::Service {
 public:
  grpc::Status ReportFairness(grpc::ServerContext*, const v1::ReportFairnessRequest* request,
                              v1::ReportFairnessResponse* response) override {
    asked = *request;
    response->set_run(request->run());
    SetFigures("900000", response->mutable_total());
    v1::ObjectivePrice* coverage = response->add_prices();
    coverage->set_objective(v1::OBJECTIVE_COVERAGE);
    SetFigures("850000", coverage->mutable_plan());
    coverage->set_sentence("Coverage serves one more.");
    v1::ObjectivePrice* floor = response->add_prices();
    floor->set_objective(v1::OBJECTIVE_FLOOR);
    floor->set_sentence("There is no such plan.");
    response->set_blocking_pair_count(7);
    response->set_blocking_sentence("Seven pairs.");
    v1::BlockingPair* pair = response->add_blocking_pairs();
    pair->set_need("engagementRequests/n/roles/lead");
    pair->set_mentor("mentors/m");
    pair->set_score_micropoints(842'399);
    pair->set_instead_of_need("engagementRequests/o/roles/lead");
    return grpc::Status::OK;
  }

  v1::ReportFairnessRequest asked;

 private:
  static void SetFigures(const std::string& total, v1::PlanFigures* figures) {
    figures->set_needs_served(2);
    figures->set_filled_slots(3);
    figures->set_beneficiaries_served(1);
    figures->set_total_score_micropoints(total);
  }
};

class CohortFairnessTest : public ::testing::Test {
 protected:
  CohortFairnessTest() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(&reporter_);
    server_ = builder.BuildAndStart();
  }
  ~CohortFairnessTest() override { server_->Shutdown(); }

  std::string Fairness(const std::string& format, const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {"--address",       absl::StrCat("127.0.0.1:", port_),
                                          "--format",        format,
                                          "cohort",          "fairness",
                                          "cohorts/c/runs/1"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome outcome = RunTandem(arguments);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return outcome.out;
  }

  Reporter reporter_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

TEST_F(CohortFairnessTest, PeopleSeeThePlansTheSentencesAndThePairs) {
  const std::string out = Fairness("table", {"--pairs", "1"});

  EXPECT_EQ(reporter_.asked.max_blocking_pairs(), 1);
  EXPECT_THAT(out, AllOf(HasSubstr("90.00"), HasSubstr("85.00"),
                         HasSubstr("Coverage serves one more.\nThere is no such plan.\n"),
                         HasSubstr("Seven pairs."), HasSubstr("84.23"),
                         HasSubstr("nobody: it has room"), HasSubstr("and 6 more")));
}

TEST_F(CohortFairnessTest, CsvHoldsThePlansOrThePairs) {
  EXPECT_EQ(Fairness("csv"),
            "objective,needs served,NSBs served,matches,total score,worst match\n"
            "total,2,1,3,90.00,\n"
            "coverage,2,1,3,85.00,\n");
  EXPECT_EQ(Fairness("csv", {"--blocking"}),
            "need,mentor,name,score,the need would leave,the mentor would leave\n"
            "engagementRequests/n/roles/lead,mentors/m,mentors/m,84.23,nobody: it has room,"
            "engagementRequests/o/roles/lead\n");
}

TEST_F(CohortFairnessTest, JsonIsTheWholeReport) {
  v1::ReportFairnessResponse report;
  const std::string json = Fairness("json");

  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(json, &report).ok()) << json;

  EXPECT_EQ(report.run(), "cohorts/c/runs/1");
  EXPECT_EQ(report.prices_size(), 2);
  EXPECT_EQ(report.blocking_pair_count(), 7);
  EXPECT_EQ(report.blocking_pairs(0).mentor(), "mentors/m");
}

}  // namespace
}  // namespace tandem::cli
