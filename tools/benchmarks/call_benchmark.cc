#include <filesystem>
#include <functional>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "google/protobuf/util/json_util.h"
#include "grpcpp/client_context.h"
#include "grpcpp/impl/codegen/client_unary_call.h"
#include "grpcpp/impl/rpc_method.h"
#include "grpcpp/support/byte_buffer.h"
#include "services/common/client.h"
#include "services/common/status_conversion.h"
#include "services/gateway/http_message.h"
#include "services/gateway/testing/http_client.h"
#include "tandem/access/v1/access_service.grpc.pb.h"
#include "tandem/matching/v1/matching_service.grpc.pb.h"
#include "tandem/needs/v1/needs_service.grpc.pb.h"
#include "tandem/profiles/v1/profiles_service.grpc.pb.h"
#include "tools/benchmarks/authorization_benchmark.h"
#include "tools/benchmarks/closed_loop.h"
#include "tools/benchmarks/empty_call.h"
#include "tools/benchmarks/figures.h"
#include "tools/benchmarks/idle_server.h"
#include "tools/benchmarks/payload_service.pb.h"
#include "tools/benchmarks/roster_fixture.h"
#include "tools/benchmarks/service_benchmarks.h"

namespace tandem::benchmarks {
namespace {

using access::v1::AccessService;
using matching::v1::MatchingService;
using needs::v1::NeedsService;
using profiles::v1::ProfilesService;

constexpr int64_t kMentors = 10'000;
constexpr int kClients = 32;
constexpr absl::Duration kDuration = absl::Seconds(1);
constexpr absl::Duration kTimeout = absl::Seconds(30);
constexpr char kGetMentor[] = "tandem.profiles.v1.ProfilesService/GetMentor";
constexpr char kGetAssessment[] = "tandem.needs.v1.NeedsService/GetAssessment";
constexpr char kRankMentors[] = "tandem.matching.v1.MatchingService/RankMentors";

void Prepare(common::v1::Role role, grpc::ClientContext* context) {
  common::PrepareCall("benchmark", role, kTimeout, context);
}

// What there is to call about.
struct Subjects {
  std::string mentor;
  std::string assessment;
  std::string organisation;  // of the assessment
  std::vector<std::string> needs;
};

absl::StatusOr<Subjects> FindSubjects(const std::shared_ptr<grpc::Channel>& channel) {
  Subjects subjects;
  TANDEM_ASSIGN_OR_RETURN(subjects.needs, ListNeeds(channel, 100));
  TANDEM_RETURN_IF_ERROR(WaitUntilRanking(channel, subjects.needs[0]));
  grpc::ClientContext mentors_context;
  Prepare(common::v1::ROLE_STAFF, &mentors_context);
  profiles::v1::ListMentorsRequest list_mentors;
  list_mentors.set_page_size(1);
  profiles::v1::ListMentorsResponse mentors;
  TANDEM_RETURN_IF_ERROR(common::FromGrpcStatus(
      ProfilesService::NewStub(channel)->ListMentors(&mentors_context, list_mentors, &mentors)));
  grpc::ClientContext assessments_context;
  Prepare(common::v1::ROLE_STAFF, &assessments_context);
  needs::v1::ListAssessmentsRequest list_assessments;
  list_assessments.set_page_size(1);
  needs::v1::ListAssessmentsResponse assessments;
  TANDEM_RETURN_IF_ERROR(common::FromGrpcStatus(NeedsService::NewStub(channel)->ListAssessments(
      &assessments_context, list_assessments, &assessments)));
  if (mentors.mentors_size() == 0 || assessments.assessments_size() == 0) {
    return absl::FailedPreconditionError("no mentor, or no assessment");
  }
  subjects.mentor = mentors.mentors(0).name();
  subjects.assessment = assessments.assessments(0).name();
  subjects.organisation = assessments.assessments(0).organisation();
  return subjects;
}

absl::StatusOr<std::string> MakeToken(const std::shared_ptr<grpc::Channel>& channel,
                                      common::v1::Role role, const std::string& subject) {
  grpc::ClientContext context;
  Prepare(common::v1::ROLE_ADMIN, &context);
  access::v1::CreateAccessTokenRequest request;
  request.mutable_access_token()->set_actor(absl::StrCat("benchmark-", static_cast<int>(role)));
  request.mutable_access_token()->set_role(role);
  request.mutable_access_token()->set_subject(subject);
  request.mutable_access_token()->mutable_expire_time()->set_seconds(
      absl::ToUnixSeconds(absl::Now() + absl::Hours(24)));
  request.set_request_id(absl::StrCat("token-", static_cast<int>(role)));
  access::v1::CreateAccessTokenResponse response;
  TANDEM_RETURN_IF_ERROR(common::FromGrpcStatus(
      AccessService::NewStub(channel)->CreateAccessToken(&context, request, &response)));
  return response.secret();
}

absl::StatusOr<std::vector<AuthorizedCall>> MakeAuthorizedCalls(
    const std::shared_ptr<grpc::Channel>& channel, const Subjects& subjects) {
  auto mentor = std::make_shared<profiles::v1::GetMentorRequest>();
  mentor->set_name(subjects.mentor);
  auto assessment = std::make_shared<needs::v1::GetAssessmentRequest>();
  assessment->set_name(subjects.assessment);
  TANDEM_ASSIGN_OR_RETURN(const std::string staff, MakeToken(channel, common::v1::ROLE_STAFF, ""));
  TANDEM_ASSIGN_OR_RETURN(const std::string self,
                          MakeToken(channel, common::v1::ROLE_MENTOR, subjects.mentor));
  TANDEM_ASSIGN_OR_RETURN(const std::string counterpart,
                          MakeToken(channel, common::v1::ROLE_NSB, subjects.organisation));
  return std::vector<AuthorizedCall>{
      {"staff, stated, reads a mentor", "", kGetMentor, mentor},
      {"staff, by token, reads a mentor", staff, kGetMentor, mentor},
      {"a mentor, by token, reads itself", self, kGetMentor, mentor},
      {"an NSB, by token, its assessment", counterpart, kGetAssessment, assessment},
  };
}

// A call of `method` with these bytes, whatever they are.
absl::StatusOr<grpc::ByteBuffer> CallBytes(const std::shared_ptr<grpc::Channel>& channel,
                                           const std::string& method,
                                           const google::protobuf::Message& request) {
  grpc::ClientContext context;
  Prepare(common::v1::ROLE_STAFF, &context);
  const std::string path = absl::StrCat("/", method);
  const grpc::internal::RpcMethod rpc(path.c_str(), grpc::internal::RpcMethod::NORMAL_RPC, channel);
  const grpc::Slice slice(request.SerializeAsString());
  const grpc::ByteBuffer bytes(&slice, 1);
  grpc::ByteBuffer answer;
  TANDEM_RETURN_IF_ERROR(common::FromGrpcStatus(
      grpc::internal::BlockingUnaryCall(channel.get(), rpc, &context, bytes, &answer)));
  return answer;
}

// The same call by Connect with JSON, each client over its own connection, which stays open.
class ConnectClients {
 public:
  ConnectClients(const std::string& address, const std::string& method,
                 const google::protobuf::Message& request)
      : address_(address), target_(absl::StrCat("/", method)), clients_(kClients) {
    (void)google::protobuf::util::MessageToJsonString(request, &body_);  // fails for Any alone
  }

