// Which organisations assessments and requests may name, over the wire, with a servicer in the
// place of the profiles service.
#include "services/needs/helped_organisations.h"

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_matchers.h"
#include "base/temp_dir.h"
#include "gmock/gmock.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "services/common/client.h"
#include "services/common/errors.h"
#include "services/common/method_registry.h"
#include "services/common/reference_data.h"
#include "services/common/server.h"
#include "services/common/status_conversion.h"
#include "services/needs/needs_service.h"
#include "services/needs/testing/builders.h"
#include "storage/open.h"
#include "tandem/needs/v1/needs_service.grpc.pb.h"
#include "tandem/profiles/v1/profiles_service.grpc.pb.h"

namespace tandem::needs {
namespace {

using base::StatusIs;
using profiles::v1::Organisation;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using v1::NeedsService;

constexpr absl::Duration kHangGuard = absl::Seconds(60);

// Knows the NSBs of Lesotho (until it is closed) and Mali, a firm, and an NSB that is closed.
class KnownProfiles final : public profiles::v1::ProfilesService::Service {
 public:
  int questions() const { return questions_; }
  void CloseLesotho() { lesotho_ = false; }

 private:
  grpc::Status GetOrganisation(grpc::ServerContext*,
                               const profiles::v1::GetOrganisationRequest* request,
                               Organisation* organisation) override {
    ++questions_;
    organisation->set_kind(profiles::v1::ORGANISATION_KIND_NSB);
    organisation->set_state(profiles::v1::PROFILE_STATE_ACTIVE);
    if (request->name() == "organisations/firm") {
      organisation->set_kind(profiles::v1::ORGANISATION_KIND_COMPANY);
    } else if (request->name() == "organisations/closed" ||
               (request->name() == "organisations/lesotho" && !lesotho_)) {
      organisation->set_state(profiles::v1::PROFILE_STATE_INACTIVE);
    } else if (request->name() != "organisations/lesotho" &&
               request->name() != "organisations/mali") {
      return {grpc::StatusCode::NOT_FOUND, "no such organisation"};
    }
    return grpc::Status::OK;
  }

  std::atomic<int> questions_{0};
  std::atomic<bool> lesotho_{true};
};

class HelpedOrganisationsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&profiles_);
    profiles_server_ = builder.BuildAndStart();
    Start();
    helped_->AskAt(common::MakeChannel(absl::StrCat("127.0.0.1:", port)));
    v1::CreateProgrammeRequest create;
    *create.mutable_programme() = MakeProgramme("LDC");
    TANDEM_ASSERT_OK_AND_ASSIGN(const v1::Programme programme,
                                Call(&NeedsService::Stub::CreateProgramme, create));
    programme_ = programme.name();
  }

  void Start() {
    TANDEM_ASSERT_OK_AND_ASSIGN(auto store,
                                storage::Open(absl::StrCat("rocksdb:", folder_.path(), "/needs")));
    TANDEM_ASSERT_OK_AND_ASSIGN(const auto reference, common::ReferenceData::Load(""));
    auto registry = std::make_unique<common::MethodRegistry>();
    helped_ = std::make_shared<HelpedOrganisations>();
    TANDEM_ASSERT_OK(RegisterNeedsService(*registry, std::move(store), reference, helped_));
    TANDEM_ASSERT_OK_AND_ASSIGN(server_, common::Server::Start({}, std::move(registry)));
    stub_ = NeedsService::NewStub(common::MakeChannel(server_->address()));
  }

  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (NeedsService::Stub::*method)(grpc::ClientContext*,
                                                                           const Request&,
                                                                           Response*),
                                const Request& request) {
    grpc::ClientContext context;
    common::PrepareCall("officer", tandem::common::v1::ROLE_STAFF, kHangGuard, &context);
    Response response;
    const grpc::Status status = (stub_.get()->*method)(&context, request, &response);
    if (!status.ok()) return common::FromGrpcStatus(status);
    return response;
  }

  absl::StatusOr<v1::Assessment> Assess(const std::string& organisation) {
    v1::CreateAssessmentRequest create;
    *create.mutable_assessment() = MakeAssessment("", programme_);
    create.mutable_assessment()->set_organisation(organisation);
    return Call(&NeedsService::Stub::CreateAssessment, create);
  }

  absl::StatusOr<v1::EngagementRequest> Ask(const std::vector<std::string>& organisations) {
    v1::CreateEngagementRequestRequest create;
    *create.mutable_engagement_request() = MakeRequest("", programme_);
    create.mutable_engagement_request()->clear_organisations();
    for (const std::string& organisation : organisations) {
      create.mutable_engagement_request()->add_organisations(organisation);
    }
    return Call(&NeedsService::Stub::CreateEngagementRequest, create);
  }

  // "FIELD: DESCRIPTION" of each violation.
  static std::vector<std::string> Violations(const absl::Status& status) {
    std::vector<std::string> found;
    for (const common::FieldViolation& violation : common::FieldViolationsOf(status)) {
      found.push_back(absl::StrCat(violation.field, ": ", violation.description));
    }
    return found;
  }

  const base::TempDir folder_;
  KnownProfiles profiles_;
  std::unique_ptr<grpc::Server> profiles_server_;
  std::shared_ptr<HelpedOrganisations> helped_;
  std::unique_ptr<common::Server> server_;
  std::unique_ptr<NeedsService::Stub> stub_;
  std::string programme_;
};

