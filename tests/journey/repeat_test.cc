// tandemd is killed (SIGKILL) under many writers, so that some calls are committed and not
// answered. Whoever repeats such a call with its request_id gets the answer, and it has happened
// once.
#include <atomic>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/child_process.h"
#include "base/status_macros.h"
#include "base/status_matchers.h"
#include "base/temp_dir.h"
#include "gmock/gmock.h"
#include "google/longrunning/operations.grpc.pb.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "services/common/client.h"
#include "services/common/status_conversion.h"
#include "tandem/matching/v1/matching_service.grpc.pb.h"
#include "tandem/needs/v1/needs_service.grpc.pb.h"
#include "tests/journey/deployment.h"
#include "tests/journey/interrupted_calls.h"

namespace tandem::journey {
namespace {

using ::google::longrunning::Operation;
using matching::v1::MatchingService;
using needs::v1::NeedsService;
using needs::v1::Programme;

constexpr absl::Duration kGuard = absl::Minutes(2);
constexpr int kWriters = 12;
constexpr int kLeastKills = 4;
constexpr int kMostKills = 40;

// Calls `method` of a stub; the bytes of the answer.
template <typename Stub, typename Request, typename Response>
absl::StatusOr<Response> CallAs(common::v1::Role role, Stub* stub,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                const Request& request) {
  grpc::ClientContext context;
  common::PrepareCall("writer", role, kGuard, &context);
  Response response;
  TANDEM_RETURN_IF_ERROR(common::FromGrpcStatus((stub->*method)(&context, request, &response)));
  return response;
}

template <typename Response>
absl::StatusOr<std::string> Bytes(const absl::StatusOr<Response>& response) {
  if (!response.ok()) return response.status();
  return response->SerializeAsString();
}

class RepeatTest : public ::testing::Test {
 protected:
  RepeatTest() {
    const char* given = std::getenv("TANDEM_SEED");
    uint64_t seed = std::random_device()();
    EXPECT_TRUE(given == nullptr || absl::SimpleAtoi(given, &seed)) << given;
    random_.seed(seed);
    std::cout << "seed " << seed << "; to run it again: --test_env=TANDEM_SEED=" << seed << "\n";
  }

  void SetUp() override { TANDEM_ASSERT_OK(deployment_.Start()); }

  void Tandem(const std::vector<std::string>& arguments) {
    std::vector<std::string> all = {"tools/tandem", "--as", "amina"};
    const std::vector<std::string> address = deployment_.AddressOptions();
    all.insert(all.end(), address.begin(), address.end());
    all.insert(all.end(), arguments.begin(), arguments.end());
    TANDEM_ASSERT_OK_AND_ASSIGN(const base::Finished finished, base::RunProgram(all));
    ASSERT_EQ(finished.exit_code, 0) << finished.output << finished.errors;
  }

  Channel NewChannel() { return common::MakeChannel(deployment_.AddressOptions()[1]); }

  std::string NewId(absl::string_view what) { return absl::StrCat(what, "-", ++last_id_); }

  // One round: calls, a kill, a restart, and the repetitions. Counts calls that had been committed
  // and not answered.
  void KillAndRepeat(const std::vector<Writer>& writers, int longest_ms) {
    const auto time =
        absl::Milliseconds(std::uniform_int_distribution<int>(1, longest_ms)(random_));
    TANDEM_ASSERT_OK_AND_ASSIGN(
        std::vector<Attempt> attempts,
        CallUntilKilled(writers, NewChannel(), time, [this] { deployment_.Kill(); }));
    TANDEM_ASSERT_OK(deployment_.Start());
    const std::string sentinel = WriteSentinels();
    TANDEM_ASSERT_OK_AND_ASSIGN(const auto before,
                                CommitsByRequest(NewChannel(), {sentinel + "n", sentinel + "m"}));
    for (const Attempt& attempt : attempts) {
      if (attempt.answer.has_value()) continue;
      const std::string kind = attempt.request_id.substr(0, attempt.request_id.find('-'));
      ++(before.count(attempt.request_id) > 0 ? committed_ : lost_)[kind];
    }
    TANDEM_ASSERT_OK(RepeatAll(&attempts, NewChannel()));
    for (Attempt& attempt : attempts) all_.push_back(std::move(attempt));
  }

