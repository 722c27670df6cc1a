#include "services/matching/cohorts/cohort_problem.h"

#include <algorithm>

#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::matching {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::CivilMonth kJanuary(2027, 1);

MonthlyWork Work(int64_t hours) { return {hours, {kJanuary, kJanuary + 2}}; }

CohortNeed Need(const std::string& request, int64_t hours = 5) {
  return {request + "/roles/lead", request, "organisations/" + request, 0, 1, 1, Work(hours)};
}

// Two needs, two mentors, everybody eligible for everything.
CohortInputs TwoByTwo() {
  CohortInputs inputs;
  inputs.needs = {Need("engagementRequests/b"), Need("engagementRequests/a")};
  inputs.mentors = {{"mentors/2", {8, 3, {}}}, {"mentors/1", {20, 3, {}}}};
  inputs.pairs = {{0, 0, 400}, {0, 1, 300}, {1, 0, 200}, {1, 1, 100}};
  return inputs;
}

std::vector<int64_t> Maximums(const engine::AssignmentProblem& problem) {
  std::vector<int64_t> result;
  for (const engine::AssignmentMentor& mentor : problem.mentors) result.push_back(mentor.max);
  return result;
}

TEST(CohortProblemTest, TheOrderOfTheInputsDoesNotMatter) {
  const engine::AssignmentProblem expected = BuildProblem(TwoByTwo(), HoursRule::kConservative);
  CohortInputs shuffled = TwoByTwo();
  std::reverse(shuffled.pairs.begin(), shuffled.pairs.end());

  const engine::AssignmentProblem problem = BuildProblem(shuffled, HoursRule::kConservative);

  ASSERT_EQ(problem.pairs.size(), 4u);
  for (size_t i = 0; i < problem.pairs.size(); ++i) {
    EXPECT_EQ(problem.pairs[i].need, expected.pairs[i].need);
    EXPECT_EQ(problem.pairs[i].mentor, expected.pairs[i].mentor);
    EXPECT_EQ(problem.pairs[i].score, expected.pairs[i].score);
  }
  EXPECT_EQ(problem.needs[0].id, "engagementRequests/a/roles/lead");
  TANDEM_EXPECT_OK(engine::ValidateProblem(problem));
}

TEST(CohortProblemTest, PlacesFollowTheRuleOfHoursUnlessHoursAreIgnored) {
  EXPECT_THAT(Maximums(BuildProblem(TwoByTwo(), HoursRule::kConservative)), ElementsAre(3, 1));
  EXPECT_THAT(Maximums(BuildProblem(TwoByTwo(), HoursRule::kIgnored)), ElementsAre(3, 3));
}

TEST(CohortProblemTest, AnActiveMatchStaysAtItsScoreEvenIfNoLongerEligible) {
  CohortInputs inputs = TwoByTwo();
  inputs.pairs.erase(inputs.pairs.begin());  // need b, mentor 2
  inputs.active = {{0, 0, 777}};
  inputs.mentors[0].capacity.promised = {Work(5)};

  const engine::AssignmentProblem problem = BuildProblem(inputs, HoursRule::kConservative);

  EXPECT_THAT(problem.pinned, ElementsAre(engine::PairRef{1, 1}));
  EXPECT_EQ(problem.pairs.back().score, 777);
  // 8 - 5 hours leave no place for the 5 hours of need a: the maximum is the accepted load.
  EXPECT_THAT(Maximums(problem), ElementsAre(3, 1));
  TANDEM_EXPECT_OK(engine::ValidateProblem(problem));
}

TEST(CohortProblemTest, MaximumsAreRaisedToTheAcceptedLoadAndTheMentorIsReported) {
  CohortInputs inputs = TwoByTwo();
  inputs.active = {{0, 0, 1}, {0, 1, 2}};
  inputs.mentors[0].capacity = {3, 0, {Work(5)}};
  inputs.mentors[1].capacity.promised = {Work(5)};

  const engine::AssignmentProblem problem = BuildProblem(inputs, HoursRule::kConservative);

  EXPECT_EQ(problem.needs[1].max, 2);
  EXPECT_THAT(Maximums(problem), ElementsAre(3, 1));
  EXPECT_THAT(OvercommittedMentors(inputs), ElementsAre("mentors/2"));
  EXPECT_THAT(OvercommittedMentors(TwoByTwo()), IsEmpty());
}

}  // namespace
}  // namespace tandem::matching
