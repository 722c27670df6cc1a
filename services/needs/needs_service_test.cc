// The needs service over real gRPC on a real RocksDB.
#include "services/needs/needs_service.h"

#include <atomic>
#include <memory>
#include <set>
#include <string>
#include <thread>
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
#include "services/common/principal.h"
#include "services/common/server.h"
#include "services/common/status_conversion.h"
#include "services/needs/testing/builders.h"
#include "storage/open.h"
#include "tandem/needs/v1/needs_service.grpc.pb.h"

namespace tandem::needs {
namespace {

using base::StatusIs;
using common::FieldViolation;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::UnorderedElementsAre;
using v1::NeedsService;

constexpr absl::Duration kHangGuard = absl::Seconds(120);

class NeedsServiceTest : public ::testing::Test {
 protected:
  void SetUp() override { Start(); }

  void Start() {
    TANDEM_ASSERT_OK_AND_ASSIGN(auto store,
                                storage::Open(absl::StrCat("rocksdb:", folder_.path(), "/needs")));
    store_ = std::move(store);
    TANDEM_ASSERT_OK_AND_ASSIGN(const auto reference, common::ReferenceData::Load(""));
    auto registry = std::make_unique<common::MethodRegistry>();
    TANDEM_ASSERT_OK(RegisterNeedsService(*registry, store_, reference));
    TANDEM_ASSERT_OK_AND_ASSIGN(server_, common::Server::Start({}, std::move(registry)));
    stub_ = NeedsService::NewStub(common::MakeChannel(server_->address()));
  }

  void Restart() {
    server_.reset();
    store_.reset();
    Start();
  }

  // Calls `method` of the stub as staff.
  template <typename Request, typename Response>
  absl::Status Call(grpc::Status (NeedsService::Stub::*method)(grpc::ClientContext*, const Request&,
                                                               Response*),
                    const Request& request, Response* response,
                    common::v1::Role role = common::v1::ROLE_STAFF) {
    grpc::ClientContext context;
    common::PrepareCall("Ada", role, kHangGuard, &context);
    return common::FromGrpcStatus((stub_.get()->*method)(&context, request, response));
  }

  v1::Programme MustCreateProgramme(const std::string& external_id) {
    v1::CreateProgrammeRequest request;
    *request.mutable_programme() = MakeProgramme(external_id);
    v1::Programme programme;
    TANDEM_EXPECT_OK(Call(&NeedsService::Stub::CreateProgramme, request, &programme));
    return programme;
  }

  v1::Assessment MustCreateAssessment(const std::string& external_id,
                                      const std::string& programme) {
    v1::CreateAssessmentRequest request;
    *request.mutable_assessment() = MakeAssessment(external_id, programme);
    v1::Assessment assessment;
    TANDEM_EXPECT_OK(Call(&NeedsService::Stub::CreateAssessment, request, &assessment));
    return assessment;
  }

  absl::Status CreateRequest(const v1::EngagementRequest& content, v1::EngagementRequest* created) {
    v1::CreateEngagementRequestRequest request;
    *request.mutable_engagement_request() = content;
    return Call(&NeedsService::Stub::CreateEngagementRequest, request, created);
  }

