// Random and spoiled requests on every RPC, as each role, over the wire. No request may crash or
// hang a service or make it answer INTERNAL, UNKNOWN or DATA_LOSS; every error has a reason that
// the catalogue holds, with a code that it states; and a call that was refused writes nothing.
//
//   bazel test //tests/boundary:boundary_fuzz_test
//   bazel run  //tests/boundary:boundary_fuzz_test -- --executions 1000000 --seconds 1200 --seed 7
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "base/status_matchers.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/stubs/logging.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "tandem/profiles/v1/mentor_requests.pb.h"
#include "tests/access/raw_call.h"
#include "tests/access/world.h"
#include "tests/boundary/fuzz_worker.h"
#include "tests/boundary/wire_caller.h"
#include "tests/boundary/write_ledger.h"

namespace tandem::tests {
namespace {

struct Setting {
  uint64_t seed = 20261126;
  int64_t executions = 1'000'000'000;
  int64_t seconds = 35;
  int workers = 8;
};
Setting& TheSetting() {
  static auto* const setting = new Setting;
  return *setting;
}

// A new world after so many calls, so that what was created does not slow listings down.
constexpr int64_t kCallsPerWorld = 50'000;
// Between two looks into the feeds.
constexpr int64_t kCallsPerBatch = 4'000;

// The documented calls, with the names of this world.
google::protobuf::Struct ReadExamples(const World& world) {
  std::ifstream file("tools/docs/examples.json");
  EXPECT_TRUE(file.good()) << "tools/docs/examples.json must be in the runfiles";
  std::stringstream text;
  text << file.rdbuf();
  const std::string json =
      absl::StrReplaceAll(text.str(), {{"$MENTOR", world.mentors()[0]},
                                       {"$ORGANISATION", world.organisations()[0]},
                                       {"$PROGRAMME", world.objects("programme")[0].name},
                                       {"$ASSESSMENT", world.objects("assessment")[0].name},
                                       {"$REQUEST", world.objects("request")[0].name},
                                       {"$MATCH_TO_REJECT", world.objects("match")[2].name},
                                       {"$MATCH", world.objects("match")[0].name}});
  google::protobuf::Struct examples;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &examples).ok());
  return examples;
}

std::vector<FuzzTarget> TargetsOf(World& world) {
  const google::protobuf::Struct examples = ReadExamples(world);
  std::vector<FuzzTarget> targets;
  for (const auto& [name, method] : world.registry().methods()) {
    FuzzTarget target;
    target.name = name;
    target.method = MethodOf(name);
    if (target.method == nullptr) continue;
    const bool google_read = absl::StrContains(name, "Operations/Get") ||
                             absl::StrContains(name, "Operations/List") ||
                             absl::StrContains(name, "Operations/Wait");
    target.writes = !method.streaming && !google_read &&
                    target.method->options().idempotency_level() !=
                        google::protobuf::MethodOptions::NO_SIDE_EFFECTS;
    const auto found = examples.fields().find(name);
    if (found != examples.fields().end()) {
      std::string json;
      std::unique_ptr<google::protobuf::Message> request = method.new_request();
      EXPECT_TRUE(google::protobuf::util::MessageToJsonString(found->second, &json).ok());
      EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, request.get()).ok()) << name;
      target.example = request->SerializeAsString();
    }
    targets.push_back(std::move(target));
  }
  return targets;
}

struct Totals {
  int64_t executions = 0;
  int64_t changes = 0;
  FuzzCounts counts;
  std::vector<std::string> faults;
};

// All workers at once, each with its share of a batch.
void RunBatch(std::vector<std::unique_ptr<FuzzWorker>>& workers, int64_t calls) {
  std::vector<std::thread> threads;
  threads.reserve(workers.size());
  const auto share = static_cast<int64_t>(workers.size());
  for (auto& worker : workers) {
    threads.emplace_back([&worker, calls, share] { worker->Run((calls + share - 1) / share); });
  }
  for (std::thread& thread : threads) thread.join();
}

