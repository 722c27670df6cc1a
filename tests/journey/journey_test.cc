// The whole journey of a programme officer, by the command line against real servers: import, rank,
// explain, solve, approve, read the audit log; with a kill and a restart in the middle.
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "base/child_process.h"
#include "base/status_matchers.h"
#include "base/temp_dir.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "tandem/audit/v1/audit_service.pb.h"
#include "tandem/matching/v1/cohort.pb.h"
#include "tandem/matching/v1/matching_requests.pb.h"
#include "tandem/matching/v1/ranking.pb.h"
#include "tests/journey/deployment.h"

namespace tandem::journey {
namespace {

using ::testing::HasSubstr;

constexpr char kSample[] = "tools/sample/";
constexpr char kPolicy[] = "policies/ldc/versions/1";
constexpr absl::Duration kGuard = absl::Seconds(60);

class JourneyTest : public ::testing::TestWithParam<Shape> {
 protected:
  void SetUp() override { TANDEM_ASSERT_OK(deployment_.Start()); }

  // Kills every process and starts them again on the same files.
  void KillAndRestart() {
    deployment_.Kill();
    TANDEM_ASSERT_OK(deployment_.Start());
  }

  // Runs `tandem` as NAME; its output, or a failed expectation.
  base::Finished Tandem(const std::vector<std::string>& arguments,
                        const std::string& name = "amina") {
    std::vector<std::string> all = {"tools/tandem"};
    if (!ByTls()) all.insert(all.end(), {"--as", name});  // else the certificate says it
    const std::vector<std::string> address = deployment_.AddressOptions();
    all.insert(all.end(), address.begin(), address.end());
    all.insert(all.end(), arguments.begin(), arguments.end());
    absl::StatusOr<base::Finished> finished = base::RunProgram(all);
    EXPECT_TRUE(finished.ok()) << finished.status();
    return finished.ok() ? *std::move(finished) : base::Finished();
  }

  static bool ByTls() { return GetParam() == Shape::kProcessAServiceByTls; }
  // As what it does is recorded.
  static std::string Actor() { return ByTls() ? Deployment::kAdmin : "unauthenticated: amina"; }

  std::string Succeed(const std::vector<std::string>& arguments) {
    const base::Finished finished = Tandem(arguments);
    EXPECT_EQ(finished.exit_code, 0) << absl::StrJoin(arguments, " ") << "\n"
                                     << finished.output << finished.errors;
    return finished.output;
  }

  // The answer of a command as a message.
  template <typename Message>
  Message Json(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--format", "json"});
    const std::string text = Succeed(arguments);
    Message message;
    const auto parsed = google::protobuf::util::JsonStringToMessage(text, &message);
    EXPECT_TRUE(parsed.ok()) << parsed.ToString() << "\n" << text;
    return message;
  }

  void ImportSample() {
    Succeed({"import", "programme", absl::StrCat(kSample, "programme.json")});
    Succeed({"import", "organisations", absl::StrCat(kSample, "organisations.csv")});
    Succeed({"import", "mentors", absl::StrCat(kSample, "mentors.csv")});
    Succeed({"import", "assessments", absl::StrCat(kSample, "assessments.csv")});
    Succeed({"policy", "create", absl::StrCat(kSample, "policy.json")});
    Succeed({"policy", "publish", kPolicy});
  }

  // The ranking for `need`, once matching has taken everything in.
  matching::v1::RankMentorsResponse Rank(const std::string& need) {
    const absl::Time give_up = absl::Now() + kGuard;
    while (true) {
      const base::Finished finished = Tandem({"--format", "json", "rank", need});
      matching::v1::RankMentorsResponse response;
      if (finished.exit_code == 0 &&
          google::protobuf::util::JsonStringToMessage(finished.output, &response).ok()) {
        return response;
      }
      if (absl::Now() > give_up) {
        ADD_FAILURE() << finished.output << finished.errors;
        return response;
      }
      absl::SleepFor(absl::Milliseconds(50));
    }
  }

  std::string SolveSample() {
    Succeed({"cohort", "create", "C-JOURNEY", "--programme", kProgramme, "--policy", kPolicy,
             "--at", "2026-12-01"});
    Succeed({"cohort", "solve", "C-JOURNEY"});
    return "C-JOURNEY";
  }

  // Waits until the log has an entry for `method`; the entries with it.
  audit::v1::ListAuditEntriesResponse AuditOf(const std::string& method) {
    const absl::Time give_up = absl::Now() + kGuard;
    const std::string filter = absl::StrCat("method = \"", method, "\"");
    while (true) {
      auto entries =
          Json<audit::v1::ListAuditEntriesResponse>({"audit", "list", "--filter", filter});
      if (entries.audit_entries_size() > 0 || absl::Now() > give_up) return entries;
      absl::SleepFor(absl::Milliseconds(50));
    }
  }

