#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "google/longrunning/operations.grpc.pb.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "tandem/matching/v1/matching_requests.pb.h"
#include "tools/cli/testing/run_tandem.h"

namespace tandem::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A server that solves: run 2 of cohort "a" and run 1 of "ab" are under way, run 1 of "a" is done.
// It hands its operations out one by one.
class Solving final : public google::longrunning::Operations::Service {
 public:
  grpc::Status ListOperations(grpc::ServerContext*,
                              const google::longrunning::ListOperationsRequest* request,
                              google::longrunning::ListOperationsResponse* response) override {
    const std::vector<std::pair<std::string, bool>> runs = {
        {"cohorts/a/runs/1", true}, {"cohorts/a/runs/2", false}, {"cohorts/ab/runs/1", false}};
    const size_t at = request->page_token().empty() ? 0 : std::stoul(request->page_token());
    google::longrunning::Operation* operation = response->add_operations();
    operation->set_name("operations/" + std::to_string(at));
    operation->set_done(runs[at].second);
    tandem::matching::v1::SolveCohortMetadata metadata;
    metadata.set_run(runs[at].first);
    operation->mutable_metadata()->PackFrom(metadata);
    if (at + 1 < runs.size()) response->set_next_page_token(std::to_string(at + 1));
    return grpc::Status::OK;
  }

  grpc::Status CancelOperation(grpc::ServerContext*,
                               const google::longrunning::CancelOperationRequest* request,
                               google::protobuf::Empty*) override {
    cancelled.push_back(request->name());
    return grpc::Status::OK;
  }

  std::vector<std::string> cancelled;
};

class CohortCancelTest : public testing::Test {
 protected:
  CohortCancelTest() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(&solving_);
    server_ = builder.BuildAndStart();
  }

  Outcome Cancel(const std::string& what) {
    return RunTandem({"--address", "127.0.0.1:" + std::to_string(port_), "--format", "json",
                      "cohort", "cancel", what});
  }

  Solving solving_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

TEST_F(CohortCancelTest, WhatIsUnderWayOfACohortIsCancelledAndNothingElse) {
  const Outcome outcome = Cancel("cohorts/a");

  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("\"operations/1\""));
  EXPECT_THAT(solving_.cancelled, ElementsAre("operations/1"));
}

TEST_F(CohortCancelTest, AnOperationOrARunIsNamedAsWell) {
  EXPECT_EQ(Cancel("operations/2").exit_code, 0);
  EXPECT_EQ(Cancel("cohorts/a/runs/2").exit_code, 0);
  EXPECT_THAT(solving_.cancelled, ElementsAre("operations/2", "operations/1"));
}

TEST_F(CohortCancelTest, WhatIsNotUnderWayIsARefusal) {
  const Outcome outcome = Cancel("cohorts/a/runs/1");

  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("nothing to cancel"));
  EXPECT_THAT(solving_.cancelled, IsEmpty());
}

}  // namespace
}  // namespace tandem::cli
