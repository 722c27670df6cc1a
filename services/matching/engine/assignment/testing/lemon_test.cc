// The solver against LEMON's NetworkSimplex, a solver written by others, on instances too large to
// try every plan. Scores are small enough for filling and score to fit LEMON's plain numbers.

#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

#include <cstdint>
#include <iostream>
#include <ostream>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_matchers.h"
#include "gtest/gtest.h"
#include "services/matching/engine/assignment/check.h"
#include "services/matching/engine/assignment/problem.h"
#include "services/matching/engine/assignment/solve.h"

namespace tandem::engine::testing {
namespace {

struct Shape {
  std::string name;
  int needs = 0;
  int mentors = 0;
  int pairs_per_need = 0;
  int64_t scores = 1;      // Drawn from 0 to this, below it.
  int64_t mentor_max = 1;  // Drawn from 1 to this.
  int64_t need_max = 1;    // Drawn from 1 to this.
  bool popular = false;    // A few mentors stand in most pairs.
  bool mentor_minimum = false;
  int quotas = 0;        // Groups of mentors which may take a twentieth less than there are needs.
  bool nested = false;   // Every two groups lie in another, which may take a tenth less than they.
  bool partial = false;  // Every third mentor stands in no group.
};

void AddQuotas(const Shape& shape, AssignmentProblem* problem) {
  const auto add = [&](int64_t max, int32_t parent) {
    AssignmentQuota quota;
    quota.id = absl::StrCat("q", problem->quotas.size());
    quota.side = Side::kMentor;
    quota.max = max;
    quota.parent = parent;
    problem->quotas.push_back(quota);
  };
  const int64_t max = int64_t{shape.needs} * 19 / 20 / shape.quotas;
  for (int q = 0; q < shape.quotas; ++q) add(max, shape.nested ? shape.quotas + q / 2 : -1);
  for (int q = 0; shape.nested && q < (shape.quotas + 1) / 2; ++q) add(max * 9 / 5, -1);
  for (int i = 0; i < shape.mentors; ++i) {
    if (!shape.partial || i % 3 != 0) problem->mentors[i].quota = i % shape.quotas;
  }
}

AssignmentProblem Draw(const Shape& shape, uint64_t seed) {
  std::mt19937_64 random(seed);
  AssignmentProblem problem;
  problem.needs.resize(static_cast<size_t>(shape.needs));
  problem.mentors.resize(static_cast<size_t>(shape.mentors));
  const auto upto = [&random](int64_t n) {
    return static_cast<int64_t>(random() % static_cast<uint64_t>(n));
  };
  for (int i = 0; i < shape.mentors; ++i) {
    problem.mentors[i].id = absl::StrCat("m", i);
    problem.mentors[i].max = 1 + upto(shape.mentor_max);
    if (shape.mentor_minimum && i % 10 == 0) problem.mentors[i].min = 1;
  }
  if (shape.quotas > 0) AddQuotas(shape, &problem);
  std::vector<int> last_need(static_cast<size_t>(shape.mentors), -1);
  for (int n = 0; n < shape.needs; ++n) {
    problem.needs[n].id = absl::StrCat("n", n);
    problem.needs[n].max = 1 + upto(shape.need_max);
    for (int k = 0; k < shape.pairs_per_need; ++k) {
      int m = static_cast<int>(upto(shape.mentors));
      if (shape.popular) m = static_cast<int>(int64_t{m} * m / shape.mentors);
      if (last_need[m] == n) continue;
      last_need[m] = n;
      problem.pairs.push_back({n, m, upto(shape.scores)});
    }
  }
  return problem;
}

// The largest of (served, slots, points) with weights, by LEMON. Arcs with a minimum or with costs
// of either sign; the circulation is closed through the ground.
int64_t LemonOptimum(const AssignmentProblem& problem, int64_t served, int64_t slot) {
  using Graph = lemon::SmartDigraph;
  Graph graph;
  const Graph::Node ground = graph.addNode();
  std::vector<Graph::Node> needs;
  std::vector<Graph::Node> mentors;
  for (size_t i = 0; i < problem.needs.size(); ++i) needs.push_back(graph.addNode());
  for (size_t i = 0; i < problem.mentors.size(); ++i) mentors.push_back(graph.addNode());
  std::vector<Graph::Node> quotas;
  for (size_t q = 0; q < problem.quotas.size(); ++q) quotas.push_back(graph.addNode());
  Graph::ArcMap<int64_t> lower(graph);
  Graph::ArcMap<int64_t> upper(graph);
  Graph::ArcMap<int64_t> cost(graph);
  const auto add = [&](Graph::Node tail, Graph::Node head, int64_t min, int64_t max,
                       int64_t value) {
    const Graph::Arc arc = graph.addArc(tail, head);
    lower[arc] = min;
    upper[arc] = max;
    cost[arc] = -value;
  };
  for (size_t i = 0; i < needs.size(); ++i) {
    add(ground, needs[i], 0, 1, served + slot);
    add(ground, needs[i], 0, problem.needs[i].max - 1, slot);
  }
  for (const AssignmentPair& pair : problem.pairs) {
    add(needs[pair.need], mentors[pair.mentor], 0, 1, pair.score);
  }
  const auto node_of = [&](int32_t quota) { return quota < 0 ? ground : quotas[quota]; };
  for (size_t i = 0; i < mentors.size(); ++i) {
    const AssignmentMentor& mentor = problem.mentors[i];
    add(mentors[i], node_of(mentor.quota), mentor.min, mentor.max, 0);
  }
  for (size_t q = 0; q < quotas.size(); ++q) {
    add(quotas[q], node_of(problem.quotas[q].parent), 0, problem.quotas[q].max, 0);
  }
  lemon::NetworkSimplex<Graph, int64_t, int64_t> simplex(graph);
  simplex.lowerMap(lower).upperMap(upper).costMap(cost);
  EXPECT_EQ(simplex.run(), simplex.OPTIMAL);
  return -simplex.totalCost<int64_t>();
}

// How failures name the instance.
void PrintTo(const Shape& shape, std::ostream* out) { *out << shape.name; }

class LemonTest : public ::testing::TestWithParam<Shape> {};

TEST_P(LemonTest, AgreesOnTheOptimum) {
  const Shape& shape = GetParam();
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    std::cout << shape.name << " seed " << seed << " (change it in the source for another)\n";
    for (const Fill fill : {Fill::kFirst, Fill::kOptional}) {
      AssignmentProblem problem = Draw(shape, seed);
      problem.fill = fill;
      TANDEM_ASSERT_OK_AND_ASSIGN(AssignmentResult result, Solve(problem, SolveOptions()));
      ASSERT_EQ(result.outcome, Outcome::kOptimal);
      EXPECT_EQ(Check(problem, result).failure, "");
      // One slot outweighs all points, one need served outweighs all slots.
      const int64_t most = shape.scores * static_cast<int64_t>(problem.pairs.size()) + 1;
      const int64_t slot = fill == Fill::kFirst ? most : 0;
      const int64_t served = fill == Fill::kFirst ? most * 4 * shape.needs : 0;
      const int64_t ours = served * result.needs_served + slot * result.filled_slots +
                           static_cast<int64_t>(result.total_score);
      EXPECT_EQ(ours, LemonOptimum(problem, served, slot)) << shape.name << " seed " << seed;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, LemonTest,
    ::testing::Values(Shape{"Dense", 60, 60, 120, 1000}, Shape{"Sparse", 400, 400, 6, 1000},
                      Shape{"Tight", 400, 130, 20, 1000, 3},
                      Shape{"Oversupplied", 200, 600, 10, 1000},
                      Shape{"AllScoresEqual", 200, 200, 10, 1},
                      Shape{"Popular", 300, 300, 15, 1000, 2, 1, true},
                      Shape{"SeveralPerNeed", 150, 200, 15, 1000, 3, 3},
                      Shape{"MinimumsOfMentors", 200, 200, 15, 1000, 2, 2, false, true},
                      Shape{"QuotasThatBind", 400, 400, 20, 1000, 1, 1, false, false, 10},
                      Shape{"QuotasOfSome", 400, 400, 20, 1000, 2, 1, true, false, 5, false, true},
                      Shape{"NestedQuotas", 400, 300, 20, 1000, 3, 1, false, false, 8, true},
                      Shape{"QuotasSeveralPerNeed", 200, 200, 20, 1000, 4, 3, false, false, 6}),
    [](const ::testing::TestParamInfo<Shape>& info) { return info.param.name; });

}  // namespace
}  // namespace tandem::engine::testing
