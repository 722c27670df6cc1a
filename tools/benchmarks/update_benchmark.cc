#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "google/protobuf/message.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/byte_buffer.h"
#include "services/common/client.h"
#include "services/common/status_conversion.h"
#include "tandem/profiles/v1/profiles_service.grpc.pb.h"
#include "tools/benchmarks/bare_rocksdb.h"
#include "tools/benchmarks/empty_call.h"
#include "tools/benchmarks/figures.h"
#include "tools/benchmarks/grpc_load.h"
#include "tools/benchmarks/roster_fixture.h"
#include "tools/benchmarks/service_benchmarks.h"
#include "tools/benchmarks/store_writes.h"

namespace tandem::benchmarks {
namespace {

using profiles::v1::Mentor;
using profiles::v1::ProfilesService;

constexpr int kClients = 32;
constexpr absl::Duration kDuration = absl::Seconds(5);

absl::StatusOr<std::vector<Mentor>> FirstMentors(ProfilesService::Stub* stub) {
  grpc::ClientContext context;
  common::PrepareCall("benchmark", common::v1::ROLE_STAFF, absl::Seconds(30), &context);
  profiles::v1::ListMentorsRequest request;
  request.set_page_size(kClients);
  profiles::v1::ListMentorsResponse response;
  TANDEM_RETURN_IF_ERROR(common::FromGrpcStatus(stub->ListMentors(&context, request, &response)));
  if (response.mentors_size() < kClients) return absl::FailedPreconditionError("too few mentors");
  return std::vector<Mentor>(response.mentors().begin(), response.mentors().end());
}

grpc::ByteBuffer BytesOf(const google::protobuf::Message& message) {
  const grpc::Slice slice(message.SerializeAsString());
  return grpc::ByteBuffer(&slice, 1);
}

// Each client changes the hours of its own mentor again and again.
absl::StatusOr<double> UpdatesPerSecond(const std::string& address, int run) {
  auto stub = ProfilesService::NewStub(common::MakeChannel(address));
  TANDEM_ASSIGN_OR_RETURN(const std::vector<Mentor> mentors, FirstMentors(stub.get()));
  const std::string prefix = absl::StrCat("update-", run, "-", absl::ToUnixMicros(absl::Now()));
  const auto request_of = [&](int client, int64_t number) {
    profiles::v1::UpdateMentorRequest request;
    request.mutable_mentor()->set_name(mentors[static_cast<size_t>(client)].name());
    request.mutable_mentor()->mutable_availability()->set_hours_per_month(
        static_cast<int>(1 + (number % 100)));
    request.mutable_update_mask()->add_paths("availability.hours_per_month");
    request.set_request_id(absl::StrCat(prefix, "-", client, "-", number));
    return BytesOf(request);
  };
  return GrpcCallsPerSecond({address, "/tandem.profiles.v1.ProfilesService/UpdateMentor", kClients,
                             kDuration, request_of});
}

// Empty calls that as many clients get answered: what gRPC leaves over for updates.
absl::StatusOr<double> EmptyCallsPerSecond(const std::string& address) {
  return GrpcCallsPerSecond({address, kEmptyMethod, kClients, kDuration,
                             [](int /*client*/, int64_t /*number*/) { return EmptyMessage(); }});
}

// Bytes of all write-ahead logs below `folder`.
int64_t LogBytes(const std::string& folder) {
  int64_t bytes = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    if (file.path().extension() == ".log") bytes += static_cast<int64_t>(file.file_size());
  }
  return bytes;
}

}  // namespace

absl::Status BenchmarkUpdates(const Setting& setting) {
  std::vector<double> rates;
  std::vector<double> bare;
  std::vector<double> stored;
  std::vector<double> empty;
  int64_t bytes_per_update = 0;
  TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<ServerProcess> server, StartWithRoster(setting));
  for (int run = 0; run < kRuns; ++run) {
    const int64_t before = LogBytes(RosterData(setting) + "/profiles");
    TANDEM_ASSIGN_OR_RETURN(const double rate, UpdatesPerSecond(server->address(), run));
    const int64_t grown = LogBytes(RosterData(setting) + "/profiles") - before;
    const double updates = rate * absl::ToDoubleSeconds(kDuration);
    // A log that was rolled over meanwhile shows less than was written: the most of all runs
    // counts.
    bytes_per_update =
        std::max(bytes_per_update, static_cast<int64_t>(static_cast<double>(grown) / updates));
    rates.push_back(rate);
    TANDEM_ASSIGN_OR_RETURN(const double raw,
                            BareSyncedWritesPerSecond(setting.scratch + "/bare", kClients,
                                                      bytes_per_update, kDuration));
    bare.push_back(raw);
    TANDEM_ASSIGN_OR_RETURN(
        const double commits,
        StoreCommitsPerSecond(setting.scratch + "/store", kClients, bytes_per_update, kDuration));
    stored.push_back(commits);
    TANDEM_ASSIGN_OR_RETURN(const double calls, EmptyCallsPerSecond(server->address()));
    empty.push_back(calls);
  }
  const double bound = 1 / (1 / Median(empty) + 1 / Median(stored));
  absl::PrintF(
      "durable single updates: %d clients, %d bytes in the log per update, min / median / max of "
      "%d\n"
      "  updates per second, all of the API     %s\n"
      "  empty calls per second, same server    %s\n"
      "  commits per second, the store alone    %s\n"
      "  bare RocksDB, %d threads, same bytes   %s\n"
      "  ratio of the medians to bare RocksDB   %.3f for the API (asked for: 0.7), %.3f for the "
      "store, %.3f for empty calls\n"
      "  bound: an empty call and a commit, each in its own time on the same processor, leave "
      "%.0f/s, %.3f of bare RocksDB; updates come to %.2f of the bound\n",
      kClients, bytes_per_update, kRuns, Spread(rates, "/s"), Spread(empty, "/s"),
      Spread(stored, "/s"), kClients, Spread(bare, "/s"), Median(rates) / Median(bare),
      Median(stored) / Median(bare), Median(empty) / Median(bare), bound, bound / Median(bare),
      Median(rates) / bound);
  return absl::OkStatus();
}

}  // namespace tandem::benchmarks