  static constexpr char kProgramme[] = "LDC-2027";
  const base::TempDir folder_;
  Deployment deployment_{GetParam(), folder_.path()};
};

TEST_P(JourneyTest, FromImportToTheAuditOfAnApprovalAcrossKills) {
  ImportSample();
  EXPECT_THAT(Succeed({"import", "mentors", absl::StrCat(kSample, "mentors.csv")}),
              HasSubstr("unchanged"));
  SolveSample();
  const auto run = Json<matching::v1::CohortRun>({"cohort", "show", "C-JOURNEY"});
  ASSERT_EQ(run.status(), matching::v1::RUN_STATUS_OPTIMAL);
  EXPECT_TRUE(run.certificate_checked());
  ASSERT_GT(run.matches_size(), 0);
  ASSERT_GT(run.unmatched_size(), 0) << "the sample has needs that nobody fits";

  KillAndRestart();

  const auto again = Json<matching::v1::CohortRun>({"cohort", "show", "C-JOURNEY"});
  EXPECT_EQ(again.SerializeAsString(), run.SerializeAsString());
  EXPECT_THAT(Succeed({"cohort", "verify", "C-JOURNEY"}), HasSubstr("VALID"));

  const auto match = Json<matching::v1::Match>({"match", "show", run.matches(0)});
  const auto ranking = Rank(match.need());
  ASSERT_GT(ranking.mentors_size(), 0);
  EXPECT_EQ(ranking.mentors(0).rank(), 1);
  EXPECT_GT(ranking.rule_counts_size(), 0);
  const auto pair =
      Json<matching::v1::ExplainPairResponse>({"explain", match.need(), match.mentor()});
  EXPECT_TRUE(pair.eligible());

  Succeed({"match", "approve", match.name(), "--reason", "approved in the journey"});
  KillAndRestart();

  const auto approved = Json<matching::v1::Match>({"match", "show", match.name()});
  EXPECT_EQ(approved.state(), matching::v1::MATCH_STATE_APPROVED);
  EXPECT_EQ(approved.decided_by(), Actor());
  const auto entries = AuditOf("tandem.matching.v1.MatchingService/ApproveMatch");
  ASSERT_GE(entries.audit_entries_size(), 1);
  EXPECT_EQ(entries.audit_entries(0).change().actor(), Actor());

  // The next plan shows what stays beside what is new.
  EXPECT_THAT(Succeed({"cohort", "solve", "C-JOURNEY"}), HasSubstr(match.name()));
  TANDEM_EXPECT_OK(deployment_.Terminate());
}

TEST_P(JourneyTest, EveryChangeOfEveryStoreIsInTheAuditLogOnceAfterKills) {
  Succeed({"import", "organisations", absl::StrCat(kSample, "organisations.csv")});
  deployment_.Kill();  // audit may not have taken anything in yet
  TANDEM_ASSERT_OK(deployment_.Start());
  Succeed({"import", "mentors", absl::StrCat(kSample, "mentors.csv")});
  KillAndRestart();

  AuditOf("tandem.profiles.v1.ProfilesService/BatchUpsertMentors");

  std::map<std::string, int> seen;
  int64_t sequence = 0;
  const auto all = Json<audit::v1::ListAuditEntriesResponse>({"audit", "list"});
  for (const auto& entry : all.audit_entries()) {
    EXPECT_EQ(entry.sequence(), ++sequence);
    ++seen[entry.change().resource()];
  }
  for (const auto& [resource, count] : seen) EXPECT_EQ(count, 1) << resource;
  const auto mentors = Succeed({"--format", "csv", "mentor", "list"});
  const auto lines = std::count(mentors.begin(), mentors.end(), '\n');
  EXPECT_EQ(std::count_if(seen.begin(), seen.end(),
                          [](const auto& one) { return one.first.rfind("mentors/", 0) == 0; }),
            lines - 1);
}

TEST_P(JourneyTest, ABadFileIsRefusedWithExitCode2AndNothingIsWritten) {
  const base::Finished refused = Tandem({"import", "mentors", "tests/journey/bad_mentors.csv"});

  EXPECT_EQ(refused.exit_code, 2) << refused.output << refused.errors;
  const std::string mentors = Succeed({"--format", "csv", "mentor", "list"});
  EXPECT_EQ(std::count(mentors.begin(), mentors.end(), '\n'), 1) << mentors;  // the header alone
}

INSTANTIATE_TEST_SUITE_P(Shapes, JourneyTest,
                         ::testing::Values(Shape::kOneProcess, Shape::kProcessAService,
                                           Shape::kProcessAServiceByTls),
                         [](const ::testing::TestParamInfo<Shape>& shape) {
                           return shape.param == Shape::kOneProcess        ? "OneProcess"
                                  : shape.param == Shape::kProcessAService ? "ProcessAService"
                                                                           : "ProcessAServiceByTls";
                         });

}  // namespace
}  // namespace tandem::journey
