#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "grpcpp/client_context.h"
#include "grpcpp/impl/client_unary_call.h"
#include "grpcpp/impl/rpc_method.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/slice.h"
#include "services/common/client.h"
#include "services/common/status_conversion.h"
#include "tandem/matching/v1/matching_service.grpc.pb.h"
#include "tools/benchmarks/empty_call.h"
#include "tools/benchmarks/figures.h"
#include "tools/benchmarks/roster_fixture.h"
#include "tools/benchmarks/service_benchmarks.h"

namespace tandem::benchmarks {
namespace {

using matching::v1::MatchingService;

constexpr int kCallsPerRun = 200;

absl::StatusOr<double> RankSeconds(MatchingService::Stub* stub, const std::string& need) {
  grpc::ClientContext context;
  common::PrepareCall("benchmark", common::v1::ROLE_STAFF, absl::Seconds(30), &context);
  matching::v1::RankMentorsRequest request;
  request.set_need(need);
  request.set_page_size(10);
  matching::v1::RankMentorsResponse response;
  const absl::Time start = absl::Now();
  TANDEM_RETURN_IF_ERROR(common::FromGrpcStatus(stub->RankMentors(&context, request, &response)));
  return SecondsSince(start);
}

}  // namespace

absl::Status BenchmarkRanking(const Setting& setting) {
  TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<ServerProcess> server, StartWithRoster(setting));
  const auto channel = common::MakeChannel(server->address());
  auto stub = MatchingService::NewStub(channel);
  TANDEM_ASSIGN_OR_RETURN(const std::vector<std::string> needs, ListNeeds(channel, 100));
  TANDEM_RETURN_IF_ERROR(WaitUntilRanking(channel, needs[0]));
  std::vector<double> ranking;
  std::vector<double> empty;
  for (int run = 0; run < kRuns; ++run) {
    std::vector<double> rank_ms;
    std::vector<double> empty_ms;
    for (int call = 0; call < kCallsPerRun; ++call) {
      const std::string& need = needs[static_cast<size_t>(call) % needs.size()];
      TANDEM_ASSIGN_OR_RETURN(const double rank_s, RankSeconds(stub.get(), need));
      TANDEM_ASSIGN_OR_RETURN(const double empty_s, EmptySeconds(channel));
      rank_ms.push_back(rank_s * 1e3);
      empty_ms.push_back(empty_s * 1e3);
    }
    ranking.push_back(Median(rank_ms));
    empty.push_back(Median(empty_ms));
  }
  absl::PrintF(
      "RankMentors: 10 of %d mentors, %d needs in turn, p50 of %d calls, min / median / max of %d\n"
      "  unary call                  %s\n"
      "  empty call, same server     %s\n"
      "  difference of the medians   %.3f ms: the server's side (asked for: under 5 ms)\n",
      setting.mentors, needs.size(), kCallsPerRun, kRuns, Spread(ranking, "ms"),
      Spread(empty, "ms"), Median(ranking) - Median(empty));
  return absl::OkStatus();
}

}  // namespace tandem::benchmarks
