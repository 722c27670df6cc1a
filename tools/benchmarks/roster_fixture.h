// A server with the generated roster loaded: what most benchmarks start from.
#ifndef TOOLS_BENCHMARKS_ROSTER_FIXTURE_H_
#define TOOLS_BENCHMARKS_ROSTER_FIXTURE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "grpcpp/channel.h"
#include "tools/benchmarks/programs.h"
#include "tools/benchmarks/service_benchmarks.h"

namespace tandem::benchmarks {

// The folder of the database that all benchmarks but the import's share.
std::string RosterData(const Setting& setting);

// Starts a server on RosterData(), importing everything generated into it the first time.
absl::StatusOr<std::unique_ptr<ServerProcess>> StartWithRoster(const Setting& setting);

// `tandem --address ADDRESS import mentors FILE` and so on, in the order that references need.
absl::Status ImportOrganisations(const Setting& setting, const ServerProcess& server);
absl::Status ImportMentors(const Setting& setting, const ServerProcess& server);

// The names of up to `count` engagement requests that have a single role.
absl::StatusOr<std::vector<std::string>> ListNeeds(const std::shared_ptr<grpc::Channel>& channel,
                                                   int count);

// Calls RankMentors for `need` until the server's index is complete.
absl::Status WaitUntilRanking(const std::shared_ptr<grpc::Channel>& channel,
                              const std::string& need);

}  // namespace tandem::benchmarks

#endif  // TOOLS_BENCHMARKS_ROSTER_FIXTURE_H_
