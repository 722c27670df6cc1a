#include <filesystem>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "services/common/client.h"
#include "tools/benchmarks/bare_rocksdb.h"
#include "tools/benchmarks/figures.h"
#include "tools/benchmarks/roster_fixture.h"
#include "tools/benchmarks/service_benchmarks.h"

namespace tandem::benchmarks {
namespace {

// Resident memory of a server on an empty folder.
absl::StatusOr<int64_t> EmptyServerBytes(const Setting& setting) {
  const std::string data = setting.scratch + "/empty";
  TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<ServerProcess> server,
                          ServerProcess::Start(setting.tandemd, data));
  const int64_t bytes = server->ResidentBytes();
  server.reset();
  std::filesystem::remove_all(data);
  return bytes;
}

// Opens and reads every database below `data`.
absl::StatusOr<BareScan> ScanAll(const std::string& data) {
  BareScan all;
  for (const auto& file : std::filesystem::recursive_directory_iterator(data)) {
    if (file.path().filename() != "CURRENT") continue;
    TANDEM_ASSIGN_OR_RETURN(const BareScan scan, ScanDatabase(file.path().parent_path()));
    all.seconds += scan.seconds;
    all.keys += scan.keys;
    all.bytes += scan.bytes;
  }
  return all;
}

}  // namespace

absl::Status BenchmarkRestart(const Setting& setting) {
  TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<ServerProcess> server, StartWithRoster(setting));
  TANDEM_ASSIGN_OR_RETURN(const std::vector<std::string> needs,
                          ListNeeds(common::MakeChannel(server->address()), 100));
  std::vector<double> restarts;
  std::vector<double> scans;
  std::vector<double> memory;
  BareScan scan;
  for (int run = 0; run < kRuns; ++run) {
    server.reset();
    TANDEM_ASSIGN_OR_RETURN(scan, ScanAll(RosterData(setting)));
    scans.push_back(scan.seconds);
    const absl::Time start = absl::Now();
    TANDEM_ASSIGN_OR_RETURN(server, ServerProcess::Start(setting.tandemd, RosterData(setting)));
    TANDEM_RETURN_IF_ERROR(WaitUntilRanking(common::MakeChannel(server->address()), needs[0]));
    restarts.push_back(SecondsSince(start));
    memory.push_back(static_cast<double>(server->ResidentBytes()));
  }
  TANDEM_ASSIGN_OR_RETURN(const int64_t empty_bytes, EmptyServerBytes(setting));
  const double limit = 2 * Median(scans) + 1;
  absl::PrintF(
      "restart: %d mentors, from the start of the process to the first ranking, "
      "min / median / max of %d\n"
      "  serving after                   %s (asked for: under %.2f s, twice the scan plus 1 s)\n"
      "  bare scan of the same databases %s, %d keys, %.1f MB\n"
      "  resident memory per mentor      %.0f bytes (a server without mentors subtracted)\n",
      setting.mentors, kRuns, Spread(restarts, "s"), limit, Spread(scans, "s"), scan.keys,
      static_cast<double>(scan.bytes) / 1e6,
      (Median(memory) - static_cast<double>(empty_bytes)) / static_cast<double>(setting.mentors));
  return absl::OkStatus();
}

}  // namespace tandem::benchmarks
