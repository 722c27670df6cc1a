#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "tools/benchmarks/bare_rocksdb.h"
#include "tools/benchmarks/figures.h"
#include "tools/benchmarks/programs.h"
#include "tools/benchmarks/roster_fixture.h"
#include "tools/benchmarks/service_benchmarks.h"

namespace tandem::benchmarks {
namespace {

constexpr int kRowsPerBatch = 1000;       // as the import sends them
constexpr int64_t kBytesPerMentor = 800;  // roughly what a mentor's records take

}  // namespace

absl::Status GenerateFiles(const Setting& setting) {
  return Run({setting.tandem, "generate", "--mentors", absl::StrCat(setting.mentors), "--needs",
              absl::StrCat(setting.needs), "--seed", "20261122", "--out",
              setting.scratch + "/csv"});
}

absl::Status BenchmarkImport(const Setting& setting) {
  std::vector<double> rates;
  std::vector<double> bare;
  for (int run = 0; run < kRuns; ++run) {
    const std::string data = setting.scratch + "/import";
    std::filesystem::remove_all(data);
    TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<ServerProcess> server,
                            ServerProcess::Start(setting.tandemd, data));
    TANDEM_RETURN_IF_ERROR(ImportOrganisations(setting, *server));
    const absl::Time start = absl::Now();
    TANDEM_RETURN_IF_ERROR(ImportMentors(setting, *server));
    rates.push_back(static_cast<double>(setting.mentors) / SecondsSince(start));
    server.reset();
    std::filesystem::remove_all(data);
    TANDEM_ASSIGN_OR_RETURN(
        double batches,
        BareSyncedWritesPerSecond(data, 1, kRowsPerBatch * kBytesPerMentor, absl::Seconds(2)));
    bare.push_back(batches * kRowsPerBatch);
  }
  absl::PrintF(
      "import: %d mentors by the command line, min / median / max of %d\n"
      "  rows per second                        %s (asked for: 5000)\n"
      "  bare synced writes of %d-row batches %s\n"
      "  ratio of the medians                   %.4f\n",
      setting.mentors, kRuns, Spread(rates, "rows/s"), kRowsPerBatch, Spread(bare, "rows/s"),
      Median(rates) / Median(bare));
  return absl::OkStatus();
}

}  // namespace tandem::benchmarks
