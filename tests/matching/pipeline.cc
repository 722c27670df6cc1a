#include "tests/matching/pipeline.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "base/status_matchers.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "services/common/client.h"
#include "services/common/status_conversion.h"
#include "services/needs/needs_service.h"
#include "services/profiles/profiles_service.h"
#include "storage/open.h"

namespace tandem::tests {
namespace {

constexpr int64_t kStartSeconds = 1796115600;  // 2026-12-01 09:00 UTC

template <typename T>
T Parse(const std::string& text) {
  T message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

template <typename T>
T Value(absl::StatusOr<T> result) {
  EXPECT_TRUE(result.ok()) << result.status();
  return result.ok() ? *std::move(result) : T();
}

constexpr char kWindows[] = R"(
  weekly_windows { weekday: WEEKDAY_MONDAY start_minute: 480 end_minute: 1080 }
  weekly_windows { weekday: WEEKDAY_WEDNESDAY start_minute: 480 end_minute: 1080 })";

constexpr char kMentor[] = R"(
  external_id: "$0"
  identity { names { full_name: "Invented Person" } }
  residence_country: "KE"
  nationalities: "KE"
  kind: MENTOR_KIND_VOLUNTEER
  expertise { topic: "conformity-assessment.certification" level: $1 }
  languages { language: "fr" spoken: CEFR_LEVEL_$4 written: CEFR_LEVEL_C1 }
  availability { time_zone: "Africa/Nairobi" $5 hours_per_month: $2 max_engagements: $3
                 modalities: MODALITY_REMOTE }
  coi_declaration { declared_on { year: 2026 month: 6 day: 1 }
                    expires_on { year: 2027 month: 12 day: 31 } }
  vetting_state: VETTING_STATE_VETTED
  consents { purpose: CONSENT_PURPOSE_MATCHING given_on { year: 2026 month: 6 day: 1 } }
  last_confirmed_time { seconds: 1795000000 })";

constexpr char kRequest[] = R"(
  external_id: "$0" programme: "$1" organisations: "$2"
  service_type: SERVICE_TYPE_MENTORING title: "Invented request"
  roles { role_id: "lead" min_mentors: $5 max_mentors: 1 hours_per_month: $3
          topics { topic: "conformity-assessment.certification" min_level: $4 weight: 1 }
          languages { language: "fr" min_spoken: CEFR_LEVEL_$6 } }
  modalities: MODALITY_REMOTE
  period { start_date { year: 2027 month: 1 day: 4 } end_date { year: 2027 month: $7 day: 28 } }
  min_weekly_overlap_minutes: 60)";

constexpr char kPolicy[] = R"(
  policy_id: "ldc" display_name: "Invented policy" objective: OBJECTIVE_TOTAL
  near_tie_micropoints: 1000
  service_policies {
    service_type: SERVICE_TYPE_MENTORING stale_after_days: 365 fresh_for_days: 90
    cooling_off_months: 24 interpreter_allowed: true interpreter_cost_micropoints: $1
    weights { criterion: CRITERION_EXPERTISE weight: $0 }
    weights { criterion: CRITERION_LANGUAGE weight: 2 }
    weights { criterion: CRITERION_LOAD_BALANCE weight: 1 } })";

}  // namespace

Pipeline::Pipeline()
    : now_seconds_(kStartSeconds), reference_(Value(common::ReferenceData::Load(""))) {}

Pipeline::~Pipeline() { Stop(); }

void Pipeline::Start() {
  matching::MatchingOptions options;
  options.store = Value(storage::Open(absl::StrCat("rocksdb:", folder_.Join("matching"))));
  options.now = [this] { return absl::FromUnixSeconds(now_seconds_); };
  options.run_observer = [this](absl::string_view run, absl::string_view step) {
    if (run_observer) run_observer(run, step);
  };
  service_ = Value(matching::MatchingService::Open(std::move(options)));
  auto registry = std::make_unique<common::MethodRegistry>();
  auto profiles = Value(profiles::OpenProfiles(folder_.Join("profiles"), reference_));
  TANDEM_ASSERT_OK(profiles::RegisterProfilesService(*registry, std::move(profiles)));
  std::shared_ptr<storage::Store> needs =
      Value(storage::Open(absl::StrCat("rocksdb:", folder_.Join("needs"))));
  TANDEM_ASSERT_OK(needs::RegisterNeedsService(*registry, needs, reference_));
  service_->Register(*registry);
  common::ServerOptions server;
  server.log_failed_calls = false;
  server_ = Value(common::Server::Start(server, std::move(registry)));
  service_->Follow(server_->InProcessChannel(), server_->InProcessChannel());
  const auto channel = common::MakeChannel(server_->address());
  profiles_ = profiles::v1::ProfilesService::NewStub(channel);
  needs_ = needs::v1::NeedsService::NewStub(channel);
  matching_ = matching::v1::MatchingService::NewStub(channel);
  operations_ = google::longrunning::Operations::NewStub(channel);
  ASSERT_TRUE(service_->WaitUntilReady(absl::Now() + kHangGuard));
}

