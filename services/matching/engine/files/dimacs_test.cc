#include "services/matching/engine/files/dimacs.h"

#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

#include <cstdint>
#include <iostream>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/status_matchers.h"
#include "gtest/gtest.h"
#include "services/matching/engine/files/dimacs_verify.h"

namespace tandem::engine::files {
namespace {

using ::tandem::base::IsOkAndHolds;
using ::tandem::base::StatusIs;

TEST(DimacsTest, SolvesTheExampleOfTheFormat) {
  // The example of the DIMACS format description: cost 14.
  TANDEM_ASSERT_OK_AND_ASSIGN(DimacsProblem problem, ParseDimacs("c an example\n"
                                                                 "p min 4 5\n"
                                                                 "n 1 4\n"
                                                                 "n 4 -4\n"
                                                                 "a 1 2 0 4 2\n"
                                                                 "a 1 3 0 2 2\n"
                                                                 "a 2 3 0 2 1\n"
                                                                 "a 2 4 0 3 3\n"
                                                                 "a 3 4 0 5 1\n",
                                                                 "f", 100));
  TANDEM_ASSERT_OK_AND_ASSIGN(DimacsSolution solution, SolveDimacs(problem, SolveOptions()));
  EXPECT_TRUE(solution.feasible);
  EXPECT_EQ(solution.cost, 14);
  EXPECT_EQ(solution.flow, (std::vector<int64_t>{2, 2, 2, 0, 4}));
}

TEST(DimacsTest, NamesThePlaceOfAnError) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "f:1:1: no line \"p min NODES ARCS\""},
      {"p max 2 1\n", "f:1:3: not a minimum-cost-flow problem (p min)"},
      {"p min 2 1\nx\n", "f:2:1: a line starts with none of c, p, n, a"},
      {"p min 2 1\np min 2 1\n", "f:2:1: a second line p"},
      {"n 1 1\n", "f:1:1: a node before the line p"},
      {"a 1 2 0 1 1\n", "f:1:1: an arc before the line p"},
      {"p min 2 1\nn 3 1\n", "f:2:3: the node is not within 1 to 2"},
      {"p min 2 1\nn 1 1\nn 1 2\n", "f:3:3: node 1 stands twice"},
      {"p min 2 1\na 1 2 0 1\n", "f:2:10: the cost is missing"},
      {"p min 2 1\na 1 2 0 1 1e3\n", "f:2:11: the cost: \"1e3\" is not a whole number"},
      {"p min 2 1\na 1 2 3 1 1\n", "f:2:9: the minimum is more than the maximum"},
      {"p min 2 1\na 1 2 -1 1 1\n", "f:2:7: the minimum is not within 0 to 1000000000000"},
      {"p min 2 1\na 1 2 0 1 1 9\n", "f:2:13: more on the line than belongs there"},
      {"p min 2 0\na 1 2 0 1 1\n", "f:2:1: more arcs than the 0 announced"},
      {"p min 2 2\na 1 2 0 1 1\n", "f:2:12: 1 arcs where 2 are announced"},
  };
  for (const auto& [text, message] : cases) {
    EXPECT_THAT(ParseDimacs(text, "f", 100).status(),
                StatusIs(absl::StatusCode::kInvalidArgument, message));
  }
  EXPECT_THAT(ParseDimacs("p min 200 1\n", "f", 100).status(),
              StatusIs(absl::StatusCode::kResourceExhausted));
}

TEST(DimacsTest, MoreSuppliesThanSumsCanHoldAreRefused) {
  constexpr int64_t kNodes = 1'000'001;
  std::string text = absl::StrCat("p min ", kNodes, " 0\n");
  for (int64_t node = 1; node <= kNodes; ++node) {
    absl::StrAppend(&text, "n ", node, " ", node % 2 == 0 ? "" : "-", kMaxDimacsNumber, "\n");
  }
  EXPECT_THAT(
      ParseDimacs(text, "f", kNodes).status(),
      StatusIs(absl::StatusCode::kInvalidArgument,
               "f:1000002:11: supplies and minimums are more than 1000000000000000000 together"));
}

