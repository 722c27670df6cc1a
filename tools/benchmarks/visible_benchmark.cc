#include <algorithm>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "grpcpp/client_context.h"
#include "services/common/client.h"
#include "services/common/status_conversion.h"
#include "tandem/matching/v1/matching_service.grpc.pb.h"
#include "tandem/profiles/v1/profiles_service.grpc.pb.h"
#include "tools/benchmarks/figures.h"
#include "tools/benchmarks/roster_fixture.h"
#include "tools/benchmarks/service_benchmarks.h"

namespace tandem::benchmarks {
namespace {

using matching::v1::MatchingService;
using profiles::v1::ProfilesService;

constexpr int kChangesPerRun = 50;
constexpr absl::Duration kIdle = absl::Milliseconds(20);  // between two changes

template <typename Stub, typename Request, typename Response>
absl::Status Call(Stub* stub,
                  grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                  const Request& request, Response* response) {
  grpc::ClientContext context;
  common::PrepareCall("benchmark", common::v1::ROLE_STAFF, absl::Seconds(30), &context);
  return common::FromGrpcStatus((stub->*method)(&context, request, response));
}

// From the answer to a change of a mentor until a ranking has it, and how long that ranking took.
struct Wait {
  double until_visible_s = 0;
  double last_ranking_s = 0;
};

absl::StatusOr<Wait> ChangeAndWait(ProfilesService::Stub* profiles, MatchingService::Stub* matching,
                                   const std::string& mentor, const std::string& need) {
  profiles::v1::ConfirmMentorRequest confirm;
  confirm.set_name(mentor);
  profiles::v1::Mentor changed;
  TANDEM_RETURN_IF_ERROR(Call(profiles, &ProfilesService::Stub::ConfirmMentor, confirm, &changed));
  const absl::Time changed_at = absl::Now();
  matching::v1::RankMentorsRequest rank;
  rank.set_need(need);
  rank.set_page_size(1);
  Wait wait;
  matching::v1::RankMentorsResponse answer;
  do {
    const absl::Time asked_at = absl::Now();
    TANDEM_RETURN_IF_ERROR(Call(matching, &MatchingService::Stub::RankMentors, rank, &answer));
    wait.last_ranking_s = SecondsSince(asked_at);
  } while (answer.seen().profiles() < changed.revision());
  wait.until_visible_s = SecondsSince(changed_at);
  return wait;
}

absl::StatusOr<std::vector<std::string>> ListMentors(ProfilesService::Stub* stub, int count) {
  profiles::v1::ListMentorsRequest request;
  request.set_page_size(count);
  request.set_filter("state = \"ACTIVE\"");
  profiles::v1::ListMentorsResponse page;
  TANDEM_RETURN_IF_ERROR(Call(stub, &ProfilesService::Stub::ListMentors, request, &page));
  std::vector<std::string> names;
  for (const auto& mentor : page.mentors()) names.push_back(mentor.name());
  if (names.empty()) return absl::NotFoundError("the roster is empty");
  return names;
}

}  // namespace

absl::Status BenchmarkVisibility(const Setting& setting) {
  TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<ServerProcess> server, StartWithRoster(setting));
  const auto channel = common::MakeChannel(server->address());
  auto profiles = ProfilesService::NewStub(channel);
  auto matching = MatchingService::NewStub(channel);
  TANDEM_ASSIGN_OR_RETURN(const std::vector<std::string> needs, ListNeeds(channel, 1));
  TANDEM_RETURN_IF_ERROR(WaitUntilRanking(channel, needs[0]));
  TANDEM_ASSIGN_OR_RETURN(const std::vector<std::string> mentors,
                          ListMentors(profiles.get(), kChangesPerRun));
  std::vector<double> medians;
  std::vector<double> all;
  std::vector<double> rankings;
  for (int run = 0; run < kRuns; ++run) {
    std::vector<double> visible_ms;
    for (int change = 0; change < kChangesPerRun; ++change) {
      absl::SleepFor(kIdle);
      const std::string& mentor = mentors[static_cast<size_t>(change) % mentors.size()];
      TANDEM_ASSIGN_OR_RETURN(const Wait wait,
                              ChangeAndWait(profiles.get(), matching.get(), mentor, needs[0]));
      visible_ms.push_back(wait.until_visible_s * 1e3);
      rankings.push_back(wait.last_ranking_s * 1e3);
    }
    medians.push_back(Median(visible_ms));
    all.insert(all.end(), visible_ms.begin(), visible_ms.end());
  }
  absl::PrintF(
      "A change is visible to ranking: from the answer to ConfirmMentor to the first RankMentors\n"
      "that names its revision, %d mentors, idle server, min / median / max of %d runs of %d\n"
      "  until visible       %s; p99 %.2f ms, worst %.2f ms (asked for: under 100 ms)\n"
      "  that ranking alone  %.2f ms (median)\n",
      setting.mentors, kRuns, kChangesPerRun, Spread(medians, "ms"), Percentile(all, 0.99),
      *std::max_element(all.begin(), all.end()), Median(rankings));
  return absl::OkStatus();
}

}  // namespace tandem::benchmarks
