#include <atomic>
#include <fstream>
#include <map>
#include <thread>

#include "absl/synchronization/notification.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/matching/engine/assignment/check.h"
#include "services/matching/engine/assignment/solve.h"
#include "services/matching/engine/files/problem_files.h"
#include "services/matching/engine/files/result_json.h"
#include "tests/matching/pipeline.h"

namespace tandem::tests {
namespace {

using ::tandem::base::StatusIs;
using ::testing::AllOf;
using ::testing::HasSubstr;

namespace v1 = ::tandem::matching::v1;

class CohortTest : public testing::Test {
 protected:
  void SetUp() override {
    pipeline_.Start();
    pipeline_.AddBasics();
  }

  // One good mentor who has hours for one need only, one fair one, and two needs.
  void AddTwoByTwo() {
    star_ = pipeline_.AddMentor({"star", 5, 8});
    fair_ = pipeline_.AddMentor({"fair", 3, 8});
    easy_ = pipeline_.AddRequest({"easy", 8, 2});
    hard_ = pipeline_.AddRequest({"hard", 8, 5});
    cohort_ = pipeline_.AddCohort();
    pipeline_.WaitUntilSeen();
  }

  static std::string Lead(const std::string& request) { return request + "/roles/lead"; }

  absl::StatusOr<v1::ExplainWhyNotResponse> WhyNot(const v1::CohortRun& run,
                                                   const std::string& need,
                                                   const std::string& mentor) {
    v1::ExplainWhyNotRequest request;
    request.set_run(run.name());
    request.set_need(need);
    request.set_mentor(mentor);
    return pipeline_.Call(pipeline_.matching(), &v1::MatchingService::Stub::ExplainWhyNot, request);
  }

  std::map<std::string, std::string> Export(const v1::CohortRun& run) {
    grpc::ClientContext context;
    context.AddMetadata("tandem-role", "auditor");
    v1::ExportCohortRunRequest request;
    request.set_name(run.name());
    auto reader = pipeline_.matching().ExportCohortRun(&context, request);
    std::map<std::string, std::string> files;
    for (v1::ExportCohortRunResponse piece; reader->Read(&piece);) {
      files[piece.file_name()] += piece.data();
    }
    EXPECT_TRUE(reader->Finish().ok());
    return files;
  }

  // Ends the process's part while a run is held, which is let go only then.
  void StopWhileHeld() {
    std::thread releaser([this] {
      absl::SleepFor(absl::Milliseconds(50));  // so that Stop() finds the run under way
      release_.Notify();
    });
    pipeline_.Stop();
    releaser.join();
  }

  // Holds runs at `step` until `release_`; `reached_` tells that the first is there.
  void HoldRunsAt(const std::string& step) {
    pipeline_.run_observer = [this, step](absl::string_view, absl::string_view at) {
      if (at != step) return;
      if (!held_.exchange(true)) reached_.Notify();
      release_.WaitForNotification();
    };
  }

