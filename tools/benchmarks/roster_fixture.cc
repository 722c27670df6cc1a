#include "tools/benchmarks/roster_fixture.h"

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "grpcpp/client_context.h"
#include "services/common/client.h"
#include "services/common/status_conversion.h"
#include "tandem/matching/v1/matching_service.grpc.pb.h"
#include "tandem/needs/v1/needs_service.grpc.pb.h"

namespace tandem::benchmarks {
namespace {

absl::Status Tandem(const Setting& setting, const ServerProcess& server, const std::string& role,
                    const std::vector<std::string>& arguments) {
  std::vector<std::string> all = {
      setting.tandem, "--address", server.address(), "--as", "benchmark", "--role", role};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return Run(all);
}

std::string Csv(const Setting& setting, const std::string& name) {
  return absl::StrCat(setting.scratch, "/csv/", name, ".csv");
}

absl::Status ImportEverything(const Setting& setting, const ServerProcess& server) {
  TANDEM_RETURN_IF_ERROR(ImportOrganisations(setting, server));
  TANDEM_RETURN_IF_ERROR(ImportMentors(setting, server));
  TANDEM_RETURN_IF_ERROR(Tandem(setting, server, "staff",
                                {"import", "programme", setting.scratch + "/csv/programme.json"}));
  TANDEM_RETURN_IF_ERROR(
      Tandem(setting, server, "staff", {"import", "assessments", Csv(setting, "assessments")}));
  TANDEM_RETURN_IF_ERROR(
      Tandem(setting, server, "staff", {"policy", "create", setting.sample + "/policy.json"}));
  return Tandem(setting, server, "approver", {"policy", "publish", "policies/ldc/versions/1"});
}

}  // namespace

std::string RosterData(const Setting& setting) { return setting.scratch + "/roster"; }

absl::Status ImportOrganisations(const Setting& setting, const ServerProcess& server) {
  return Tandem(setting, server, "staff",
                {"import", "organisations", Csv(setting, "organisations")});
}

absl::Status ImportMentors(const Setting& setting, const ServerProcess& server) {
  return Tandem(setting, server, "staff", {"import", "mentors", Csv(setting, "mentors")});
}

absl::StatusOr<std::unique_ptr<ServerProcess>> StartWithRoster(const Setting& setting) {
  const bool fresh = !std::filesystem::exists(RosterData(setting));
  TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<ServerProcess> server,
                          ServerProcess::Start(setting.tandemd, RosterData(setting)));
  if (fresh) TANDEM_RETURN_IF_ERROR(ImportEverything(setting, *server));
  return server;
}

absl::StatusOr<std::vector<std::string>> ListNeeds(const std::shared_ptr<grpc::Channel>& channel,
                                                   int count) {
  auto stub = needs::v1::NeedsService::NewStub(channel);
  grpc::ClientContext context;
  common::PrepareCall("benchmark", common::v1::ROLE_STAFF, absl::Seconds(30), &context);
  needs::v1::ListEngagementRequestsRequest request;
  request.set_page_size(count);
  needs::v1::ListEngagementRequestsResponse response;
  TANDEM_RETURN_IF_ERROR(
      common::FromGrpcStatus(stub->ListEngagementRequests(&context, request, &response)));
  std::vector<std::string> names;
  for (const auto& need : response.engagement_requests()) {
    if (need.roles_size() == 1) names.push_back(need.name());
  }
  if (names.empty()) return absl::FailedPreconditionError("no request with a single role");
  return names;
}

absl::Status WaitUntilRanking(const std::shared_ptr<grpc::Channel>& channel,
                              const std::string& need) {
  auto stub = matching::v1::MatchingService::NewStub(channel);
  const absl::Time give_up = absl::Now() + absl::Seconds(120);
  while (true) {
    grpc::ClientContext context;
    common::PrepareCall("benchmark", common::v1::ROLE_STAFF, absl::Seconds(30), &context);
    matching::v1::RankMentorsRequest request;
    request.set_need(need);
    matching::v1::RankMentorsResponse response;
    const absl::Status status =
        common::FromGrpcStatus(stub->RankMentors(&context, request, &response));
    if (status.ok() || absl::Now() > give_up) return status;
    absl::SleepFor(absl::Milliseconds(5));
  }
}

}  // namespace tandem::benchmarks