void Pipeline::SetNow(absl::CivilSecond utc) {
  now_seconds_ = absl::ToUnixSeconds(absl::FromCivil(utc, absl::UTCTimeZone()));
}

void Pipeline::Stop() {
  if (service_ != nullptr) service_->Stop();
  server_.reset();
  service_.reset();
}

void Pipeline::Prepare(common::v1::Role role, grpc::ClientContext* context) const {
  common::PrepareCall(actor, role, kHangGuard, context);
}

absl::Status Pipeline::ToAbsl(const grpc::Status& status) { return common::FromGrpcStatus(status); }

std::string Pipeline::AddOrganisation(const std::string& external_id, const std::string& country,
                                      const std::string& zone) {
  profiles::v1::UpsertOrganisationRequest request;
  *request.mutable_organisation() = Parse<profiles::v1::Organisation>(absl::Substitute(
      R"(external_id: "$0" display_name: "Standards body of $1" kind: ORGANISATION_KIND_NSB
         country: "$1" time_zone: "$2" languages: "fr" $3)",
      external_id, country, zone, kWindows));
  return Value(Call(profiles(), &profiles::v1::ProfilesService::Stub::UpsertOrganisation, request))
      .organisation()
      .name();
}

void Pipeline::AddBasics() {
  organisations_ = {AddOrganisation("org-ml", "ML", "Africa/Bamako"),
                    AddOrganisation("org-sn", "SN", "Africa/Dakar")};
  needs::v1::UpsertProgrammeRequest request;
  *request.mutable_programme() = Parse<needs::v1::Programme>(R"(
    external_id: "programme" display_name: "Invented programme"
    period { start_date { year: 2026 month: 1 day: 1 } end_date { year: 2028 month: 12 day: 31 } })");
  programme_ = Value(Call(needs(), &needs::v1::NeedsService::Stub::UpsertProgramme, request))
                   .programme()
                   .name();
  AddPolicy(/*expertise_weight=*/10, /*interpreter_cost=*/100'000, /*publish=*/true);
}

std::string Pipeline::AddPolicy(int expertise_weight, int interpreter_cost, bool publish,
                                const std::string& more) {
  matching::v1::CreatePolicyRequest request;
  *request.mutable_policy() =
      Parse<matching::v1::Policy>(absl::Substitute(kPolicy, expertise_weight, interpreter_cost));
  EXPECT_TRUE(google::protobuf::TextFormat::MergeFromString(more, request.mutable_policy()));
  const std::string name =
      Value(Call(matching(), &matching::v1::MatchingService::Stub::CreatePolicy, request)).name();
  if (!publish) return name;
  matching::v1::PublishPolicyRequest publication;
  publication.set_name(name);
  TANDEM_EXPECT_OK(
      Call(matching(), &matching::v1::MatchingService::Stub::PublishPolicy, publication));
  return name;
}

std::string Pipeline::AddMentor(const MentorSketch& sketch) {
  profiles::v1::UpsertMentorRequest request;
  *request.mutable_mentor() = Parse<profiles::v1::Mentor>(
      absl::Substitute(kMentor, sketch.id, sketch.level, sketch.hours_per_month,
                       sketch.max_engagements, sketch.spoken, kWindows));
  return Value(Call(profiles(), &profiles::v1::ProfilesService::Stub::UpsertMentor, request))
      .mentor()
      .name();
}

std::string Pipeline::AddRequest(const RequestSketch& sketch) {
  needs::v1::UpsertEngagementRequestRequest request;
  *request.mutable_engagement_request() = Parse<needs::v1::EngagementRequest>(absl::Substitute(
      kRequest, sketch.id, programme_, organisations_[sketch.organisation], sketch.hours_per_month,
      sketch.min_level, sketch.min_mentors, sketch.min_spoken, sketch.last_month));
  return Value(Call(needs(), &needs::v1::NeedsService::Stub::UpsertEngagementRequest, request))
      .engagement_request()
      .name();
}

std::string Pipeline::AddCohort(const std::string& policy) {
  matching::v1::CreateCohortRequest request;
  request.mutable_cohort()->set_display_name("Invented cohort");
  request.mutable_cohort()->set_programme(programme_);
  request.mutable_cohort()->set_policy(policy);
  request.mutable_cohort()->set_seed(7);
  return Value(Call(matching(), &matching::v1::MatchingService::Stub::CreateCohort, request))
      .name();
}

void Pipeline::WaitUntilSeen() {
  // Both services tell their newest revision at the end of their feeds.
  common::v1::ListChangesRequest request;
  request.set_page_size(1000);
  const auto head_of = [&](auto& stub, auto method) {
    for (request.set_after_revision(0);;) {
      const int64_t revision = Value(Call(stub, method, request)).revision();
      if (revision == request.after_revision()) return revision;
      request.set_after_revision(revision);
    }
  };
  const int64_t profiles_head =
      head_of(profiles(), &profiles::v1::ProfilesService::Stub::ListChanges);
  const int64_t needs_head = head_of(needs(), &needs::v1::NeedsService::Stub::ListChanges);
  needs::v1::ListEngagementRequestsRequest list;
  list.set_page_size(1);
  const auto requests =
      Value(Call(needs(), &needs::v1::NeedsService::Stub::ListEngagementRequests, list));
  ASSERT_GT(requests.engagement_requests_size(), 0) << "add a request first";
  const std::string need = absl::StrCat(requests.engagement_requests(0).name(), "/roles/lead");
  const absl::Time guard = absl::Now() + kHangGuard;
  while (absl::Now() < guard) {
    const auto ranking = Rank(need);
    if (ranking.ok() && ranking->seen().profiles() >= profiles_head &&
        ranking->seen().organisations() >= profiles_head && ranking->seen().needs() >= needs_head) {
      return;
    }
    absl::SleepFor(absl::Milliseconds(5));
  }
  FAIL() << "matching does not take in what was written";
}

void Pipeline::AskForCoaching(const std::string& request) {
  needs::v1::UpdateEngagementRequestRequest update;
  update.mutable_engagement_request()->set_name(request);
  update.mutable_engagement_request()->set_service_type(common::v1::SERVICE_TYPE_COACHING);
  update.mutable_update_mask()->add_paths("service_type");
  TANDEM_ASSERT_OK(
      Call(needs(), &needs::v1::NeedsService::Stub::UpdateEngagementRequest, update).status());
  const absl::Time guard = absl::Now() + kHangGuard;
  while (Rank(request).ok()) {
    ASSERT_LT(absl::Now(), guard);
    absl::SleepFor(absl::Milliseconds(5));
  }
}

absl::StatusOr<matching::v1::RankMentorsResponse> Pipeline::Rank(const std::string& need) {
  matching::v1::RankMentorsRequest request;
  request.set_need(need);
  return Call(matching(), &matching::v1::MatchingService::Stub::RankMentors, request);
}

absl::StatusOr<google::longrunning::Operation> Pipeline::StartSolving(
    const std::string& cohort, const std::string& request_id) {
  matching::v1::SolveCohortRequest request;
  request.set_name(cohort);
  request.set_request_id(request_id);
  return Call(matching(), &matching::v1::MatchingService::Stub::SolveCohort, request);
}

google::longrunning::Operation Pipeline::WaitFor(const std::string& operation) {
  google::longrunning::WaitOperationRequest request;
  request.set_name(operation);
  const absl::Time guard = absl::Now() + kHangGuard;
  google::longrunning::Operation answer;
  do {
    answer =
        Value(Call(operations(), &google::longrunning::Operations::Stub::WaitOperation, request));
  } while (!answer.done() && absl::Now() < guard);
  EXPECT_TRUE(answer.done()) << answer.DebugString();
  return answer;
}

matching::v1::CohortRun Pipeline::Solve(const std::string& cohort) {
  const google::longrunning::Operation operation = WaitFor(Value(StartSolving(cohort)).name());
  matching::v1::CohortRun run;
  EXPECT_TRUE(operation.response().UnpackTo(&run)) << operation.DebugString();
  return run;
}

absl::StatusOr<matching::v1::CohortRun> Pipeline::SolveNear(const std::string& cohort,
                                                            const std::string& previous_run,
                                                            int64_t change_penalty_micropoints) {
  matching::v1::SolveCohortRequest request;
  request.set_name(cohort);
  request.set_previous_run(previous_run);
  request.set_change_penalty_micropoints(change_penalty_micropoints);
  absl::StatusOr<google::longrunning::Operation> operation =
      Call(matching(), &matching::v1::MatchingService::Stub::SolveCohort, request);
  if (!operation.ok()) return operation.status();
  *operation = WaitFor(operation->name());
  matching::v1::CohortRun run;
  EXPECT_TRUE(operation->response().UnpackTo(&run)) << operation->DebugString();
  return run;
}

absl::StatusOr<matching::v1::Match> Pipeline::Approve(const std::string& match) {
  matching::v1::ApproveMatchRequest request;
  request.set_name(match);
  request.set_rationale("Agreed in the committee");
  return Call(matching(), &matching::v1::MatchingService::Stub::ApproveMatch, request,
              common::v1::ROLE_APPROVER);
}

absl::StatusOr<matching::v1::Match> Pipeline::Reject(const std::string& match) {
  matching::v1::RejectMatchRequest request;
  request.set_name(match);
  request.set_reason_code("MENTOR_DECLINED");
  return Call(matching(), &matching::v1::MatchingService::Stub::RejectMatch, request,
              common::v1::ROLE_STAFF);
}

matching::v1::Match Pipeline::GetMatch(const std::string& name) {
  matching::v1::GetMatchRequest request;
  request.set_name(name);
  return Value(Call(matching(), &matching::v1::MatchingService::Stub::GetMatch, request));
}

matching::v1::Match Pipeline::MatchOf(const matching::v1::CohortRun& run, const std::string& need) {
  for (const std::string& name : run.matches()) {
    matching::v1::Match match = GetMatch(name);
    if (match.need() == need) return match;
  }
  return {};
}

}  // namespace tandem::tests