void FuzzOneWorld(uint64_t seed, absl::Time until, int64_t calls, Totals* totals) {
  World world(/*count=*/20, seed);
  const std::vector<FuzzTarget> targets = TargetsOf(world);
  WriteLedger ledger(world.server().InProcessChannel());
  ledger.Begin();
  std::vector<std::unique_ptr<FuzzWorker>> workers;
  for (int i = 0; i < TheSetting().workers; ++i) {
    const uint64_t own_seed = seed * 1000 + static_cast<uint64_t>(i);
    workers.push_back(std::make_unique<FuzzWorker>(&world, &targets, &ledger, own_seed, i));
  }
  while (calls > 0 && absl::Now() < until && totals->faults.empty()) {
    const int64_t batch = std::min(calls, kCallsPerBatch);
    RunBatch(workers, batch);
    calls -= batch;
    totals->executions += batch;
    for (const std::string& fault : ledger.Read()) totals->faults.push_back(fault);
    for (const auto& worker : workers) {
      totals->faults.insert(totals->faults.end(), worker->faults().begin(), worker->faults().end());
    }
  }
  totals->changes += ledger.changes();
  for (const auto& worker : workers) {
    const FuzzCounts& counts = worker->counts();
    for (const auto& [code, count] : counts.by_code) totals->counts.by_code[code] += count;
    totals->counts.succeeded.insert(counts.succeeded.begin(), counts.succeeded.end());
    totals->counts.slowest = std::max(totals->counts.slowest, counts.slowest);
  }
}

TEST(WriteLedgerTest, AChangeOfACallWithoutLeaveIsAFault) {
  World world(/*count=*/0, /*seed=*/1);
  const auto channel = world.server().InProcessChannel();
  WriteLedger ledger(channel);
  ledger.Begin();
  EXPECT_TRUE(ledger.Read().empty());
  for (const char* actor : {"with-leave", "without-leave"}) {
    WireCall call;
    call.method = "tandem.profiles.v1.ProfilesService/DeactivateMentor";
    call.principal.actor = actor;
    call.principal.role = common::v1::ROLE_ADMIN;
    profiles::v1::DeactivateMentorRequest request;
    request.set_name(world.mentors()[actor == std::string("with-leave") ? 0 : 1]);
    call.request = request.SerializeAsString();
    call.timeout = absl::Seconds(60);
    TANDEM_ASSERT_OK(SendCall(channel, call).status);
  }
  ledger.Allow("with-leave");

  const std::vector<std::string> faults = ledger.Read();

  ASSERT_EQ(faults.size(), 1u);
  EXPECT_TRUE(absl::StrContains(faults[0], "without-leave")) << faults[0];
}

TEST(BoundaryFuzzTest, NoRequestBreaksAServiceAndNoRefusedOneWrites) {
  const Setting& setting = TheSetting();
  std::printf("seed %llu: run again with --seed %llu\n",
              static_cast<unsigned long long>(setting.seed),
              static_cast<unsigned long long>(setting.seed));
  std::fflush(stdout);
  // Invalid UTF-8 would fill the log with protobuf's complaints.
  google::protobuf::SetLogHandler(nullptr);
  const absl::Time start = absl::Now();
  const absl::Time until = start + absl::Seconds(setting.seconds);
  Totals totals;
  for (uint64_t round = 0; totals.executions < setting.executions && absl::Now() < until &&
                           totals.faults.empty() && !HasFatalFailure();
       ++round) {
    const int64_t calls = std::min(kCallsPerWorld, setting.executions - totals.executions);
    FuzzOneWorld(setting.seed + round, until, calls, &totals);
  }
  const double seconds = absl::ToDoubleSeconds(absl::Now() - start);
  std::printf("%lld executions in %.1f s (%.0f /s), %lld changes written, slowest call %s\n",
              static_cast<long long>(totals.executions), seconds,
              static_cast<double>(totals.executions) / seconds,
              static_cast<long long>(totals.changes),
              absl::FormatDuration(totals.counts.slowest).c_str());
  for (const auto& [code, count] : totals.counts.by_code) {
    std::printf("  %-20s %lld\n", code.c_str(), static_cast<long long>(count));
  }
  std::printf("  %zu methods succeeded at least once\n", totals.counts.succeeded.size());
  for (const std::string& fault : totals.faults) ADD_FAILURE() << fault;
  EXPECT_GT(totals.executions, 0);
  EXPECT_GT(totals.changes, 0) << "nothing was let in, so nothing was tried";
}

}  // namespace

// Keeps the setting inside of the file: main may only fill it.
int RunAllTests(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  CLI::App app("Fuzzes every RPC of a server that holds all services");
  Setting& setting = TheSetting();
  app.add_option("--seed", setting.seed, "Of the random requests")->capture_default_str();
  app.add_option("--executions", setting.executions, "Calls at most")->capture_default_str();
  app.add_option("--seconds", setting.seconds, "Ends after")->capture_default_str();
  app.add_option("--workers", setting.workers, "Callers at once")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  return RUN_ALL_TESTS();
}

}  // namespace tandem::tests

int main(int argc, char** argv) { return tandem::tests::RunAllTests(argc, argv); }