  // Something new at the end of both stores' feeds; its request_ids are the answer with "n" and
  // "m".
  std::string WriteSentinels() {
    const std::string id = NewId("sentinel");
    const Channel channel = NewChannel();
    needs::v1::CreateProgrammeRequest programme = ProgrammeRequest(id + "n");
    const auto made = CallAs(common::v1::ROLE_STAFF, NeedsService::NewStub(channel).get(),
                             &NeedsService::Stub::CreateProgramme, programme);
    TANDEM_EXPECT_OK(made.status());
    matching::v1::CreateCohortRequest cohort;
    cohort.set_request_id(id + "m");
    cohort.mutable_cohort()->set_display_name(id);
    if (made.ok()) cohort.mutable_cohort()->set_programme(made->name());
    TANDEM_EXPECT_OK(CallAs(common::v1::ROLE_STAFF, MatchingService::NewStub(channel).get(),
                            &MatchingService::Stub::CreateCohort, cohort)
                         .status());
    return id;
  }

  // That every call had one effect, or none when it was refused.
  void ExpectOneEffectEach() {
    const std::string sentinel = WriteSentinels();
    TANDEM_ASSERT_OK_AND_ASSIGN(const auto commits,
                                CommitsByRequest(NewChannel(), {sentinel + "n", sentinel + "m"}));
    for (const Attempt& attempt : all_) {
      const auto found = commits.find(attempt.request_id);
      const size_t effects = found == commits.end() ? 0 : found->second.size();
      EXPECT_EQ(effects, attempt.refused ? 0u : 1u) << attempt.request_id;
    }
    std::cout << all_.size() << " calls";
    for (const auto& [kind, count] : committed_) {
      std::cout << "; " << kind << ": " << count << " committed and not answered, " << lost_[kind]
                << " lost";
    }
    std::cout << "\n";
  }

  static needs::v1::CreateProgrammeRequest ProgrammeRequest(const std::string& id) {
    needs::v1::CreateProgrammeRequest request;
    request.set_request_id(id);
    Programme& programme = *request.mutable_programme();
    programme.set_external_id(id);
    programme.set_display_name("Written before the kill");
    programme.mutable_period()->mutable_start_date()->set_year(2027);
    programme.mutable_period()->mutable_start_date()->set_month(1);
    programme.mutable_period()->mutable_start_date()->set_day(1);
    *programme.mutable_period()->mutable_end_date() = programme.period().start_date();
    programme.mutable_period()->mutable_end_date()->set_year(2028);
    return request;
  }