  absl::Status Call(int client) {
    std::unique_ptr<gateway::HttpClient>& connection = clients_[static_cast<size_t>(client)];
    if (connection == nullptr) connection = std::make_unique<gateway::HttpClient>(address_);
    gateway::HttpResponse response = connection->Call("POST", target_, headers_, body_);
    if (response.status == 0) {  // closed while other calls were measured
      connection = std::make_unique<gateway::HttpClient>(address_);
      response = connection->Call("POST", target_, headers_, body_);
    }
    if (response.status == 200) return absl::OkStatus();
    return absl::InternalError(absl::StrCat("HTTP ", response.status, ": ", response.body));
  }

 private:
  const gateway::HttpHeaders headers_ = {{"content-type", "application/json"},
                                         {"tandem-actor", "benchmark"},
                                         {"tandem-role", "staff"}};
  const std::string address_;
  const std::string target_;
  std::string body_;
  std::vector<std::unique_ptr<gateway::HttpClient>> clients_;
};

// What is called, with the rates of its runs.
struct Measured {
  std::string name;
  std::function<absl::Status(int client)> call;
  std::vector<double> rates = {};
};

// In turn, so that what else the machine does meets all of them.
absl::Status MeasureAll(int clients, const std::vector<Measured*>& all) {
  for (Measured* measured : all) measured->rates.clear();
  for (int run = 0; run < kRuns; ++run) {
    for (Measured* measured : all) {
      TANDEM_ASSIGN_OR_RETURN(const double rate,
                              CallsPerSecond(clients, kDuration, measured->call));
      measured->rates.push_back(rate);
    }
  }
  return absl::OkStatus();
}

void Print(const Measured& measured) {
  absl::PrintF("  %-34s %s\n", measured.name, Spread(measured.rates, "/s"));
}

void Print(const Measured& measured, const Measured& beside, double asked_ratio) {
  absl::PrintF("  %-34s %s: %.2f of \"%s\" (asked for: %.2f)\n", measured.name,
               Spread(measured.rates, "/s"), Median(measured.rates) / Median(beside.rates),
               beside.name, asked_ratio);
}

// Calls that do nothing and are answered with as many bytes as a call of Tandem's: by gRPC alone,
// and by a server of Tandem's own kind.
class Nothing {
 public:
  static absl::StatusOr<std::unique_ptr<Nothing>> Start(const Setting& setting,
                                                        int64_t request_bytes,
                                                        int64_t answer_bytes) {
    auto nothing = std::make_unique<Nothing>();
    nothing->request_.set_content(std::string(static_cast<size_t>(request_bytes), 'x'));
    TANDEM_RETURN_IF_ERROR(nothing->Add(setting, "--bare-server", answer_bytes,
                                        absl::StrCat("gRPC alone, ", answer_bytes, " bytes")));
    TANDEM_RETURN_IF_ERROR(nothing->Add(setting, "--idle-server", answer_bytes,
                                        absl::StrCat("idle Tandem, ", answer_bytes, " bytes")));
    return nothing;
  }