// A random problem whose supplies add up to 0.
DimacsProblem Draw(std::mt19937_64& random) {
  const auto below = [&random](int64_t n) {
    return static_cast<int64_t>(random() % static_cast<uint64_t>(n));
  };
  DimacsProblem problem;
  problem.nodes = static_cast<int32_t>(2 + below(12));
  problem.supply.assign(static_cast<size_t>(problem.nodes), 0);
  for (int i = 0; i < 3; ++i) {
    const int64_t amount = below(4);
    problem.supply[below(problem.nodes)] += amount;
    problem.supply[below(problem.nodes)] -= amount;
  }
  for (int64_t count = below(40); count > 0; --count) {
    DimacsArc arc;
    arc.from = static_cast<int32_t>(1 + below(problem.nodes));
    arc.to = static_cast<int32_t>(1 + below(problem.nodes));
    arc.min = below(10) == 0 ? 1 : 0;
    arc.max = arc.min + below(6);
    arc.cost = below(20) - 4;
    problem.arcs.push_back(arc);
  }
  return problem;
}

// The least cost by LEMON; false if there is none.
bool LemonCost(const DimacsProblem& problem, int64_t* cost) {
  using Graph = lemon::SmartDigraph;
  Graph graph;
  std::vector<Graph::Node> nodes;
  for (int32_t i = 0; i < problem.nodes; ++i) nodes.push_back(graph.addNode());
  Graph::NodeMap<int64_t> supply(graph);
  Graph::ArcMap<int64_t> lower(graph);
  Graph::ArcMap<int64_t> upper(graph);
  Graph::ArcMap<int64_t> costs(graph);
  for (int32_t i = 0; i < problem.nodes; ++i) supply[nodes[i]] = problem.supply[i];
  for (const DimacsArc& from : problem.arcs) {
    const Graph::Arc arc = graph.addArc(nodes[from.from - 1], nodes[from.to - 1]);
    lower[arc] = from.min;
    upper[arc] = from.max;
    costs[arc] = from.cost;
  }
  lemon::NetworkSimplex<Graph, int64_t, int64_t> simplex(graph);
  simplex.lowerMap(lower).upperMap(upper).costMap(costs).supplyMap(supply);
  if (simplex.run() != simplex.OPTIMAL) return false;
  *cost = simplex.totalCost<int64_t>();
  return true;
}

// That the prices prove the flow to be of least cost.
void ExpectProven(const DimacsProblem& problem, const DimacsSolution& solution) {
  std::vector<absl::int128> balance(problem.supply.begin(), problem.supply.end());
  for (size_t i = 0; i < problem.arcs.size(); ++i) {
    const DimacsArc& arc = problem.arcs[i];
    const int64_t flow = solution.flow[i];
    EXPECT_GE(flow, arc.min);
    EXPECT_LE(flow, arc.max);
    balance[arc.from - 1] -= flow;
    balance[arc.to - 1] += flow;
    const absl::int128 zero = 0;
    const std::pair<absl::int128, absl::int128> reduced = {
        solution.prices[2 * (arc.from - 1)] - solution.prices[2 * (arc.to - 1)],
        solution.prices[2 * (arc.from - 1) + 1] - solution.prices[2 * (arc.to - 1) + 1] - arc.cost};
    const auto nothing = std::make_pair(zero, zero);
    EXPECT_TRUE(flow == arc.max || reduced <= nothing);
    EXPECT_TRUE(flow == arc.min || reduced >= nothing);
  }
  for (const absl::int128& rest : balance) EXPECT_EQ(rest, 0);
}

TEST(DimacsTest, AgreesWithLemonAndProvesIt) {
  const uint64_t seed = 20261122;
  std::cout << "seed " << seed << " (change it in the source to try another)\n";
  std::mt19937_64 random(seed);
  int feasible = 0;
  for (int round = 0; round < 3000; ++round) {
    const DimacsProblem problem = Draw(random);
    TANDEM_ASSERT_OK_AND_ASSIGN(DimacsSolution solution, SolveDimacs(problem, SolveOptions()));
    int64_t cost = 0;
    ASSERT_EQ(solution.feasible, LemonCost(problem, &cost)) << "round " << round;
    EXPECT_THAT(VerifyDimacs(problem, DimacsToJson(problem, solution), "f"), IsOkAndHolds(""))
        << "round " << round;
    if (!solution.feasible) continue;
    ++feasible;
    EXPECT_EQ(solution.cost, cost) << "round " << round;
    ExpectProven(problem, solution);
  }
  EXPECT_GT(feasible, 500);
}

