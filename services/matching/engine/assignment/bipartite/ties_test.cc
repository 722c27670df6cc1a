// Ties that whole regions of a plan have, where draws are chosen so that they tie as well.

#include <cstdint>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "base/status_matchers.h"
#include "gtest/gtest.h"
#include "services/matching/engine/assignment/bipartite/bipartite_solver.h"
#include "services/matching/engine/assignment/network.h"
#include "services/matching/engine/assignment/problem.h"

namespace tandem::engine::bipartite {
namespace {

// One need, `mentors` mentors, all scores equal.
AssignmentProblem OneNeed(int32_t mentors, Fill fill) {
  AssignmentProblem problem;
  problem.fill = fill;
  problem.needs.resize(1);
  problem.needs[0].id = "n";
  problem.mentors.resize(static_cast<size_t>(mentors));
  for (int32_t j = 0; j < mentors; ++j) {
    problem.mentors[j].id = absl::StrCat("m", j);
    problem.pairs.push_back({0, j, 1'000'000});
  }
  return problem;
}

// The hash of a mentor, if the need's is 0, for which SplitMix64 from seed 0 first gives `output`:
// each step of the generator undone.
uint64_t MentorHashFor(uint64_t output) {
  uint64_t z = output;
  z ^= (z >> 31) ^ (z >> 62);
  z *= 0x319642B2D24D8EC3u;
  z ^= (z >> 27) ^ (z >> 54);
  z *= 0x96DE1B173F119089u;
  z ^= (z >> 30) ^ (z >> 60);
  z -= 0x9E3779B97F4A7C15u;
  return (z << 32) | (z >> 32);
}

// Hashes by which all pairs of OneNeed have the same draw with seed 0, and not with seed 1.
ProblemIndex IndexWithEqualDraws(const AssignmentProblem& problem) {
  ProblemIndex index(problem);
  index.need_hash[0] = 0;
  for (size_t j = 0; j < problem.mentors.size(); ++j) {
    index.mentor_hash[j] = MentorHashFor((uint64_t{j} << 40) | 123456789);
  }
  return index;
}

class TiesTest : public testing::TestWithParam<Fill> {};

TEST_P(TiesTest, DrawsOfTheNextSeedDecideWhereDrawsAreEqual) {
  const AssignmentProblem problem = OneNeed(7, GetParam());
  const ProblemIndex index = IndexWithEqualDraws(problem);
  int32_t best = 0;
  for (int32_t pair = 0; pair < 7; ++pair) {
    ASSERT_EQ(index.DrawOf(problem, pair, 0), 123456789);
    if (index.DrawOf(problem, pair, 1) > index.DrawOf(problem, best, 1)) best = pair;
  }
  const auto solver = BipartiteSolver::Create(problem, index, kEveryScore, {});
  ASSERT_NE(solver, nullptr);
  TANDEM_ASSERT_OK(solver->Solve());
  TANDEM_ASSERT_OK(solver->BreakTies());
  EXPECT_EQ(solver->ChosenPairs(), std::vector<int32_t>({best}));
  TANDEM_ASSERT_OK(solver->FindPrices());
  // The price of the need, the second node, tells in its last component what its place is worth.
  const PriceSet prices = solver->Prices();
  ASSERT_EQ(prices.nodes[1].kind, NodeKind::kNeed);
  EXPECT_EQ(prices.prices[2 * prices.components.size() - 1],
            absl::int128(-index.DrawOf(problem, best, 1)));
}

INSTANTIATE_TEST_SUITE_P(BothFillings, TiesTest, testing::Values(Fill::kFirst, Fill::kOptional));

}  // namespace
}  // namespace tandem::engine::bipartite
