// What docs/deployment.md promises of nginx in front of tandemd, called from outside.
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/child_process.h"
#include "base/status_matchers.h"
#include "base/temp_dir.h"
#include "gmock/gmock.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "services/common/errors.h"
#include "services/common/principal.h"
#include "services/common/status_conversion.h"
#include "tandem/audit/v1/audit_service.grpc.pb.h"
#include "tandem/events/v1/events_service.grpc.pb.h"
#include "tandem/needs/v1/needs_service.grpc.pb.h"
#include "tests/deployment/nginx_deployment.h"

namespace tandem::deployment {
namespace {

using base::StatusIs;
using events::v1::EventsService;
using needs::v1::NeedsService;
using needs::v1::Programme;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr absl::Duration kPatience = absl::Seconds(60);
constexpr char kCurl[] = "/usr/bin/curl";
constexpr char kNeeds[] = "/tandem.needs.v1.NeedsService/";
constexpr char kProgramme[] = R"({"programme": {"externalId": "P-HTTP", "displayName": "By HTTP",
  "period": {"startDate": {"year": 2027, "month": 1, "day": 1},
             "endDate": {"year": 2027, "month": 12, "day": 31}}}})";

std::string ReasonOf(const absl::Status& status) {
  const auto detail = common::ErrorDetailOf(status);
  return detail.has_value() ? detail->reason : "none";
}

needs::v1::CreateProgrammeRequest RequestFor(const std::string& external_id) {
  needs::v1::CreateProgrammeRequest request;
  Programme& programme = *request.mutable_programme();
  programme.set_external_id(external_id);
  programme.set_display_name("Through nginx");
  programme.mutable_period()->mutable_start_date()->set_year(2027);
  programme.mutable_period()->mutable_start_date()->set_month(1);
  programme.mutable_period()->mutable_start_date()->set_day(1);
  *programme.mutable_period()->mutable_end_date() = programme.period().start_date();
  programme.mutable_period()->mutable_end_date()->set_year(2028);
  return request;
}

// What a call states about its caller, beside its certificate.
struct Stated {
  std::string token = "";
  common::v1::Role role = common::v1::ROLE_UNSPECIFIED;
};

class NginxTest : public ::testing::Test {
 protected:
  void SetUp() override { TANDEM_ASSERT_OK(deployment_.Start()); }

  static void Prepare(const Stated& stated, grpc::ClientContext* context) {
    context->set_deadline(absl::ToChronoTime(absl::Now() + kPatience));
    if (!stated.token.empty()) context->AddMetadata("authorization", "Bearer " + stated.token);
    if (stated.role != common::v1::ROLE_UNSPECIFIED) {
      common::AddPrincipal("Mallory", stated.role, context);
    }
  }

  absl::StatusOr<Programme> Create(const std::string& certificate,
                                   const needs::v1::CreateProgrammeRequest& request,
                                   const Stated& stated = {}) {
    const auto channel = deployment_.ChannelAs(certificate);
    if (!channel.ok()) return channel.status();
    grpc::ClientContext context;
    Prepare(stated, &context);
    Programme programme;
    const absl::Status status = common::FromGrpcStatus(
        NeedsService::NewStub(*channel)->CreateProgramme(&context, request, &programme));
    if (!status.ok()) return status;
    return programme;
  }

  // Who created `programme`, by the audit log, which follows a moment later.
  std::string CreatorOf(const std::string& programme) {
    const auto channel = deployment_.ChannelAs("");
    EXPECT_TRUE(channel.ok()) << channel.status();
    const absl::Time end = absl::Now() + kPatience;
    while (channel.ok() && absl::Now() < end) {
      grpc::ClientContext context;
      Prepare({deployment_.auditor_secret()}, &context);
      audit::v1::ListAuditEntriesRequest request;
      request.set_filter(absl::StrCat("resource = \"", programme, "\""));
      audit::v1::ListAuditEntriesResponse response;
      const grpc::Status status = audit::v1::AuditService::NewStub(*channel)->ListAuditEntries(
          &context, request, &response);
      EXPECT_TRUE(status.ok()) << status.error_message();
      if (!status.ok()) break;
      if (response.audit_entries_size() > 0) return response.audit_entries(0).change().actor();
      absl::SleepFor(absl::Milliseconds(20));
    }
    return "nobody";
  }