  Pipeline pipeline_;
  std::string star_, fair_, easy_, hard_, cohort_;
  std::atomic<bool> held_{false};
  absl::Notification reached_, release_;
};

TEST_F(CohortTest, TheCohortIsBetterOffThanEachNeedByItself) {
  AddTwoByTwo();

  const v1::CohortRun run = pipeline_.Solve(cohort_);

  EXPECT_EQ(run.status(), v1::RUN_STATUS_OPTIMAL);
  EXPECT_EQ(run.needs_served(), 2);
  EXPECT_EQ(run.pair_count(), 3);
  EXPECT_TRUE(run.certificate_checked());
  EXPECT_EQ(run.unmatched_size(), 0);
  const v1::Match hard = pipeline_.MatchOf(run, Lead(hard_));
  const v1::Match easy = pipeline_.MatchOf(run, Lead(easy_));
  EXPECT_EQ(hard.mentor(), star_);
  EXPECT_EQ(easy.mentor(), fair_);
  EXPECT_EQ(easy.rank(), 2);
  EXPECT_EQ(easy.state(), v1::MATCH_STATE_PROPOSED);
  EXPECT_EQ(easy.first_month(), "2027-01");
  EXPECT_EQ(easy.last_month(), "2027-03");
  EXPECT_THAT(easy.reasons(0), HasSubstr("Rank 2 of 2 eligible mentors"));
}

TEST_F(CohortTest, ANeedThatNobodyFitsNamesTheBindingRuleAndTheRemedy) {
  pipeline_.AddMentor({"novice", 1});
  const std::string request = pipeline_.AddRequest({"request", 8, 4});
  const std::string cohort = pipeline_.AddCohort();
  pipeline_.WaitUntilSeen();

  const v1::CohortRun run = pipeline_.Solve(cohort);

  ASSERT_EQ(run.unmatched_size(), 1);
  EXPECT_EQ(run.unmatched(0).need(), Lead(request));
  EXPECT_EQ(run.unmatched(0).eligible_count(), 0);
  EXPECT_EQ(run.unmatched(0).binding_rule(), v1::RULE_TOPIC_LEVEL);
  EXPECT_THAT(run.unmatched(0).remedy(), HasSubstr("1 mentor fails this rule only"));
}

TEST_F(CohortTest, MinimumsThatCannotBeKeptAreAProvenConflict) {
  pipeline_.AddMentor({"only", 5, 8});
  pipeline_.AddRequest({"first", 8, 2, 1});
  pipeline_.AddRequest({"second", 8, 2, 1});
  const std::string cohort = pipeline_.AddCohort();
  pipeline_.WaitUntilSeen();

  const v1::CohortRun run = pipeline_.Solve(cohort);

  EXPECT_EQ(run.status(), v1::RUN_STATUS_INFEASIBLE);
  EXPECT_EQ(run.conflict().demand(), 2);
  EXPECT_EQ(run.conflict().supply(), 1);
  EXPECT_EQ(run.conflict().needs_size(), 2);
  EXPECT_EQ(run.matches_size(), 0);
}

TEST_F(CohortTest, ExportedFilesReplayToTheSameBytesAndAreValid) {
  AddTwoByTwo();
  const v1::CohortRun run = pipeline_.Solve(cohort_);
  ASSERT_TRUE(pipeline_.Approve(pipeline_.MatchOf(run, Lead(easy_)).name()).ok());
  const v1::CohortRun with_pin = pipeline_.Solve(cohort_);

  for (const v1::CohortRun& exported : {run, with_pin}) {
    const std::map<std::string, std::string> files = Export(exported);
    base::TempDir folder;
    for (const auto& [name, bytes] : files) {
      std::ofstream(folder.Join(name), std::ios::binary) << bytes;
    }
    engine::files::ProblemSource source;
    source.pairs = folder.Join("pairs.csv");
    source.needs = folder.Join("needs.csv");
    source.mentors = folder.Join("mentors.csv");
    if (files.count("pinned.csv") > 0) source.pinned = folder.Join("pinned.csv");
    source.seed = 7;
    EXPECT_THAT(files.at("options.txt"), HasSubstr("--objective total --fill first --seed 7"));

    TANDEM_ASSERT_OK_AND_ASSIGN(const engine::AssignmentProblem problem,
                                engine::files::ReadProblem(source));
    TANDEM_ASSERT_OK_AND_ASSIGN(const engine::AssignmentResult again,
                                engine::Solve(problem, engine::SolveOptions()));
    TANDEM_ASSERT_OK_AND_ASSIGN(
        const engine::AssignmentResult recorded,
        engine::files::ResultFromJson(problem, files.at("result.json"), "result.json"));

    EXPECT_EQ(engine::files::ResultToJson(problem, again), files.at("result.json"));
    EXPECT_TRUE(engine::Check(problem, recorded).valid);
  }
  EXPECT_EQ(Export(with_pin).count("pinned.csv"), 1u);
}

TEST_F(CohortTest, WhyNotHasAnExactNumberAndTheMatchesThatMove) {
  AddTwoByTwo();
  const v1::CohortRun run = pipeline_.Solve(cohort_);

  TANDEM_ASSERT_OK_AND_ASSIGN(const v1::ExplainWhyNotResponse why, WhyNot(run, easy_, star_));
  TANDEM_ASSERT_OK_AND_ASSIGN(const v1::ExplainWhyNotResponse matched, WhyNot(run, easy_, fair_));
  TANDEM_ASSERT_OK_AND_ASSIGN(const v1::ExplainWhyNotResponse ineligible,
                              WhyNot(run, hard_, fair_));

  EXPECT_EQ(why.kind(), v1::WHY_NOT_KIND_PLACED_ELSEWHERE);
  ASSERT_GT(why.cost_size(), 0);
  EXPECT_EQ(why.cost(0).component(), "needs served in tier 1");
  EXPECT_EQ(why.cost(0).optimum(), "2");
  EXPECT_EQ(why.cost(0).forced(), "1");
  EXPECT_EQ(why.moved_size(), 3);  // both matches go, the forced one comes
  EXPECT_THAT(why.sentence(), HasSubstr("1 less in needs served in tier 1"));
  EXPECT_EQ(matched.kind(), v1::WHY_NOT_KIND_MATCHED);
  EXPECT_EQ(ineligible.kind(), v1::WHY_NOT_KIND_INELIGIBLE);
  EXPECT_EQ(ineligible.failed_rules_size(), 1);
}

TEST_F(CohortTest, ALaterRunSupersedesWhatWaits) {
  AddTwoByTwo();
  const v1::CohortRun first = pipeline_.Solve(cohort_);

  const v1::CohortRun second = pipeline_.Solve(cohort_);

  EXPECT_EQ(second.name(), cohort_ + "/runs/2");
  for (const std::string& match : first.matches()) {
    EXPECT_EQ(pipeline_.GetMatch(match).state(), v1::MATCH_STATE_SUPERSEDED);
  }
  for (const std::string& match : second.matches()) {
    EXPECT_EQ(pipeline_.GetMatch(match).state(), v1::MATCH_STATE_PROPOSED);
  }
  EXPECT_EQ(first.inputs().problem_digest(), second.inputs().problem_digest());
  EXPECT_EQ(first.inputs().result_digest(), second.inputs().result_digest());
}

TEST_F(CohortTest, ARepeatedRequestIdGivesTheSameOperation) {
  AddTwoByTwo();

  TANDEM_ASSERT_OK_AND_ASSIGN(const auto first, pipeline_.StartSolving(cohort_, "solve-1"));
  pipeline_.WaitFor(first.name());
  TANDEM_ASSERT_OK_AND_ASSIGN(const auto second, pipeline_.StartSolving(cohort_, "solve-1"));

  EXPECT_EQ(second.name(), first.name());
  EXPECT_TRUE(second.done());
}

TEST_F(CohortTest, ARepeatedSolveIsAnsweredWhateverStandsInItsWayNow) {
  AddTwoByTwo();
  TANDEM_ASSERT_OK_AND_ASSIGN(const auto first, pipeline_.StartSolving(cohort_, "solve-1"));
  pipeline_.WaitFor(first.name());
  HoldRunsAt("reading");
  TANDEM_ASSERT_OK(pipeline_.StartSolving(cohort_, "solve-2"));
  TANDEM_ASSERT_OK(pipeline_.StartSolving(cohort_, "solve-3"));
  ASSERT_THAT(pipeline_.StartSolving(cohort_, "solve-4"),
              StatusIs(absl::StatusCode::kResourceExhausted));
  TANDEM_ASSERT_OK_AND_ASSIGN(const auto beside_others, pipeline_.StartSolving(cohort_, "solve-1"));
  release_.Notify();
  for (const std::string& request : {easy_, hard_}) {
    needs::v1::DeactivateEngagementRequestRequest deactivate;
    deactivate.set_name(request);
    TANDEM_ASSERT_OK(pipeline_.Call(pipeline_.needs(),
                                    &needs::v1::NeedsService::Stub::DeactivateEngagementRequest,
                                    deactivate));
  }
  pipeline_.WaitUntilSeen();
  ASSERT_THAT(pipeline_.StartSolving(cohort_, "solve-4"),
              StatusIs(absl::StatusCode::kFailedPrecondition));

  TANDEM_ASSERT_OK_AND_ASSIGN(const auto second, pipeline_.StartSolving(cohort_, "solve-1"));

  EXPECT_EQ(beside_others.name(), first.name());
  EXPECT_EQ(second.name(), first.name());
}

TEST_F(CohortTest, ACancelledRunProposesNothing) {
  AddTwoByTwo();
  HoldRunsAt("reading");
  TANDEM_ASSERT_OK_AND_ASSIGN(const auto started, pipeline_.StartSolving(cohort_));
  reached_.WaitForNotification();
  google::longrunning::CancelOperationRequest cancel;
  cancel.set_name(started.name());

  TANDEM_ASSERT_OK(pipeline_.Call(pipeline_.operations(),
                                  &google::longrunning::Operations::Stub::CancelOperation, cancel));
  release_.Notify();

  const auto ended = pipeline_.WaitFor(started.name());
  EXPECT_EQ(ended.error().code(), static_cast<int>(grpc::StatusCode::CANCELLED));
  v1::GetCohortRunRequest get;
  get.set_name(cohort_ + "/runs/1");
  TANDEM_ASSERT_OK_AND_ASSIGN(
      const v1::CohortRun run,
      pipeline_.Call(pipeline_.matching(), &v1::MatchingService::Stub::GetCohortRun, get));
  EXPECT_EQ(run.status(), v1::RUN_STATUS_CANCELLED);
  EXPECT_EQ(run.matches_size(), 0);
}

TEST_F(CohortTest, ARunThatTheProcessDidNotSurviveIsTakenUpAgainUnderTheSameName) {
  AddTwoByTwo();
  HoldRunsAt("reading");
  TANDEM_ASSERT_OK_AND_ASSIGN(const auto started, pipeline_.StartSolving(cohort_));
  reached_.WaitForNotification();

  StopWhileHeld();
  pipeline_.Start();

  const auto ended = pipeline_.WaitFor(started.name());
  v1::CohortRun run;
  ASSERT_TRUE(ended.response().UnpackTo(&run)) << ended.DebugString();
  EXPECT_EQ(run.name(), cohort_ + "/runs/1");
  EXPECT_EQ(run.status(), v1::RUN_STATUS_OPTIMAL);
  EXPECT_EQ(run.needs_served(), 2);
}

TEST_F(CohortTest, ACancellationSurvivesARestart) {
  AddTwoByTwo();
  HoldRunsAt("reading");
  TANDEM_ASSERT_OK_AND_ASSIGN(const auto started, pipeline_.StartSolving(cohort_));
  reached_.WaitForNotification();
  google::longrunning::CancelOperationRequest cancel;
  cancel.set_name(started.name());
  TANDEM_ASSERT_OK(pipeline_.Call(pipeline_.operations(),
                                  &google::longrunning::Operations::Stub::CancelOperation, cancel));

  StopWhileHeld();
  pipeline_.Start();

  const auto ended = pipeline_.WaitFor(started.name());
  EXPECT_EQ(ended.error().code(), static_cast<int>(grpc::StatusCode::CANCELLED));
}

TEST_F(CohortTest, ARunThatNoProcessSurvivesIsGivenUpWithAReason) {
  AddTwoByTwo();
  // Every run stays at its first step until its process ends.
  std::atomic<bool> hold = true;
  std::atomic<int> begun = 0;
  pipeline_.run_observer = [&](absl::string_view, absl::string_view) {
    ++begun;
    while (hold) absl::SleepFor(absl::Milliseconds(5));
  };
  TANDEM_ASSERT_OK_AND_ASSIGN(const auto started, pipeline_.StartSolving(cohort_));
  for (int process = 1; process <= 5; ++process) {
    while (begun < process) absl::SleepFor(absl::Milliseconds(1));
    std::thread releaser([&] {
      absl::SleepFor(absl::Milliseconds(50));  // so that Stop() finds the run under way
      hold = false;
    });
    pipeline_.Stop();
    releaser.join();
    hold = true;
    pipeline_.Start();
  }

  const auto ended = pipeline_.WaitFor(started.name());
  hold = false;

  EXPECT_EQ(ended.error().code(), static_cast<int>(grpc::StatusCode::ABORTED));
  EXPECT_THAT(ended.error().message(), HasSubstr("solve the cohort again"));
  ASSERT_EQ(ended.error().details_size(), 1);
  EXPECT_THAT(ended.error().details(0).value(), HasSubstr("RUN_INTERRUPTED"));
}

TEST_F(CohortTest, TooManyRunsAtOnceAreRefused) {
  AddTwoByTwo();
  HoldRunsAt("reading");
  TANDEM_ASSERT_OK_AND_ASSIGN(const auto first, pipeline_.StartSolving(cohort_));
  TANDEM_ASSERT_OK_AND_ASSIGN(const auto second, pipeline_.StartSolving(cohort_));

  EXPECT_THAT(pipeline_.StartSolving(cohort_), StatusIs(absl::StatusCode::kResourceExhausted));

  release_.Notify();
  EXPECT_EQ(pipeline_.WaitFor(first.name()).error().code(), 0);
  EXPECT_EQ(pipeline_.WaitFor(second.name()).error().code(), 0);
}

TEST_F(CohortTest, ComparingPoliciesNamesWinnersAndLosers) {
  const std::string expert = pipeline_.AddMentor({"expert", 5, 8, 3, "B2"});
  const std::string speaker = pipeline_.AddMentor({"speaker", 3, 8, 3, "C2"});
  const std::string request = pipeline_.AddRequest({"request"});
  const std::string cohort = pipeline_.AddCohort();
  const std::string candidate = pipeline_.AddPolicy(/*expertise_weight=*/0, 0, /*publish=*/false);
  pipeline_.WaitUntilSeen();
  v1::ComparePoliciesRequest compare;
  compare.set_cohort(cohort);
  compare.set_candidate_policy(candidate);

  TANDEM_ASSERT_OK_AND_ASSIGN(
      const v1::ComparePoliciesResponse difference,
      pipeline_.Call(pipeline_.matching(), &v1::MatchingService::Stub::ComparePolicies, compare));

  EXPECT_EQ(difference.base_policy(), "policies/ldc/versions/1");
  EXPECT_EQ(difference.candidate_policy(), candidate);
  ASSERT_EQ(difference.winners_size(), 1);
  EXPECT_EQ(difference.winners(0).mentor(), speaker);
  ASSERT_EQ(difference.losers_size(), 1);
  EXPECT_EQ(difference.losers(0).mentor(), expert);
  EXPECT_GT(difference.losers(0).base_score_micropoints(),
            difference.winners(0).base_score_micropoints());
  EXPECT_LT(difference.losers(0).candidate_score_micropoints(),
            difference.winners(0).candidate_score_micropoints());
  EXPECT_EQ(difference.unchanged_count(), 0);
  EXPECT_EQ(difference.candidate_needs_served(), 1);
}

TEST_F(CohortTest, ACohortIsUpsertedByItsExternalIdAndUpdatedByFields) {
  v1::UpsertCohortRequest upsert;
  upsert.mutable_cohort()->set_external_id("C-1");
  upsert.mutable_cohort()->set_display_name("First call");
  upsert.mutable_cohort()->set_programme(pipeline_.programme());
  const auto upserted = [&] {
    return *pipeline_.Call(pipeline_.matching(), &v1::MatchingService::Stub::UpsertCohort, upsert);
  };

  const v1::UpsertCohortResponse first = upserted();
  const v1::UpsertCohortResponse same = upserted();
  upsert.mutable_cohort()->set_seed(5);
  const v1::UpsertCohortResponse changed = upserted();

  EXPECT_TRUE(first.created());
  EXPECT_FALSE(same.created() || same.updated());
  EXPECT_TRUE(changed.updated());
  EXPECT_EQ(changed.cohort().name(), first.cohort().name());

  v1::UpdateCohortRequest update;
  update.mutable_cohort()->set_name(first.cohort().name());
  update.mutable_cohort()->set_etag(first.cohort().etag());
  update.mutable_cohort()->set_display_name("Renamed");
  update.mutable_update_mask()->add_paths("display_name");
  const auto updated = [&] {
    return pipeline_.Call(pipeline_.matching(), &v1::MatchingService::Stub::UpdateCohort, update);
  };
  EXPECT_THAT(updated(), StatusIs(absl::StatusCode::kAborted)) << "the etag is an old one";
  update.mutable_cohort()->set_etag(changed.cohort().etag());
  TANDEM_ASSERT_OK_AND_ASSIGN(const v1::Cohort renamed, updated());
  EXPECT_EQ(renamed.display_name(), "Renamed");
  EXPECT_EQ(renamed.seed(), 5u);
}

TEST_F(CohortTest, QuestionsWithoutTheirFieldsNameAllOfThem) {
  EXPECT_THAT(pipeline_.Call(pipeline_.matching(), &v1::MatchingService::Stub::ExplainWhyNot,
                             v1::ExplainWhyNotRequest()),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("mentor"), HasSubstr("need"), HasSubstr("run"))));
  EXPECT_THAT(pipeline_.Call(pipeline_.matching(), &v1::MatchingService::Stub::ComparePolicies,
                             v1::ComparePoliciesRequest()),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("candidate_policy"), HasSubstr("cohort"))));
  EXPECT_THAT(pipeline_.Call(pipeline_.matching(), &v1::MatchingService::Stub::PublishPolicy,
                             v1::PublishPolicyRequest()),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("name")));
}

TEST_F(CohortTest, WithoutAnOpenRequestThereIsNothingToSolve) {
  const std::string cohort = pipeline_.AddCohort();

  EXPECT_THAT(pipeline_.StartSolving(cohort),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("no open request")));
  EXPECT_THAT(pipeline_.StartSolving("cohorts/none"), StatusIs(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace tandem::tests
