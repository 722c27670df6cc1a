#include <atomic>
#include <filesystem>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "grpcpp/client_context.h"
#include "services/common/client.h"
#include "services/common/status_conversion.h"
#include "tandem/profiles/v1/profiles_service.grpc.pb.h"
#include "tools/benchmarks/bare_rocksdb.h"
#include "tools/benchmarks/empty_call.h"
#include "tools/benchmarks/figures.h"
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

// One client: changes the hours of its own mentor again and again.
int64_t UpdateUntil(ProfilesService::Stub* stub, const std::string& name, int client, int run,
                    absl::Time end) {
  profiles::v1::UpdateMentorRequest request;
  request.mutable_mentor()->set_name(name);
  request.mutable_update_mask()->add_paths("availability.hours_per_month");
  int64_t done = 0;
  for (; absl::Now() < end; ++done) {
    request.mutable_mentor()->mutable_availability()->set_hours_per_month(
        static_cast<int>(1 + (done % 100)));
    request.set_request_id(
        absl::StrCat("update-", run, "-", client, "-", done, "-", absl::ToUnixMicros(end)));
    grpc::ClientContext context;
    common::PrepareCall("benchmark", common::v1::ROLE_STAFF, absl::Seconds(30), &context);
    Mentor answer;
    if (!stub->UpdateMentor(&context, request, &answer).ok()) return -1;
  }
  return done;
}

absl::StatusOr<double> UpdatesPerSecond(const std::string& address, int run) {
  auto stub = ProfilesService::NewStub(common::MakeChannel(address));
  TANDEM_ASSIGN_OR_RETURN(const std::vector<Mentor> mentors, FirstMentors(stub.get()));
  std::atomic<int64_t> updates = 0;
  std::atomic<bool> failed = false;
  const absl::Time start = absl::Now();
  std::vector<std::thread> clients;
  for (int c = 0; c < kClients; ++c) {
    clients.emplace_back([&, c] {
      const int64_t done = UpdateUntil(stub.get(), mentors[static_cast<size_t>(c)].name(), c, run,
                                       start + kDuration);
      if (done < 0) failed = true;
      updates += done;
    });
  }
  for (std::thread& client : clients) client.join();
  if (failed) return absl::InternalError("an update was refused");
  return static_cast<double>(updates) / SecondsSince(start);
}

// Empty calls that as many clients get answered: what gRPC leaves over for updates.
absl::StatusOr<double> EmptyCallsPerSecond(const std::string& address) {
  const auto channel = common::MakeChannel(address);
  std::atomic<int64_t> calls = 0;
  std::atomic<bool> failed = false;
  const absl::Time start = absl::Now();
  std::vector<std::thread> clients;
  for (int c = 0; c < kClients; ++c) {
    clients.emplace_back([&] {
      for (; absl::Now() - start < kDuration; ++calls) {
        if (!EmptySeconds(channel).ok()) {
          failed = true;
          return;
        }
      }
    });
  }
  for (std::thread& client : clients) client.join();
  if (failed) return absl::InternalError("an empty call was refused");
  return static_cast<double>(calls) / SecondsSince(start);
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
    // A log that was rolled over meanwhile says nothing; the first run's figure is taken then.
    if (grown > 0) bytes_per_update = static_cast<int64_t>(static_cast<double>(grown) / updates);
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
  absl::PrintF(
      "durable single updates: %d clients, %d bytes in the log per update, min / median / max of "
      "%d\n"
      "  updates per second, all of the API     %s\n"
      "  empty calls per second, same server    %s\n"
      "  commits per second, the store alone    %s\n"
      "  bare RocksDB, %d threads, same bytes   %s\n"
      "  ratio of the medians to bare RocksDB   %.3f for the API (asked for: 0.7), %.3f for the "
      "store, %.3f for empty calls\n",
      kClients, bytes_per_update, kRuns, Spread(rates, "/s"), Spread(empty, "/s"),
      Spread(stored, "/s"), kClients, Spread(bare, "/s"), Median(rates) / Median(bare),
      Median(stored) / Median(bare), Median(empty) / Median(bare));
  return absl::OkStatus();
}

}  // namespace tandem::benchmarks