  Measured& bare() { return measured_[0]; }
  Measured& idle() { return measured_[1]; }

 private:
  absl::Status Add(const Setting& setting, const std::string& option, int64_t answer_bytes,
                   const std::string& name) {
    TANDEM_ASSIGN_OR_RETURN(auto server,
                            PayloadServerProcess::Start(setting.self, option, answer_bytes));
    const auto channel = common::MakeChannel(server->address());
    servers_.push_back(std::move(server));
    measured_.push_back({name, [this, channel](int) {
                           return CallBytes(channel, kIdleMethod, request_).status();
                         }});
    return absl::OkStatus();
  }

  v1::Payload request_;
  std::vector<std::unique_ptr<PayloadServerProcess>> servers_;
  std::vector<Measured> measured_;
};

// RankMentors for one need after the other, so that no need is always the last one asked about.
class RankingCalls {
 public:
  RankingCalls(std::shared_ptr<grpc::Channel> channel, const std::vector<std::string>& needs)
      : channel_(std::move(channel)) {
    for (const std::string& need : needs) {
      requests_.emplace_back().set_need(need);
      requests_.back().set_page_size(10);
    }
    for (size_t client = 0; client < kClients; ++client) next_.push_back(client);
  }

  absl::Status Call(int client) {
    size_t& next = next_[static_cast<size_t>(client)];
    return CallBytes(channel_, kRankMentors, requests_[next++ % requests_.size()]).status();
  }

  // Asks about every need once: how long each took, in microseconds, and their mean answer.
  struct Round {
    std::vector<double> microseconds;
    int64_t mean_bytes = 0;
  };
  absl::StatusOr<Round> AskAll() const {
    Round round;
    size_t bytes = 0;
    for (const matching::v1::RankMentorsRequest& request : requests_) {
      const absl::Time start = absl::Now();
      TANDEM_ASSIGN_OR_RETURN(const grpc::ByteBuffer answer,
                              CallBytes(channel_, kRankMentors, request));
      round.microseconds.push_back(SecondsSince(start) * 1e6);
      bytes += answer.Length();
    }
    round.mean_bytes = static_cast<int64_t>(bytes / requests_.size());
    return round;
  }
  int64_t request_bytes() const { return static_cast<int64_t>(requests_[0].ByteSizeLong()); }

