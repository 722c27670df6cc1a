#include "services/matching/engine/assignment/problem.h"

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::engine {
namespace {

using ::tandem::base::IsOk;
using ::tandem::base::StatusIs;
using ::testing::HasSubstr;

// Two needs, two mentors, every pair, a quota on each side.
AssignmentProblem Good() {
  AssignmentProblem problem;
  problem.quotas = {{"qn", Side::kNeed, 0, 2, -1}, {"qm", Side::kMentor, 0, kUnlimited, -1}};
  problem.needs.resize(2);
  problem.mentors.resize(2);
  for (int i = 0; i < 2; ++i) {
    problem.needs[i].id = i == 0 ? "a" : "b";
    problem.mentors[i].id = i == 0 ? "x" : "y";
    for (int j = 0; j < 2; ++j) problem.pairs.push_back({i, j, 5});
  }
  problem.needs[0].quota = 0;
  problem.mentors[1].quota = 1;
  return problem;
}

// A change that makes the problem wrong, and what the error must say.
struct BadCase {
  std::function<void(AssignmentProblem&)> spoil;
  std::string message;
};

TEST(ProblemTest, AcceptsAGoodProblem) { EXPECT_THAT(ValidateProblem(Good()), IsOk()); }

TEST(ProblemTest, NamesTheWrongEntryAndField) {
  using P = AssignmentProblem;
  const std::vector<BadCase> cases = {
      {[](P& p) { p.needs[1].id = "a"; }, "need 'a' stands twice"},
      {[](P& p) { p.needs[1].id = ""; }, "a need without an id"},
      {[](P& p) { p.mentors[1].id = "x"; }, "mentor 'x' stands twice"},
      {[](P& p) { p.needs[0].min = 2; }, "need 'a': min 2 is more than max 1"},
      {[](P& p) { p.mentors[0].max = -1; }, "mentor 'x': max is -1"},
      {[](P& p) { p.mentors[0].min = -1; }, "mentor 'x': min is -1"},
      {[](P& p) { p.needs[0].max = kMaxCapacity + 1; }, "need 'a': max is 1000000001"},
      {[](P& p) { p.needs[0].tier = 0; }, "need 'a': tier is 0"},
      {[](P& p) { p.needs[0].tier = 10; }, "need 'a': tier is 10"},
      {[](P& p) { p.needs[0].quota = 7; }, "need 'a': no quota 7"},
      {[](P& p) { p.needs[0].quota = 1; }, "need 'a': quota 'qm' is of the other side"},
      {[](P& p) { p.quotas[1].id = "qn"; }, "quota 'qn' stands twice"},
      {[](P& p) { p.quotas[0].min = 3; }, "quota 'qn': min 3 is more than max 2"},
      {[](P& p) { p.quotas[0].parent = 1; }, "quota 'qn': quota 'qm' is of the other side"},
      {[](P& p) { p.quotas[0].parent = 0; }, "quota 'qn' is its own ancestor"},
      {[](P& p) { p.pairs[1].mentor = 0; }, "listed pair of need 'a' and mentor 'x' stands twice"},
      {[](P& p) { p.pairs[1].need = 9; }, "listed pair with need 9 and mentor 1: no such index"},
      {[](P& p) { p.pairs[0].score = -1; }, "pair of need 'a' and mentor 'x': score is -1"},
      {[](P& p) { p.pairs[0].score = kMaxScore + 1; }, "score is 1000000000000001"},
      {[](P& p) { p.pairs[0].mentor_score = -2; }, "mentor_score is -2"},
      {[](P& p) {
         p.pinned = {{0, 0}, {0, 0}};
       },
       "pinned pair of need 'a' and mentor 'x' stands"},
      {[](P& p) {
         p.forbidden = {{0, 2}};
       },
       "forbidden pair with need 0 and mentor 2"},
      {[](P& p) { p.has_previous = true, p.change_penalty = -1; }, "change_penalty is -1"},
      {[](P& p) {
         p.has_previous = true, p.previous = {{"a", "x"}, {"a", "x"}};
       },
       "previous pair of need 'a' and mentor 'x' stands twice"},
  };
  for (const BadCase& bad : cases) {
    AssignmentProblem problem = Good();
    bad.spoil(problem);
    EXPECT_THAT(ValidateProblem(problem),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(bad.message)));
  }
}

TEST(ProblemTest, OfSeveralRepeatedPairsInNoOrderTheFirstInTheListIsNamed) {
  AssignmentProblem problem = Good();
  problem.pairs = {{1, 1, 5}, {0, 0, 5}, {1, 0, 5}, {0, 0, 6}, {1, 1, 6}};
  EXPECT_THAT(ValidateProblem(problem),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("listed pair of need 'a' and mentor 'x' stands twice")));

  problem.pairs = {{1, 1, 5}, {0, 0, 5}, {1, 0, 5}};
  TANDEM_EXPECT_OK(ValidateProblem(problem));
}

TEST(ProblemTest, RefusesOptionsThatExcludeEachOther) {
  using P = AssignmentProblem;
  const auto stable = [](P& p) {
    p.objective = Objective::kStable;
    p.quotas.clear();
    p.needs[0].quota = p.mentors[1].quota = -1;
  };
  const std::vector<BadCase> cases = {
      {[](P& p) { p.objective = Objective::kFloor, p.fill = Fill::kOptional; },
       "optional filling goes with the objective total only"},
      {[](P& p) { p.change_penalty = 1; }, "a change penalty needs a previous plan"},
      {[](P& p) { p.objective = Objective::kStable; }, "stable takes no quotas"},
      {[&](P& p) { stable(p), p.needs[1].min = 1; }, "need 'b' has one"},
      {[&](P& p) { stable(p), p.mentors[1].min = 1; }, "mentor 'y' has one"},
      {[&](P& p) { stable(p), p.has_previous = true; }, "stable takes no previous plan"},
      {[&](P& p) { stable(p), p.needs[0].request = "b"; }, "requests of several roles, as 'b'"},
      {[](P& p) { p.objective = Objective::kCoverage, p.needs[1].beneficiary = "a"; },
       "needs 'a' and 'b' of beneficiary 'a' stand in different ones"},
  };
  for (const BadCase& bad : cases) {
    AssignmentProblem problem = Good();
    bad.spoil(problem);
    EXPECT_THAT(ValidateProblem(problem),
                StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr(bad.message)));
  }
}

}  // namespace
}  // namespace tandem::engine
