// `tools/bench` starts this: the foundation's figures, each beside a raw figure of the same run.
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "tools/benchmarks/bare_server.h"
#include "tools/benchmarks/figures.h"
#include "tools/benchmarks/idle_server.h"
#include "tools/benchmarks/service_benchmarks.h"
#include "tools/benchmarks/slow_disk.h"

int main(int argc, char** argv) {
  using tandem::benchmarks::Setting;
  CLI::App app("Measures a real tandemd from outside, beside raw figures of the same run");
  Setting setting;
  std::vector<std::string> chosen;
  app.add_option("--tandemd", setting.tandemd, "The server program");
  app.add_option("--tandem", setting.tandem, "The command line program");
  app.add_option("--sample", setting.sample, "Folder with policy.json");
  app.add_option("--scratch", setting.scratch, "An empty folder on the disk to measure");
  int64_t bare_bytes = -1;
  app.add_option("--bare-server", bare_bytes,
                 "Only serve, by gRPC alone: answer every call with so many bytes, until SIGTERM");
  int64_t idle_bytes = -1;
  app.add_option("--idle-server", idle_bytes,
                 "The same by a server of Tandem's kind, with its threads, roles and limits");
  app.add_option("--mentors", setting.mentors, "Mentors to generate")->capture_default_str();
  app.add_option("--needs", setting.needs, "Need items to generate")->capture_default_str();
  app.add_option("--sync-delay-us", setting.sync_delay_us,
                 "Each sync takes so many microseconds longer, in Tandem and beside it")
      ->check(CLI::Range(0, 1'000'000));
  app.add_option("benchmark", chosen,
                 "import, updates, rank, visible, restart, calls; none means all");
  CLI11_PARSE(app, argc, argv);
  // As in tandemd: Debian's Abseil otherwise searches for deadlocks at each mutex.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  if (bare_bytes >= 0) return tandem::benchmarks::RunBareServer(bare_bytes);
  if (idle_bytes >= 0) return tandem::benchmarks::RunIdleServer(idle_bytes);
  setting.self = std::filesystem::canonical("/proc/self/exe");
  absl::Status status;
  if (setting.sync_delay_us > 0) {
    status = tandem::benchmarks::DelaySyncs(setting.sync_delay_us, argv);
  }

  const std::vector<std::pair<std::string, absl::Status (*)(const Setting&)>> benchmarks = {
      {"import", tandem::benchmarks::BenchmarkImport},
      {"updates", tandem::benchmarks::BenchmarkUpdates},
      {"rank", tandem::benchmarks::BenchmarkRanking},
      {"visible", tandem::benchmarks::BenchmarkVisibility},
      {"restart", tandem::benchmarks::BenchmarkRestart},
      {"calls", tandem::benchmarks::BenchmarkCalls},
  };
  std::filesystem::create_directories(setting.scratch);
  std::cout << tandem::benchmarks::DescribeMachine() << std::flush;
  if (setting.sync_delay_us > 0) {
    std::cout << "each sync of a file takes " << setting.sync_delay_us
              << " us longer than this disk needs\n";
  }
  status.Update(tandem::benchmarks::GenerateFiles(setting));
  for (const auto& [name, run] : benchmarks) {
    if (!status.ok()) break;
    if (!chosen.empty() && std::find(chosen.begin(), chosen.end(), name) == chosen.end()) continue;
    status = run(setting);
    std::fflush(stdout);
  }
  if (status.ok()) return 0;
  std::cerr << "bench: " << status.message() << "\n";
  return 1;
}