 private:
  const std::shared_ptr<grpc::Channel> channel_;
  std::vector<matching::v1::RankMentorsRequest> requests_;
  std::vector<size_t> next_;  // by client
};

absl::Status MeasureCalls(const Setting& setting, const ServerProcess& server,
                          const Subjects& subjects) {
  profiles::v1::GetMentorRequest get;
  get.set_name(subjects.mentor);
  const auto channel = common::MakeChannel(server.address());
  RankingCalls rankings(channel, subjects.needs);
  TANDEM_ASSIGN_OR_RETURN(const RankingCalls::Round first, rankings.AskAll());
  TANDEM_ASSIGN_OR_RETURN(const RankingCalls::Round again, rankings.AskAll());
  TANDEM_ASSIGN_OR_RETURN(const grpc::ByteBuffer mentor, CallBytes(channel, kGetMentor, get));
  TANDEM_ASSIGN_OR_RETURN(const auto like_getting,
                          Nothing::Start(setting, static_cast<int64_t>(get.ByteSizeLong()),
                                         static_cast<int64_t>(mentor.Length())));
  TANDEM_ASSIGN_OR_RETURN(const auto like_ranking,
                          Nothing::Start(setting, rankings.request_bytes(), first.mean_bytes));
  ConnectClients connect(server.http_address(), kGetMentor, get);
  Measured empty = {"empty call, same server", [&](int) { return EmptySeconds(channel).status(); }};
  Measured getting = {"GetMentor",
                      [&](int) { return CallBytes(channel, kGetMentor, get).status(); }};
  Measured as_json = {"GetMentor, Connect with JSON",
                      [&](int client) { return connect.Call(client); }};
  Measured ranking = {"RankMentors", [&](int client) { return rankings.Call(client); }};
  absl::PrintF("RankMentors for %d needs, one call after the other\n", subjects.needs.size());
  absl::PrintF("  the first call for a need          %s\n", Spread(first.microseconds, "us"));
  absl::PrintF("  the second call for a need         %s\n", Spread(again.microseconds, "us"));
  for (const int clients : {1, kClients}) {
    TANDEM_RETURN_IF_ERROR(
        MeasureAll(clients, {&empty, &like_getting->bare(), &like_getting->idle(), &getting,
                             &as_json, &like_ranking->bare(), &like_ranking->idle(), &ranking}));
    absl::PrintF("calls: %d mentors, %d at a time, min / median / max of %d\n", setting.mentors,
                 clients, kRuns);
    Print(empty);
    Print(like_getting->bare());
    Print(like_getting->idle());
    Print(getting, like_getting->idle(), 0.6);
    Print(getting, like_getting->bare(), 0.6);
    Print(as_json, getting, 0.25);
    Print(like_ranking->bare());
    Print(like_ranking->idle());
    Print(ranking, like_ranking->idle(), 0.5);
    Print(ranking, like_ranking->bare(), 0.5);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status BenchmarkCalls(const Setting& of_all) {
  Setting setting = of_all;
  setting.mentors = kMentors;
  setting.scratch += "/calls";
  std::filesystem::create_directories(setting.scratch);
  TANDEM_RETURN_IF_ERROR(GenerateFiles(setting));
  std::vector<AuthorizedCall> authorized;
  {
    TANDEM_ASSIGN_OR_RETURN(const std::unique_ptr<ServerProcess> server, StartWithRoster(setting));
    const auto channel = common::MakeChannel(server->address());
    TANDEM_ASSIGN_OR_RETURN(const Subjects subjects, FindSubjects(channel));
    TANDEM_ASSIGN_OR_RETURN(authorized, MakeAuthorizedCalls(channel, subjects));
    TANDEM_RETURN_IF_ERROR(MeasureCalls(setting, *server, subjects));
  }
  TANDEM_ASSIGN_OR_RETURN(const std::vector<double> microseconds,
                          AuthorizationMicroseconds(RosterData(setting), authorized));
  absl::PrintF("authorization alone, medians of %d (asked for: under 5 us)\n", kRuns);
  for (size_t i = 0; i < authorized.size(); ++i) {
    absl::PrintF("  %-36s %.2f us\n", authorized[i].who, microseconds[i]);
  }
  return absl::OkStatus();
}

}  // namespace tandem::benchmarks