  // Calls by curl; the answer with its HTTP status as the last line.
  std::string Http(const std::string& certificate, const std::string& method,
                   const std::string& body, const std::vector<std::string>& headers = {},
                   const std::vector<std::string>& options = {}) {
    std::vector<std::string> arguments = {kCurl,           "-sS", "-w", "\n%{http_code}",
                                          "--data-binary", body};
    for (const std::string& option : deployment_.CurlOptions(certificate)) {
      arguments.push_back(option);
    }
    for (const std::string& header : headers) arguments.insert(arguments.end(), {"-H", header});
    if (headers.empty() || !absl::StartsWith(headers[0], "content-type")) {
      arguments.insert(arguments.end(), {"-H", "content-type: application/json"});
    }
    arguments.insert(arguments.end(), options.begin(), options.end());
    arguments.push_back(deployment_.http_url() + method);
    const auto finished = base::RunProgram(arguments);
    EXPECT_TRUE(finished.ok()) << finished.status();
    return finished.ok() ? finished->output + finished->errors : "";
  }

  NginxDeployment deployment_;
};

TEST_F(NginxTest, ASystemIsKnownByItsCertificateAndAPersonByTheToken) {
  TANDEM_ASSERT_OK_AND_ASSIGN(const Programme by_system, Create("registry", RequestFor("P-1")));
  EXPECT_EQ(CreatorOf(by_system.name()), "Registry");
  TANDEM_ASSERT_OK_AND_ASSIGN(const Programme by_person,
                              Create("", RequestFor("P-2"), {deployment_.staff_secret()}));
  EXPECT_EQ(CreatorOf(by_person.name()), "Amina");
}

TEST_F(NginxTest, NobodyIsWhoTheyOnlySayTheyAre) {
  for (const std::string certificate : {"", "stranger"}) {
    const absl::Status refused =
        Create(certificate, RequestFor("P-1"), {"", common::v1::ROLE_ADMIN}).status();
    EXPECT_THAT(refused, StatusIs(absl::StatusCode::kUnauthenticated));
    EXPECT_EQ(ReasonOf(refused), "CREDENTIALS_MISSING");
  }
  // A certificate outweighs whatever else is stated.
  TANDEM_ASSERT_OK_AND_ASSIGN(
      const Programme made,
      Create("registry", RequestFor("P-1"), {deployment_.staff_secret(), common::v1::ROLE_ADMIN}));
  EXPECT_EQ(CreatorOf(made.name()), "Registry");
}

TEST_F(NginxTest, ACertificateOfAnotherAuthorityIsRefusedWithAClearCode) {
  EXPECT_THAT(Create("foreign", RequestFor("P-1")).status(),
              StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("certificate")));
}

TEST_F(NginxTest, ErrorsArriveWithTheirDetails) {
  needs::v1::CreateProgrammeRequest request = RequestFor("P-1");
  request.mutable_programme()->clear_display_name();
  const absl::Status refused = Create("registry", request).status();
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_NE(ReasonOf(refused), "none");
  EXPECT_THAT(refused.message(), HasSubstr("display_name"));
}