  const base::TempDir folder_;
  Deployment deployment_{Shape::kOneProcess, folder_.Join("data")};
  std::mt19937_64 random_;
  std::atomic<int> last_id_ = 0;
  std::vector<Attempt> all_;
  std::map<std::string, int> committed_;
  std::map<std::string, int> lost_;
};

TEST_F(RepeatTest, CreatesAndUpdatesHappenOnceAndAnswerTheSame) {
  const Writer create = [this]() -> std::optional<Attempt> {
    const needs::v1::CreateProgrammeRequest request = ProgrammeRequest(NewId("create"));
    return Attempt{
        request.request_id(), [request](const Channel& channel) {
          return Bytes(CallAs(common::v1::ROLE_STAFF, NeedsService::NewStub(channel).get(),
                              &NeedsService::Stub::CreateProgramme, request));
        }};
  };
  std::vector<Writer> writers(kWriters / 2, create);
  for (int i = 0; i < kWriters / 2; ++i) {  // each changes a programme of its own
    TANDEM_ASSERT_OK_AND_ASSIGN(
        const Programme own,
        CallAs(common::v1::ROLE_STAFF, NeedsService::NewStub(NewChannel()).get(),
               &NeedsService::Stub::CreateProgramme, ProgrammeRequest(NewId("own"))));
    writers.push_back([this, name = own.name()]() -> std::optional<Attempt> {
      needs::v1::UpdateProgrammeRequest request;
      request.set_request_id(NewId("update"));
      request.mutable_programme()->set_name(name);
      request.mutable_programme()->set_display_name(request.request_id());
      request.mutable_update_mask()->add_paths("display_name");
      return Attempt{
          request.request_id(), [request](const Channel& channel) {
            return Bytes(CallAs(common::v1::ROLE_STAFF, NeedsService::NewStub(channel).get(),
                                &NeedsService::Stub::UpdateProgramme, request));
          }};
    });
  }
  for (int kill = 0; kill < kMostKills; ++kill) {
    if (kill >= kLeastKills && committed_["create"] > 0 && committed_["update"] > 0) break;
    ASSERT_NO_FATAL_FAILURE(KillAndRepeat(writers, 300));
  }
  EXPECT_GT(committed_["create"], 0) << "no kill came between a commit and its answer";
  EXPECT_GT(committed_["update"], 0) << "no kill came between a commit and its answer";
  ExpectOneEffectEach();
}

class RepeatDecisionsTest : public RepeatTest {
 protected:
  // A generated programme with a solved cohort, whose proposals wait for approval.
  void SetUp() override {
    RepeatTest::SetUp();
    const std::string out = folder_.Join("generated");
    Tandem({"generate", "--mentors", "400", "--needs", "200", "--seed", "5", "--out", out});
    Tandem({"import", "programme", out + "/programme.json"});
    for (const std::string what : {"organisations", "mentors", "assessments"}) {
      Tandem({"import", what, absl::StrCat(out, "/", what, ".csv")});
    }
    Tandem({"policy", "create", "tools/sample/policy.json"});
    Tandem({"policy", "publish", "ldc/1"});
    Tandem({"cohort", "create", "C-REPEAT", "--programme", "G-PROGRAMME", "--at", "2026-12-01"});
    Tandem({"cohort", "solve", "C-REPEAT"});
    ReadProposals();
    ReadCohort();
  }

  void ReadProposals() {
    matching::v1::ListMatchesRequest request;
    request.set_page_size(1000);
    TANDEM_ASSERT_OK_AND_ASSIGN(
        const auto matches,
        CallAs(common::v1::ROLE_STAFF, MatchingService::NewStub(NewChannel()).get(),
               &MatchingService::Stub::ListMatches, request));
    for (const auto& match : matches.matches()) proposals_.push_back(match.name());
    ASSERT_GT(proposals_.size(), 50u);
  }

  void ReadCohort() {
    TANDEM_ASSERT_OK_AND_ASSIGN(
        const auto cohorts,
        CallAs(common::v1::ROLE_STAFF, MatchingService::NewStub(NewChannel()).get(),
               &MatchingService::Stub::ListCohorts, matching::v1::ListCohortsRequest()));
    ASSERT_EQ(cohorts.cohorts_size(), 1);
    solved_ = cohorts.cohorts(0);
  }

  // A cohort of one request of the solved one's programme, so that it is decided quickly.
  absl::StatusOr<std::string> NewCohort() {
    matching::v1::CreateCohortRequest request;
    request.mutable_cohort()->set_display_name("to solve once");
    request.mutable_cohort()->set_programme(solved_.programme());
    *request.mutable_cohort()->mutable_decision_time() = solved_.decision_time();
    TANDEM_ASSIGN_OR_RETURN(
        const matching::v1::Cohort cohort,
        CallAs(common::v1::ROLE_STAFF, MatchingService::NewStub(NewChannel()).get(),
               &MatchingService::Stub::CreateCohort, request));
    return cohort.name();
  }