// What the verifier says when `from` in the result of a problem becomes `to`.
std::string FailureOf(const std::string& problem_text, const std::string& from,
                      const std::string& to) {
  const auto problem = ParseDimacs(problem_text, "f", 100);
  const auto solution = SolveDimacs(*problem, SolveOptions());
  const std::string json = DimacsToJson(*problem, *solution);
  const std::string changed = absl::StrReplaceAll(json, {{from, to}});
  EXPECT_NE(changed, json) << from << " in\n" << json;
  const auto failure = VerifyDimacs(*problem, changed, "r");
  EXPECT_TRUE(failure.ok()) << failure.status();
  return failure.ok() ? *failure : "";
}

TEST(DimacsTest, AChangedFlowIsNotProven) {
  const std::string text = "p min 2 2\nn 1 3\nn 2 -3\na 1 2 0 2 5\na 1 2 0 2 7\n";
  EXPECT_EQ(FailureOf(text, "\"cost\": \"17\"", "\"cost\": \"16\""), "cost: the flow costs 17");
  EXPECT_EQ(FailureOf(text, "\"flow\": 1", "\"flow\": 3"), "arcs[1]: flow is not within 0 to 2");
  EXPECT_EQ(FailureOf(text, "\"flow\": 1", "\"flow\": 2"), "node 1: does not balance");
  EXPECT_EQ(FailureOf(text, "\"to\": 2, \"flow\": 1", "\"to\": 1, \"flow\": 1"),
            "arcs[1]: another arc");
  EXPECT_EQ(FailureOf(text, "\"certificate\"", "\"nothing\""), "certificate: missing");
  EXPECT_EQ(FailureOf(text, "OPTIMAL", "INFEASIBLE"), "conflict: missing");
}

TEST(DimacsTest, AFlowThatCostsMoreIsNotProvenByAnyPrices) {
  const auto problem = ParseDimacs("p min 2 2\nn 1 1\nn 2 -1\na 1 2 0 1 5\na 1 2 0 1 7\n", "f", 9);
  for (int price = -9; price <= 9; ++price) {
    const std::string result = absl::StrCat(
        R"({"status": "OPTIMAL", "cost": "7", "arcs": [{"from": 1, "to": 2, "flow": 0},
            {"from": 1, "to": 2, "flow": 1}], "certificate": {"prices": [["0", "0"], ["0", ")",
        price, "\"]]}}");
    TANDEM_ASSERT_OK_AND_ASSIGN(const std::string failure, VerifyDimacs(*problem, result, "r"));
    EXPECT_NE(failure, "") << price;
  }
}

TEST(DimacsTest, AChangedConflictIsNotProven) {
  const std::string text = "p min 2 1\nn 1 3\nn 2 -3\na 1 2 0 2 5\n";
  EXPECT_EQ(FailureOf(text, "\"demand\": \"3\"", "\"demand\": \"4\""), "demand: it is 3");
  EXPECT_EQ(FailureOf(text, "\"supply\": \"2\"", "\"supply\": \"1\""), "supply: it is 2");
  EXPECT_EQ(FailureOf(text, "\"nodes\": [1]", "\"nodes\": [3]"),
            "nodes[0]: no node of the problem");
  EXPECT_EQ(FailureOf(text, "\"nodes\": [1]", "\"nodes\": [1, 1]"), "nodes[1]: stands twice");
  EXPECT_EQ(FailureOf(text, "\"nodes\": [1]", "\"nodes\": []"), "demand: it is 0");
  EXPECT_EQ(FailureOf(text, "INFEASIBLE", "OPTIMAL"), "arcs: missing");
  const auto problem = ParseDimacs("p min 2 1\nn 1 2\nn 2 -2\na 1 2 0 2 5\n", "f", 9);
  EXPECT_THAT(VerifyDimacs(*problem,
                           R"({"status": "INFEASIBLE", "conflict": {"nodes": [1],
                               "demand_enters": true, "demand": "2", "supply": "2"}})",
                           "r"),
              IsOkAndHolds("conflict: the demand is not more than the supply"));
}

}  // namespace
}  // namespace tandem::engine::files
