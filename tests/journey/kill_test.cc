// tandemd is killed (SIGKILL) while it solves a cohort and while a load is imported: the run is
// taken up again, nothing is proposed by halves, nothing acknowledged is lost, and the audit log
// misses nothing.
#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/child_process.h"
#include "base/status_matchers.h"
#include "base/temp_dir.h"
#include "gmock/gmock.h"
#include "google/longrunning/operations.grpc.pb.h"
#include "google/protobuf/util/json_util.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "services/common/client.h"
#include "tandem/audit/v1/audit_service.pb.h"
#include "tandem/matching/v1/cohort.pb.h"
#include "tandem/matching/v1/matching_service.grpc.pb.h"
#include "tests/journey/deployment.h"

namespace tandem::journey {
namespace {

using ::google::longrunning::Operation;
using ::google::longrunning::Operations;
using ::testing::HasSubstr;

constexpr absl::Duration kGuard = absl::Minutes(2);

class JourneyKillTest : public ::testing::Test {
 protected:
  void SetUp() override { TANDEM_ASSERT_OK(deployment_.Start()); }

  base::Finished Tandem(const std::vector<std::string>& arguments) {
    std::vector<std::string> all = {"tools/tandem", "--as", "amina"};
    const std::vector<std::string> address = deployment_.AddressOptions();
    all.insert(all.end(), address.begin(), address.end());
    all.insert(all.end(), arguments.begin(), arguments.end());
    absl::StatusOr<base::Finished> finished = base::RunProgram(all);
    EXPECT_TRUE(finished.ok()) << finished.status();
    return finished.ok() ? *std::move(finished) : base::Finished();
  }

  std::string Succeed(const std::vector<std::string>& arguments) {
    const base::Finished finished = Tandem(arguments);
    EXPECT_EQ(finished.exit_code, 0) << finished.output << finished.errors;
    return finished.output;
  }

  void KillAndRestart() {
    deployment_.Kill();
    TANDEM_ASSERT_OK(deployment_.Start());
  }

  std::shared_ptr<grpc::Channel> Channel() {
    return common::MakeChannel(deployment_.AddressOptions()[1]);
  }

  // A programme of 1,500 mentors and 400 needs, whose cohort takes over a second to decide.
  void ImportGenerated() {
    const std::string out = folder_.Join("generated");
    Succeed({"generate", "--mentors", "1500", "--needs", "400", "--seed", "5", "--out", out});
    Succeed({"import", "programme", out + "/programme.json"});
    Succeed({"import", "organisations", out + "/organisations.csv"});
    Succeed({"import", "mentors", out + "/mentors.csv"});
    Succeed({"import", "assessments", out + "/assessments.csv"});
    Succeed({"policy", "create", "tools/sample/policy.json"});
    Succeed({"policy", "publish", "ldc/1"});
  }

  Operation StartSolving(const std::string& cohort) {
    grpc::ClientContext context;
    common::PrepareCall("amina", common::v1::ROLE_STAFF, kGuard, &context);
    matching::v1::SolveCohortRequest request;
    request.set_name(cohort);
    Operation operation;
    const grpc::Status status = matching::v1::MatchingService::NewStub(Channel())->SolveCohort(
        &context, request, &operation);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return operation;
  }

  Operation GetOperation(const std::string& name) {
    grpc::ClientContext context;
    common::PrepareCall("amina", common::v1::ROLE_STAFF, kGuard, &context);
    google::longrunning::GetOperationRequest request;
    request.set_name(name);
    Operation operation;
    const grpc::Status status =
        Operations::NewStub(Channel())->GetOperation(&context, request, &operation);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return operation;
  }

  // Waits until the run decides about pairs; false when it is done already.
  bool WaitUntilDeciding(const std::string& operation) {
    const absl::Time give_up = absl::Now() + kGuard;
    while (absl::Now() < give_up) {
      const Operation now = GetOperation(operation);
      matching::v1::SolveCohortMetadata metadata;
      now.metadata().UnpackTo(&metadata);
      if (now.done()) return false;
      if (metadata.step() == "eligibility" || metadata.step() == "solving") return true;
      absl::SleepFor(absl::Milliseconds(5));
    }
    return false;
  }

