// The question to the profiles service, over the wire, with a servicer in its place that knows one
// mentor, one that was erased, and one organisation.
#include "services/access/subjects.h"

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "services/common/client.h"
#include "services/common/errors.h"
#include "services/common/testing/test_call.h"
#include "tandem/profiles/v1/profiles_service.grpc.pb.h"

namespace tandem::access {
namespace {

using base::StatusIs;
using ::testing::HasSubstr;

class KnownProfiles final : public profiles::v1::ProfilesService::Service {
  grpc::Status GetMentor(grpc::ServerContext*, const profiles::v1::GetMentorRequest* request,
                         profiles::v1::Mentor* mentor) override {
    if (request->name() != "mentors/known" && request->name() != "mentors/erased") {
      return {grpc::StatusCode::NOT_FOUND, "no such mentor"};
    }
    mentor->set_state(request->name() == "mentors/erased" ? profiles::v1::PROFILE_STATE_ERASED
                                                          : profiles::v1::PROFILE_STATE_INACTIVE);
    return grpc::Status::OK;
  }
  grpc::Status GetOrganisation(grpc::ServerContext*,
                               const profiles::v1::GetOrganisationRequest* request,
                               profiles::v1::Organisation*) override {
    if (request->name() == "organisations/known") return grpc::Status::OK;
    return {grpc::StatusCode::NOT_FOUND, "no such organisation"};
  }
};

class SubjectsTest : public ::testing::Test {
 protected:
  SubjectsTest() {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&profiles_);
    server_ = builder.BuildAndStart();
    channel_ = common::MakeChannel(absl::StrCat("127.0.0.1:", port));
  }

  absl::Status Check(const std::string& subject) {
    return subjects_.CheckExists(*call_, subject, "access_token.subject");
  }

  KnownProfiles profiles_;
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  const common::TestCall call_;
  Subjects subjects_;
};

TEST_F(SubjectsTest, WhoExistsPasses) {
  subjects_.AskAt(channel_);
  for (const char* subject : {"", "mentors/known", "organisations/known"}) {
    TANDEM_EXPECT_OK(Check(subject));
  }
}

TEST_F(SubjectsTest, WhoDoesNotOrWasErasedIsAViolatedField) {
  subjects_.AskAt(channel_);
  for (const char* subject : {"mentors/none", "mentors/erased", "organisations/none"}) {
    const absl::Status status = Check(subject);
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument));
    const auto violations = common::FieldViolationsOf(status);
    ASSERT_EQ(violations.size(), 1u);
    EXPECT_EQ(violations[0].field, "access_token.subject");
    EXPECT_THAT(violations[0].description, HasSubstr(subject));
  }
}

TEST_F(SubjectsTest, WhileTheServiceDoesNotAnswerNobodyPasses) {
  subjects_.AskAt(channel_);
  server_->Shutdown();
  EXPECT_THAT(Check("mentors/known"), StatusIs(absl::StatusCode::kUnavailable));
  TANDEM_EXPECT_OK(Check(""));
}

TEST_F(SubjectsTest, WithoutAServiceToAskNothingIsChecked) {
  TANDEM_EXPECT_OK(Check("mentors/none"));
}

}  // namespace
}  // namespace tandem::access
