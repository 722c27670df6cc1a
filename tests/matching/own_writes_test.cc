// Who has written to profiles or needs and asks matching next is answered from that write on.
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/matching/pipeline.h"

namespace tandem::tests {
namespace {

namespace v1 = matching::v1;
using ::tandem::base::StatusIs;
using ::testing::HasSubstr;

class OwnWritesTest : public ::testing::Test {
 protected:
  OwnWritesTest() {
    pipeline_.Start();
    pipeline_.AddBasics();
  }

  int64_t RevisionOf(const std::string& request) {
    needs::v1::GetEngagementRequestRequest get;
    get.set_name(request);
    const auto found = pipeline_.Call(pipeline_.needs(),
                                      &needs::v1::NeedsService::Stub::GetEngagementRequest, get);
    EXPECT_TRUE(found.ok()) << found.status();
    return found.ok() ? found->revision() : 0;
  }

  absl::StatusOr<v1::RankMentorsResponse> RankAtLeast(const std::string& need, int64_t revision) {
    v1::RankMentorsRequest request;
    request.set_need(need);
    request.mutable_at_least()->set_needs(revision);
    return pipeline_.Call(pipeline_.matching(), &v1::MatchingService::Stub::RankMentors, request);
  }

  Pipeline pipeline_;
};

TEST_F(OwnWritesTest, ANeedIsRankedAsSoonAsItsWriteIsAnswered) {
  pipeline_.AddMentor({"expert", 5});
  pipeline_.AddRequest({"first"});
  pipeline_.WaitUntilSeen();
  for (int i = 0; i < 100; ++i) {
    const std::string request = pipeline_.AddRequest({"request-" + std::to_string(i)});
    const int64_t revision = RevisionOf(request);

    TANDEM_ASSERT_OK_AND_ASSIGN(const v1::RankMentorsResponse ranking,
                                RankAtLeast(request, revision));

    EXPECT_EQ(ranking.mentors_size(), 1);
    EXPECT_GE(ranking.seen().needs(), revision);
  }
}

TEST_F(OwnWritesTest, APairIsExplainedOnceBothSidesAreSeen) {
  const std::string mentor = pipeline_.AddMentor({"expert", 5});
  const std::string request = pipeline_.AddRequest({"request"});
  profiles::v1::GetMentorRequest get;
  get.set_name(mentor);
  TANDEM_ASSERT_OK_AND_ASSIGN(
      const profiles::v1::Mentor profile,
      pipeline_.Call(pipeline_.profiles(), &profiles::v1::ProfilesService::Stub::GetMentor, get));
  v1::ExplainPairRequest ask;
  ask.set_need(request);
  ask.set_mentor(mentor);
  ask.mutable_at_least()->set_profiles(profile.revision());
  ask.mutable_at_least()->set_needs(RevisionOf(request));

  TANDEM_ASSERT_OK_AND_ASSIGN(
      const v1::ExplainPairResponse explanation,
      pipeline_.Call(pipeline_.matching(), &v1::MatchingService::Stub::ExplainPair, ask));

  EXPECT_TRUE(explanation.eligible());
}

TEST_F(OwnWritesTest, ARevisionThatDoesNotComeIsTold) {
  const std::string request = pipeline_.AddRequest({"request"});
  pipeline_.WaitUntilSeen();

  EXPECT_THAT(RankAtLeast(request, RevisionOf(request) + 10),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("has not taken in yet")));
}

TEST_F(OwnWritesTest, ARevisionThatNoStoreHasReachedIsRefusedAtOnce) {
  const std::string request = pipeline_.AddRequest({"request"});
  pipeline_.WaitUntilSeen();

  EXPECT_THAT(RankAtLeast(request, int64_t{1} << 40),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("at_least.needs")));
  EXPECT_THAT(RankAtLeast(request, -1),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("at_least.needs")));
}

TEST_F(OwnWritesTest, ARunHasEverythingThatWasAcknowledgedBeforeItRead) {
  pipeline_.AddMentor({"expert", 5});
  pipeline_.AddRequest({"early"});
  pipeline_.WaitUntilSeen();
  const std::string cohort = pipeline_.AddCohort();  // of the programme, whatever it holds then
  pipeline_.run_observer = [this](absl::string_view, absl::string_view step) {
    if (step == "reading") pipeline_.AddRequest({"late"});
  };

  const v1::CohortRun run = pipeline_.Solve(cohort);

  EXPECT_EQ(run.need_count(), 2);
}

TEST_F(OwnWritesTest, ACohortOfARequestJustWrittenIsSolved) {
  pipeline_.AddMentor({"expert", 5});
  pipeline_.AddRequest({"early"});
  pipeline_.WaitUntilSeen();
  const std::string late = pipeline_.AddRequest({"late"});
  v1::CreateCohortRequest create;
  create.mutable_cohort()->set_display_name("Just written");
  create.mutable_cohort()->set_programme(pipeline_.programme());
  create.mutable_cohort()->add_engagement_requests(late);
  create.set_request_id("cohort");
  TANDEM_ASSERT_OK_AND_ASSIGN(
      const v1::Cohort cohort,
      pipeline_.Call(pipeline_.matching(), &v1::MatchingService::Stub::CreateCohort, create));
  v1::SolveCohortRequest solve;
  solve.set_name(cohort.name());
  solve.set_request_id("solve");
  solve.mutable_at_least()->set_needs(RevisionOf(late));

  TANDEM_EXPECT_OK(
      pipeline_.Call(pipeline_.matching(), &v1::MatchingService::Stub::SolveCohort, solve)
          .status());
}

}  // namespace
}  // namespace tandem::tests