TEST_F(NginxTest, LargeRequestsAreRefusedByTandemAndStillLargerOnesByNginx) {
  needs::v1::CreateProgrammeRequest request = RequestFor("P-1");
  request.mutable_programme()->set_display_name(std::string(20 << 20, 'x'));
  const absl::Status large = Create("registry", request).status();
  EXPECT_THAT(large, StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_EQ(ReasonOf(large), "REQUEST_TOO_LARGE");

  request.mutable_programme()->set_display_name(std::string(40 << 20, 'x'));
  EXPECT_THAT(Create("registry", request).status(), StatusIs(absl::StatusCode::kResourceExhausted));

  TANDEM_EXPECT_OK(Create("registry", RequestFor("P-1")).status());
}

TEST_F(NginxTest, AFollowedFeedTellsWhatHappensMeanwhile) {
  TANDEM_ASSERT_OK_AND_ASSIGN(const auto channel, deployment_.ChannelAs("registry"));
  grpc::ClientContext context;
  Prepare({}, &context);
  events::v1::WatchEventsRequest request;
  request.set_start(events::v1::EVENT_START_NOW);
  const auto stream = EventsService::NewStub(channel)->WatchEvents(&context, request);
  events::v1::WatchEventsResponse response;
  ASSERT_TRUE(stream->Read(&response));

  TANDEM_ASSERT_OK_AND_ASSIGN(const Programme made, Create("registry", RequestFor("P-1")));

  while (response.events_size() == 0) ASSERT_TRUE(stream->Read(&response));
  EXPECT_EQ(response.events(0).resource(), made.name());
  context.TryCancel();
  stream->Finish();
}

TEST_F(NginxTest, WithoutTandemCallersAreToldToComeAgain) {
  deployment_.EndTandemd();
  EXPECT_THAT(Create("registry", RequestFor("P-1")).status(),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("retry")));
  EXPECT_THAT(Http("registry", absl::StrCat(kNeeds, "ListProgrammes"), "{}"), HasSubstr("\n502"));
}

TEST_F(NginxTest, OverHttpTooACertificateOrATokenSaysWhoCallsAndNothingElse) {
  const std::string create = absl::StrCat(kNeeds, "CreateProgramme");
  const std::string list = absl::StrCat(kNeeds, "ListProgrammes");
  EXPECT_THAT(Http("registry", create, kProgramme),
              AllOf(HasSubstr("\"name\""), HasSubstr("\n200")));
  EXPECT_THAT(Http("", list, "{}", {"authorization: Bearer " + deployment_.staff_secret()}),
              AllOf(HasSubstr("By HTTP"), HasSubstr("\n200")));
  for (const std::string certificate : {"", "stranger"}) {
    EXPECT_THAT(Http(certificate, list, "{}", {"tandem-role: admin", "tandem-actor: Mallory"}),
                AllOf(HasSubstr("CREDENTIALS_MISSING"), HasSubstr("\n401")));
  }
  EXPECT_THAT(Http("registry", list, "{}", {"tandem-role: admin", "tandem-actor: Mallory"}),
              HasSubstr("\n200"));
  EXPECT_THAT(Http("registry", list, "{}", {"host: tandem.example.org"}), HasSubstr("\n200"));
  EXPECT_THAT(Http("registry", list, "{}", {"host: elsewhere.example.org"}), HasSubstr("\n421"));
}

TEST_F(NginxTest, OverHttpTooErrorsHaveDetailsAndFeedsFlow) {
  EXPECT_THAT(
      Http("registry", absl::StrCat(kNeeds, "GetProgramme"), R"({"name": "programmes/none"})"),
      AllOf(HasSubstr("RESOURCE_NOT_FOUND"), HasSubstr("\n404")));
  Http("registry", absl::StrCat(kNeeds, "CreateProgramme"), kProgramme);
  const base::TempDir folder;
  const std::string enveloped = folder.Join("request");  // a byte of flags, the length, the message
  std::ofstream(enveloped, std::ios::binary) << std::string("\0\0\0\0\2{}", 7);
  const std::string followed =
      Http("registry", "/tandem.events.v1.EventsService/WatchEvents", "@" + enveloped,
           {"content-type: application/connect+json"}, {"--max-time", "3"});
  EXPECT_THAT(followed, HasSubstr("\"resource\":\"programmes/"));
}

TEST_F(NginxTest, NothingOlderThanTls13IsSpoken) {
  const std::string list = absl::StrCat(kNeeds, "ListProgrammes");
  EXPECT_THAT(Http("registry", list, "{}", {}, {"--tls-max", "1.2"}),
              AllOf(HasSubstr("\n000"), HasSubstr("curl: (35)")));
  EXPECT_THAT(Http("registry", list, "{}", {}, {"--tlsv1.3"}),
              AllOf(HasSubstr("\n200"), Not(HasSubstr("curl:"))));
}

}  // namespace
}  // namespace tandem::deployment
