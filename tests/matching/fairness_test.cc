// The fairness report of a run, beside cohorts that are really solved under the other objectives.
#include <string>

#include "absl/status/status.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/matching/pipeline.h"

namespace tandem::tests {
namespace {

using ::tandem::base::StatusIs;
using ::testing::AllOf;
using ::testing::HasSubstr;

namespace v1 = ::tandem::matching::v1;

class FairnessTest : public testing::Test {
 protected:
  void SetUp() override {
    pipeline_.Start();
    pipeline_.AddBasics();
  }

  // An expert who speaks little and a speaker who knows little, each with one place. The best total
  // gives the first standards body both; the second would take the speaker at a lower score; and
  // the speaker's match, the worst, scores best with the need that asks for least.
  void AddThreeNeeds() {
    pipeline_.AddMentor({"expert", 5, 8, 3, "B2"});
    pipeline_.AddMentor({"speaker", 3, 8, 3, "C1"});
    pipeline_.AddRequest({"loose", 8, 2, 0, 0, "A1"});
    pipeline_.AddRequest({"strict", 8, 2, 0, 0, "B2"});
    pipeline_.AddRequest({"other", 8, 2, 0, 1, "C1"});
    pipeline_.WaitUntilSeen();
  }

  v1::CohortRun SolveFor(const std::string& objective) {
    return pipeline_.Solve(
        pipeline_.AddCohort(pipeline_.AddPolicy(10, 0, true, "objective: OBJECTIVE_" + objective)));
  }

  absl::StatusOr<v1::ReportFairnessResponse> Report(const std::string& run, int32_t pairs = 0) {
    v1::ReportFairnessRequest request;
    request.set_run(run);
    request.set_max_blocking_pairs(pairs);
    return pipeline_.Call(pipeline_.matching(), &v1::MatchingService::Stub::ReportFairness,
                          request);
  }

  static void ExpectFiguresOf(const v1::CohortRun& run, const v1::PlanFigures& figures) {
    EXPECT_EQ(figures.needs_served(), run.needs_served());
    EXPECT_EQ(figures.filled_slots(), run.filled_slots());
    EXPECT_EQ(figures.beneficiaries_served(), run.beneficiaries_served());
    EXPECT_EQ(figures.total_score_micropoints(), run.total_score_micropoints());
    EXPECT_EQ(figures.worst_pair_score_micropoints(), run.worst_pair_score_micropoints());
  }

  Pipeline pipeline_;
};

TEST_F(FairnessTest, ThePricesAreThoseOfPlansThatAreReallySolved) {
  AddThreeNeeds();
  const v1::CohortRun total = SolveFor("TOTAL");
  const v1::CohortRun coverage = SolveFor("COVERAGE");
  const v1::CohortRun floor = SolveFor("FLOOR");
  ASSERT_EQ(total.pair_count(), 5);

  for (const v1::CohortRun& run : {total, coverage, floor}) {
    TANDEM_ASSERT_OK_AND_ASSIGN(const v1::ReportFairnessResponse report, Report(run.name()));

    EXPECT_EQ(report.run(), run.name());
    ExpectFiguresOf(total, report.total());
    ASSERT_EQ(report.prices_size(), 2);
    EXPECT_EQ(report.prices(0).objective(), v1::OBJECTIVE_COVERAGE);
    ExpectFiguresOf(coverage, report.prices(0).plan());
    EXPECT_EQ(report.prices(1).objective(), v1::OBJECTIVE_FLOOR);
    ExpectFiguresOf(floor, report.prices(1).plan());
  }
}

TEST_F(FairnessTest, EachPriceIsANumberAndASentence) {
  AddThreeNeeds();

  TANDEM_ASSERT_OK_AND_ASSIGN(const v1::ReportFairnessResponse report,
                              Report(SolveFor("TOTAL").name()));

  for (const v1::ObjectivePrice& price : report.prices()) {
    ASSERT_EQ(price.costs_size(), 1);
    EXPECT_EQ(price.costs(0).component(), "total score in micro-points");
    EXPECT_EQ(std::stoll(price.costs(0).amount()),
              std::stoll(report.total().total_score_micropoints()) -
                  std::stoll(price.plan().total_score_micropoints()));
    EXPECT_GT(std::stoll(price.costs(0).amount()), 0);
  }
  EXPECT_EQ(report.prices(0).plan().beneficiaries_served(), 2);
  EXPECT_THAT(report.prices(0).sentence(),
              AllOf(HasSubstr("Coverage serves 1 beneficiary more than the best total would, for "),
                    HasSubstr(" points less in total score.")));
  EXPECT_THAT(report.prices(1).sentence(), HasSubstr("With a floor the worst match scores "));
}

TEST_F(FairnessTest, ABlockingPairNamesWhomBothWouldLeave) {
  const std::string star = pipeline_.AddMentor({"star", 5, 8});
  const std::string fair = pipeline_.AddMentor({"fair", 3, 8});
  // The star scores better with the need that asks for less, which the other mentor can serve too.
  const std::string easy = pipeline_.AddRequest({"easy", 8, 2, 0, 0, "A1"}) + "/roles/lead";
  const std::string hard = pipeline_.AddRequest({"hard", 8, 5, 0, 0, "B2"}) + "/roles/lead";
  pipeline_.WaitUntilSeen();
  const v1::CohortRun run = SolveFor("TOTAL");
  ASSERT_EQ(pipeline_.MatchOf(run, hard).mentor(), star);

  TANDEM_ASSERT_OK_AND_ASSIGN(const v1::ReportFairnessResponse report, Report(run.name()));

  EXPECT_EQ(report.blocking_pair_count(), 1);
  ASSERT_EQ(report.blocking_pairs_size(), 1);
  EXPECT_EQ(report.blocking_pairs(0).need(), easy);
  EXPECT_EQ(report.blocking_pairs(0).mentor(), star);
  EXPECT_EQ(report.blocking_pairs(0).instead_of_mentor(), fair);
  EXPECT_EQ(report.blocking_pairs(0).instead_of_need(), hard);
  EXPECT_GT(report.blocking_pairs(0).score_micropoints(),
            pipeline_.MatchOf(run, hard).score_micropoints());
  EXPECT_THAT(report.blocking_sentence(), HasSubstr("1 eligible pair would both rather"));
}

TEST_F(FairnessTest, ARunWithoutAPlanHasNoReport) {
  pipeline_.AddMentor({"only", 5, 8});
  pipeline_.AddRequest({"first", 8, 2, 1});
  pipeline_.AddRequest({"second", 8, 2, 1});
  const std::string cohort = pipeline_.AddCohort();
  pipeline_.WaitUntilSeen();

  EXPECT_THAT(Report(pipeline_.Solve(cohort).name()),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("infeasible")));
}

TEST_F(FairnessTest, WrongQuestionsNameWhatIsWrong) {
  EXPECT_THAT(Report("", 10'001), StatusIs(absl::StatusCode::kInvalidArgument,
                                           AllOf(HasSubstr("run"), HasSubstr("max_blocking"))));
  EXPECT_THAT(Report("cohorts/none/runs/1"), StatusIs(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace tandem::tests