  Attempt Approval(const std::string& match) {
    matching::v1::ApproveMatchRequest request;
    request.set_name(match);
    request.set_rationale("The kill test approves whom the plan proposes.");
    request.set_request_id(NewId("approve"));
    return Attempt{
        request.request_id(), [request](const Channel& channel) {
          return Bytes(CallAs(common::v1::ROLE_APPROVER, MatchingService::NewStub(channel).get(),
                              &MatchingService::Stub::ApproveMatch, request));
        }};
  }

  // Its answer, the operation, goes on; its name is what must stay.
  Attempt Solution(const std::string& cohort) {
    matching::v1::SolveCohortRequest request;
    request.set_name(cohort);
    request.set_request_id(NewId("solve"));
    return Attempt{request.request_id(),
                   [request](const Channel& channel) -> absl::StatusOr<std::string> {
                     TANDEM_ASSIGN_OR_RETURN(
                         const Operation operation,
                         CallAs(common::v1::ROLE_STAFF, MatchingService::NewStub(channel).get(),
                                &MatchingService::Stub::SolveCohort, request));
                     return operation.name();
                   }};
  }

  bool HasRun(const std::string& cohort, int number) {
    matching::v1::GetCohortRunRequest request;
    request.set_name(absl::StrCat(cohort, "/runs/", number));
    const absl::Status status =
        CallAs(common::v1::ROLE_STAFF, MatchingService::NewStub(NewChannel()).get(),
               &MatchingService::Stub::GetCohortRun, request)
            .status();
    EXPECT_TRUE(status.ok() || absl::IsNotFound(status)) << status;
    return status.ok();
  }

  std::vector<std::string> proposals_;
  std::atomic<size_t> next_proposal_ = 0;
  matching::v1::Cohort solved_;
};

TEST_F(RepeatDecisionsTest, ApprovalsAndSolutionsHappenOnceAndAnswerTheSame) {
  std::map<std::string, std::string> cohorts;  // by the request_id that has them solved
  for (int kill = 0; kill < kMostKills && next_proposal_ < proposals_.size(); ++kill) {
    if (kill >= kLeastKills && committed_["approve"] > 0 && committed_["solve"] > 0) break;
    std::vector<Writer> writers(kWriters / 2, [this]() -> std::optional<Attempt> {
      const size_t next = next_proposal_++;
      if (next >= proposals_.size()) return std::nullopt;
      return Approval(proposals_[next]);
    });
    for (int i = 0; i < kWriters / 2; ++i) {  // each solves one cohort, once
      TANDEM_ASSERT_OK_AND_ASSIGN(const std::string cohort, NewCohort());
      const Attempt solution = Solution(cohort);
      cohorts[solution.request_id] = cohort;
      writers.push_back([solution, done = false]() mutable -> std::optional<Attempt> {
        if (std::exchange(done, true)) return std::nullopt;
        return solution;
      });
    }
    // A cohort is solved at once, so the kill has to come soon.
    ASSERT_NO_FATAL_FAILURE(KillAndRepeat(writers, 40));
  }
  EXPECT_GT(committed_["approve"], 0) << "no kill came between a commit and its answer";
  // A run is asked for once per kill and writer, so none of these may have met the gap.
  std::cout << "committed without an answer: " << committed_["approve"] << " approvals, "
            << committed_["solve"] << " runs\n";
  ExpectOneEffectEach();
  for (const Attempt& attempt : all_) {
    const auto cohort = cohorts.find(attempt.request_id);
    if (cohort == cohorts.end()) continue;
    EXPECT_EQ(HasRun(cohort->second, 1), !attempt.refused) << attempt.request_id;
    EXPECT_FALSE(HasRun(cohort->second, 2)) << attempt.request_id;
  }
}

}  // namespace
}  // namespace tandem::journey