TEST_F(HelpedOrganisationsTest, ActiveNsbsAreHelped) {
  TANDEM_EXPECT_OK(Assess("organisations/lesotho").status());
  TANDEM_EXPECT_OK(Ask({"organisations/lesotho", "organisations/mali"}).status());
}

TEST_F(HelpedOrganisationsTest, AnAssessmentOfAFirmAStrangerOrAClosedBodyIsRefused) {
  EXPECT_THAT(Violations(Assess("organisations/firm").status()),
              ElementsAre(HasSubstr("assessment.organisation: organisations/firm is not of the "
                                    "kind NSB")));
  EXPECT_THAT(Violations(Assess("organisations/nobody").status()),
              ElementsAre(HasSubstr("organisations/nobody does not exist")));
  EXPECT_THAT(Violations(Assess("organisations/closed").status()),
              ElementsAre(HasSubstr("organisations/closed is not active")));
}

TEST_F(HelpedOrganisationsTest, ARequestNamesEveryOrganisationThatIsNone) {
  const absl::Status refused =
      Ask({"organisations/firm", "organisations/mali", "organisations/nobody"}).status();

  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Violations(refused),
              ElementsAre(HasSubstr("engagement_request.organisations[0]: organisations/firm is"),
                          HasSubstr("engagement_request.organisations[2]: organisations/nobody")));
}

TEST_F(HelpedOrganisationsTest, WhatNamedABodyBeforeItWasClosedCanStillBeCorrected) {
  TANDEM_ASSERT_OK_AND_ASSIGN(v1::Assessment assessment, Assess("organisations/lesotho"));
  TANDEM_ASSERT_OK_AND_ASSIGN(v1::EngagementRequest need, Ask({"organisations/lesotho"}));
  profiles_.CloseLesotho();
  v1::UpdateAssessmentRequest correct;
  *correct.mutable_assessment() = assessment;
  correct.mutable_assessment()->set_instrument("maturity model");
  correct.mutable_update_mask()->add_paths("instrument");
  v1::UpdateEngagementRequestRequest widen;
  *widen.mutable_engagement_request() = need;
  widen.mutable_engagement_request()->add_organisations("organisations/closed");
  widen.mutable_update_mask()->add_paths("organisations");

  TANDEM_EXPECT_OK(Call(&NeedsService::Stub::UpdateAssessment, correct).status());
  EXPECT_THAT(Violations(Call(&NeedsService::Stub::UpdateEngagementRequest, widen).status()),
              ElementsAre(HasSubstr("organisations[1]")));
}

TEST_F(HelpedOrganisationsTest, ABatchAsksOfEachNsbOnce) {
  v1::BatchUpsertAssessmentsRequest batch;
  for (int i = 0; i < 200; ++i) {
    *batch.add_assessments() = MakeAssessment(absl::StrCat("A-", i), programme_);
  }

  TANDEM_EXPECT_OK(Call(&NeedsService::Stub::BatchUpsertAssessments, batch).status());

  EXPECT_EQ(profiles_.questions(), 1);
}

TEST_F(HelpedOrganisationsTest, WhileTheProfilesServiceIsSilentNothingIsWritten) {
  profiles_server_->Shutdown();

  EXPECT_THAT(Assess("organisations/lesotho").status(), StatusIs(absl::StatusCode::kUnavailable));
  TANDEM_ASSERT_OK_AND_ASSIGN(
      const v1::ListAssessmentsResponse listed,
      Call(&NeedsService::Stub::ListAssessments, v1::ListAssessmentsRequest()));
  EXPECT_EQ(listed.assessments_size(), 0);
}

TEST_F(HelpedOrganisationsTest, WithoutAServiceToAskTheFormIsChecked) {
  server_.reset();
  Start();

  TANDEM_EXPECT_OK(Assess("organisations/nobody").status());
}

}  // namespace
}  // namespace tandem::needs