  Operation WaitUntilDone(const std::string& name) {
    const absl::Time give_up = absl::Now() + kGuard;
    Operation operation = GetOperation(name);
    while (!operation.done() && absl::Now() < give_up) {
      absl::SleepFor(absl::Milliseconds(50));
      operation = GetOperation(name);
    }
    EXPECT_TRUE(operation.done());
    return operation;
  }

  const base::TempDir folder_;
  Deployment deployment_{Shape::kOneProcess, folder_.Join("data")};
};

TEST_F(JourneyKillTest, ARunThatAKillEndedIsTakenUpAgainAndEndsUnderItsName) {
  ImportGenerated();
  Succeed({"cohort", "create", "C-KILL", "--programme", "G-PROGRAMME", "--at", "2026-12-01"});
  const std::string json = Succeed({"--format", "json", "cohort", "list"});
  const size_t at = json.find("cohorts/");
  ASSERT_NE(at, std::string::npos) << json;
  const std::string cohort = json.substr(at, json.find('"', at) - at);
  const Operation operation = StartSolving(cohort);
  ASSERT_TRUE(WaitUntilDeciding(operation.name())) << "the run was over before the kill";

  KillAndRestart();

  const Operation after = WaitUntilDone(operation.name());
  matching::v1::CohortRun run;
  ASSERT_TRUE(after.response().UnpackTo(&run)) << after.DebugString();
  EXPECT_EQ(run.status(), matching::v1::RUN_STATUS_OPTIMAL);
  EXPECT_EQ(run.name(), cohort + "/runs/1");
  EXPECT_GT(run.matches_size(), 0);
  EXPECT_THAT(Succeed({"cohort", "verify", "C-KILL"}), HasSubstr("VALID"));
}

TEST_F(JourneyKillTest, ALoadThatKillsCutOffIsCompletedByRepeatingItAndTheAuditLogHasEachOnce) {
  const std::string out = folder_.Join("generated");
  constexpr int kMentors = 4000;
  Succeed({"generate", "--mentors", absl::StrCat(kMentors), "--needs", "1", "--seed", "6", "--out",
           out});
  Succeed({"import", "organisations", out + "/organisations.csv"});
  int cut_off = 0;
  // From while the file is read to after the load, on slow machines and fast ones: a fast one takes
  // half a second for all of it.
  for (const int kill_after_ms : {50, 150, 250, 350, 500, 800, 1200}) {
    base::Finished import;
    std::thread load([&] { import = Tandem({"import", "mentors", out + "/mentors.csv"}); });
    absl::SleepFor(absl::Milliseconds(kill_after_ms));
    deployment_.Kill();
    load.join();
    cut_off += import.exit_code == 0 ? 0 : 1;
    TANDEM_ASSERT_OK(deployment_.Start());
    // A batch is one commit: all of its rows or none.
    const std::string mentors = Succeed({"--format", "csv", "mentor", "list", "--limit", "100000"});
    EXPECT_EQ((std::count(mentors.begin(), mentors.end(), '\n') - 1) % 1000, 0);
  }
  EXPECT_GT(cut_off, 0) << "no kill came while the load was imported";

  Succeed({"import", "mentors", out + "/mentors.csv"});

  EXPECT_THAT(Succeed({"import", "mentors", out + "/mentors.csv"}),
              HasSubstr(absl::StrCat("0 created, 0 changed, ", kMentors, " unchanged")));
  std::map<std::string, int> seen;
  const absl::Time give_up = absl::Now() + kGuard;
  while (seen.size() < kMentors && absl::Now() < give_up) {
    seen.clear();
    audit::v1::ListAuditEntriesResponse entries;
    const std::string json = Succeed({"--format", "json", "audit", "list", "--limit", "100000"});
    ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(json, &entries).ok());
    int64_t sequence = 0;
    for (const auto& entry : entries.audit_entries()) {
      EXPECT_EQ(entry.sequence(), ++sequence);
      const auto& change = entry.change();
      if (!absl::StartsWith(change.resource(), "mentors/")) continue;
      ++seen[change.resource()];
      EXPECT_EQ(change.actor(), "unauthenticated: amina");
      EXPECT_THAT(change.method(), HasSubstr("BatchUpsertMentors"));
    }
  }
  EXPECT_EQ(seen.size(), static_cast<size_t>(kMentors));
  for (const auto& [resource, count] : seen) EXPECT_EQ(count, 1) << resource;
}

}  // namespace
}  // namespace tandem::journey