  base::TempDir folder_;
  std::shared_ptr<storage::Store> store_;
  std::unique_ptr<common::Server> server_;
  std::unique_ptr<NeedsService::Stub> stub_;
};

std::vector<std::string> FieldsOf(const absl::Status& status) {
  std::vector<std::string> fields;
  for (const FieldViolation& violation : common::FieldViolationsOf(status)) {
    fields.push_back(violation.field);
  }
  return fields;
}

TEST_F(NeedsServiceTest, ProgrammeToRequestSurvivesARestart) {
  const v1::Programme programme = MustCreateProgramme("ldc");
  const v1::Assessment assessment = MustCreateAssessment("a1", programme.name());
  v1::EngagementRequest content = MakeRequest("r1", programme.name());
  content.add_items(absl::StrCat(assessment.name(), "/items/I1"));
  v1::EngagementRequest created;
  TANDEM_ASSERT_OK(CreateRequest(content, &created));
  EXPECT_EQ(created.state(), v1::ENGAGEMENT_REQUEST_STATE_OPEN);

  Restart();

  v1::GetEngagementRequestRequest get;
  get.set_name(created.name());
  v1::EngagementRequest read;
  TANDEM_ASSERT_OK(Call(&NeedsService::Stub::GetEngagementRequest, get, &read));
  EXPECT_EQ(read.SerializeAsString(), created.SerializeAsString());
}

TEST_F(NeedsServiceTest, EveryViolatedFieldOfAProgrammeIsNamed) {
  v1::CreateProgrammeRequest request;
  *request.mutable_programme() = MakeProgramme("not an id");
  v1::Programme* programme = request.mutable_programme();
  programme->set_display_name("");
  SetDate(2027, 2, 30, programme->mutable_period()->mutable_start_date());
  programme->add_partners()->set_display_name("Funder");
  *programme->add_outcomes() = programme->outcomes(0);
  programme->mutable_outcomes(1)->mutable_outputs(0)->mutable_indicators(0)->set_target("many");
  v1::Programme created;

  const absl::Status status = Call(&NeedsService::Stub::CreateProgramme, request, &created);

  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(FieldsOf(status),
              UnorderedElementsAre("programme.external_id", "programme.display_name",
                                   "programme.period.start_date", "programme.period.end_date",
                                   "programme.partners[0].role", "programme.outcomes[1].outcome_id",
                                   "programme.outcomes[1].outputs[0].output_id",
                                   "programme.outcomes[1].outputs[0].indicators[0].indicator_id",
                                   "programme.outcomes[1].outputs[0].indicators[0].target"));
}

TEST_F(NeedsServiceTest, EveryViolatedFieldOfAnAssessmentIsNamed) {
  const v1::Programme programme = MustCreateProgramme("ldc");
  v1::CreateAssessmentRequest request;
  *request.mutable_assessment() = MakeAssessment("a1", programme.name());
  v1::Assessment* assessment = request.mutable_assessment();
  assessment->set_organisation("lesotho");
  assessment->set_supersedes("assessments/none");
  SetDate(2027, 1, 2, assessment->mutable_assessed_on());
  SetDate(2027, 1, 1, assessment->mutable_valid_until());
  v1::NeedItem* item = assessment->mutable_items(0);
  item->set_area("conformity-assesment");
  item->set_target_level(0);
  item->set_priority(9);
  item->add_sdgs(18);
  item->set_output_id("other");
  item->set_indicator_id("other");
  item->add_languages("xx");
  *assessment->add_items() = MakeAssessment("", "").items(0);
  v1::Assessment created;

  const absl::Status status = Call(&NeedsService::Stub::CreateAssessment, request, &created);

  EXPECT_THAT(FieldsOf(status),
              UnorderedElementsAre(
                  "assessment.organisation", "assessment.supersedes", "assessment.valid_until",
                  "assessment.items[0].area", "assessment.items[0].target_level",
                  "assessment.items[0].priority", "assessment.items[0].sdgs[0]",
                  "assessment.items[0].output_id", "assessment.items[0].indicator_id",
                  "assessment.items[0].languages[1]", "assessment.items[1].item_id"));
  EXPECT_THAT(
      common::FieldViolationsOf(status),
      Contains(Field(&FieldViolation::description,
                     "is not a known topic code; did you mean \"conformity-assessment\"?")));
}

TEST_F(NeedsServiceTest, AnNsbDoesNotEndorseItsOwnNeeds) {
  v1::CreateAssessmentRequest request;
  *request.mutable_assessment() = MakeAssessment("", MustCreateProgramme("ldc").name());
  const auto create_as_nsb = [&](v1::NeedItemState state) {
    request.mutable_assessment()->mutable_items(0)->set_state(state);
    grpc::ClientContext context;
    common::PrepareCall("Ada", common::v1::ROLE_NSB, kHangGuard, &context);
    common::AddSubject(request.assessment().organisation(), &context);
    v1::Assessment created;
    return common::FromGrpcStatus(stub_->CreateAssessment(&context, request, &created));
  };

  EXPECT_THAT(FieldsOf(create_as_nsb(v1::NEED_ITEM_STATE_ENDORSED)),
              ElementsAre("assessment.items[0].state"));
  TANDEM_EXPECT_OK(create_as_nsb(v1::NEED_ITEM_STATE_SUBMITTED));
}

TEST_F(NeedsServiceTest, EveryViolatedFieldOfARequestIsNamed) {
  const v1::Programme programme = MustCreateProgramme("ldc");
  const v1::Assessment assessment = MustCreateAssessment("a1", programme.name());
  v1::EngagementRequest content = MakeRequest("r1", "programmes/none");
  content.set_organisations(0, "organisations/mali");
  content.add_items(absl::StrCat(assessment.name(), "/items/I1"));
  content.add_items(absl::StrCat(assessment.name(), "/items/I2"));
  content.add_items("items/I2");
  content.set_service_type(tandem::common::v1::SERVICE_TYPE_IN_COUNTRY_ADVICE);
  content.mutable_roles(0)->set_min_mentors(2);
  content.mutable_roles(0)->set_hours_per_month(0);
  content.mutable_roles(0)->add_topics()->set_topic("nothing");
  SetDate(2031, 1, 1, content.mutable_period()->mutable_end_date());
  content.set_time_zone("Africa/Nowhere");
  auto* window = content.add_weekly_windows();
  window->set_weekday(tandem::common::v1::WEEKDAY_MONDAY);
  window->set_start_minute(540);
  window->set_end_minute(541);
  content.set_tier(10);
  content.add_preferred_mentors("mentors/a");
  content.add_excluded_mentors("mentors/a");
  v1::EngagementRequest created;

  const absl::Status status = CreateRequest(content, &created);

  const std::string at = "engagement_request.";
  EXPECT_THAT(FieldsOf(status),
              UnorderedElementsAre(at + "programme", at + "items[0]", at + "items[1]",
                                   at + "items[2]", at + "visit", at + "roles[0].max_mentors",
                                   at + "roles[0].hours_per_month", at + "roles[0].topics[0].topic",
                                   at + "roles[0].topics[0].weight", at + "period.end_date",
                                   at + "time_zone", at + "weekly_windows[0].end_minute",
                                   at + "tier", at + "excluded_mentors[0]"));
}

TEST_F(NeedsServiceTest, VisitMustFitIntoThePeriod) {
  const v1::Programme programme = MustCreateProgramme("ldc");
  v1::EngagementRequest content = MakeRequest("r1", programme.name());
  content.set_service_type(tandem::common::v1::SERVICE_TYPE_IN_COUNTRY_ADVICE);
  content.add_modalities(tandem::common::v1::MODALITY_ON_SITE);
  content.mutable_visit()->set_country("LS");
  content.mutable_visit()->set_consecutive_days(5);
  SetDate(2027, 3, 1, content.mutable_visit()->mutable_earliest_date());
  SetDate(2027, 3, 4, content.mutable_visit()->mutable_latest_date());
  v1::EngagementRequest created;

  EXPECT_THAT(FieldsOf(CreateRequest(content, &created)),
              ElementsAre("engagement_request.visit.consecutive_days"));
  SetDate(2027, 3, 5, content.mutable_visit()->mutable_latest_date());
  TANDEM_EXPECT_OK(CreateRequest(content, &created));
}

TEST_F(NeedsServiceTest, ReferralEndsAnOpenRequestOnce) {
  const v1::Programme programme = MustCreateProgramme("ldc");
  v1::EngagementRequest created;
  TANDEM_ASSERT_OK(CreateRequest(MakeRequest("r1", programme.name()), &created));
  v1::ReferEngagementRequestRequest refer;
  refer.set_name(created.name());
  refer.set_referral_code("course");
  v1::EngagementRequest referred;
  EXPECT_THAT(FieldsOf(Call(&NeedsService::Stub::ReferEngagementRequest, refer, &referred)),
              ElementsAre("referral_code"));

  refer.set_referral_code("COURSE");
  refer.set_request_id("refer-1");
  TANDEM_ASSERT_OK(Call(&NeedsService::Stub::ReferEngagementRequest, refer, &referred));
  EXPECT_EQ(referred.state(), v1::ENGAGEMENT_REQUEST_STATE_REFERRED);
  EXPECT_EQ(referred.referral_code(), "COURSE");

  v1::EngagementRequest again;
  TANDEM_ASSERT_OK(Call(&NeedsService::Stub::ReferEngagementRequest, refer, &again));
  EXPECT_EQ(again.SerializeAsString(), referred.SerializeAsString());
  refer.set_request_id("refer-2");
  EXPECT_THAT(Call(&NeedsService::Stub::ReferEngagementRequest, refer, &again),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(NeedsServiceTest, BatchIsRepeatable) {
  const v1::Programme programme = MustCreateProgramme("ldc");
  v1::BatchUpsertEngagementRequestsRequest batch;
  batch.set_request_id("import-1");
  for (int i = 0; i < 1000; ++i) {
    *batch.add_engagement_requests() = MakeRequest(absl::StrCat("r", i), programme.name());
  }
  v1::BatchUpsertEngagementRequestsResponse first, repeated, unchanged;

  TANDEM_ASSERT_OK(Call(&NeedsService::Stub::BatchUpsertEngagementRequests, batch, &first));
  EXPECT_EQ(first.created_count(), 1000);
  TANDEM_ASSERT_OK(Call(&NeedsService::Stub::BatchUpsertEngagementRequests, batch, &repeated));
  EXPECT_EQ(repeated.SerializeAsString(), first.SerializeAsString());
  batch.set_request_id("import-2");
  TANDEM_ASSERT_OK(Call(&NeedsService::Stub::BatchUpsertEngagementRequests, batch, &unchanged));
  EXPECT_EQ(unchanged.unchanged_count(), 1000);
  EXPECT_EQ(unchanged.revision(), first.revision());
}

TEST_F(NeedsServiceTest, ListingGivesEachOnceWhileOthersWrite) {
  const v1::Programme programme = MustCreateProgramme("ldc");
  v1::BatchUpsertEngagementRequestsRequest batch;
  for (int i = 0; i < 1000; ++i) {
    *batch.add_engagement_requests() = MakeRequest(absl::StrCat("r", i), programme.name());
  }
  v1::BatchUpsertEngagementRequestsResponse written;
  TANDEM_ASSERT_OK(Call(&NeedsService::Stub::BatchUpsertEngagementRequests, batch, &written));
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (int i = 0; !stop; ++i) {
      v1::UpsertEngagementRequestRequest request;
      *request.mutable_engagement_request() = MakeRequest(absl::StrCat("new", i), programme.name());
      v1::UpsertEngagementRequestResponse response;
      TANDEM_EXPECT_OK(Call(&NeedsService::Stub::UpsertEngagementRequest, request, &response));
    }
  });

  std::multiset<std::string> listed;
  v1::ListEngagementRequestsRequest list;
  list.set_page_size(37);
  do {
    v1::ListEngagementRequestsResponse page;
    const absl::Status status = Call(&NeedsService::Stub::ListEngagementRequests, list, &page);
    TANDEM_EXPECT_OK(status);
    if (!status.ok()) break;
    for (const auto& request : page.engagement_requests()) {
      if (request.external_id()[0] == 'r') listed.insert(request.name());
    }
    list.set_page_token(page.next_page_token());
  } while (!list.page_token().empty());
  stop = true;
  writer.join();

  EXPECT_EQ(listed, std::multiset<std::string>(written.names().begin(), written.names().end()));
}

TEST_F(NeedsServiceTest, FollowersSeeASnapshotAndThenChanges) {
  const v1::Programme programme = MustCreateProgramme("ldc");
  v1::EngagementRequest first, second;
  TANDEM_ASSERT_OK(CreateRequest(MakeRequest("r1", programme.name()), &first));
  grpc::ClientContext context;
  common::PrepareCall("matching", common::v1::ROLE_SERVICE, kHangGuard, &context);
  const auto reader =
      stub_->WatchEngagementRequests(&context, v1::WatchEngagementRequestsRequest());
  v1::WatchEngagementRequestsResponse step;

  ASSERT_TRUE(reader->Read(&step));
  EXPECT_TRUE(step.snapshot_complete());
  ASSERT_EQ(step.engagement_requests_size(), 1);
  EXPECT_EQ(step.engagement_requests(0).SerializeAsString(), first.SerializeAsString());

  TANDEM_ASSERT_OK(CreateRequest(MakeRequest("r2", programme.name()), &second));
  ASSERT_TRUE(reader->Read(&step));
  ASSERT_EQ(step.engagement_requests_size(), 1);
  EXPECT_EQ(step.engagement_requests(0).name(), second.name());
  EXPECT_EQ(step.revision(), second.revision());
  context.TryCancel();
}

TEST_F(NeedsServiceTest, FeedTellsEveryCommitInOrder) {
  const v1::Programme programme = MustCreateProgramme("ldc");
  const v1::Assessment assessment = MustCreateAssessment("a1", programme.name());
  common::v1::ListChangesRequest list;
  common::v1::ListChangesResponse changes;

  TANDEM_ASSERT_OK(
      Call(&NeedsService::Stub::ListChanges, list, &changes, common::v1::ROLE_AUDITOR));

  ASSERT_EQ(changes.changes_size(), 2);
  EXPECT_EQ(changes.changes(0).resource(), programme.name());
  EXPECT_EQ(changes.changes(1).resource(), assessment.name());
  EXPECT_EQ(changes.changes(1).actor(), "unauthenticated: Ada");
  EXPECT_EQ(changes.changes(1).method(), "tandem.needs.v1.NeedsService/CreateAssessment");
  EXPECT_EQ(changes.revision(), assessment.revision());
  list.set_after_revision(999);
  EXPECT_THAT(Call(&NeedsService::Stub::ListChanges, list, &changes, common::v1::ROLE_AUDITOR),
              StatusIs(absl::StatusCode::kOutOfRange));
}

}  // namespace
}  // namespace tandem::needs
