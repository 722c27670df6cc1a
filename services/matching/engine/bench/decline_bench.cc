// How long the plan takes to be right again after somebody declines, beside LEMON's NetworkSimplex
// solving anew:
//
//   decline_bench [SEED [DECLINES]]
//
// A random pair of the plan becomes forbidden, then plan and prices are repaired; ties and
// canonical prices are left out, as they are for LEMON. Declines add up; afterwards LEMON solves
// the problem without all declined pairs, and must find the same total. CPU seconds.

#include <algorithm>
#include <cstdint>
#include <iostream>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "services/matching/engine/assignment/bipartite/bipartite_solver.h"
#include "services/matching/engine/assignment/network.h"
#include "services/matching/engine/assignment/problem.h"
#include "services/matching/engine/assignment/solve.h"
#include "services/matching/engine/bench/bench_instances.h"
#include "services/matching/engine/bench/lemon_model.h"
#include "services/matching/engine/bench/measure.h"

namespace tandem::engine::bench {
namespace {

using bipartite::BipartiteSolver;

struct Scenario {
  const char* name;
  const char* instance;
  double aim;  // Times quicker than LEMON.
};

constexpr Scenario kScenarios[] = {
    {"oversupplied", "100k x 100k, 1-5, uniform, optional", 10'000},
    {"oversupplied, popular", "100k x 100k, 1-5, popular, optional", 10'000},
    {"tight", "100k x 33k, 1-5, uniform, optional", 2'000},
    {"tight, popular", "100k x 33k, 1-5, popular, optional", 2'000},
    {"every place taken", "100k x 100k, 1, uniform, optional", 400},
};

struct Declines {
  std::vector<double> seconds;
  std::vector<double> pairs_scanned;
  std::vector<int32_t> pairs;  // Declined ones.
  int64_t points = 0;          // Of the plan after all of them, in micro-points.
};

// Empty if the solver fails.
Declines Decline(const AssignmentProblem& problem, int declines, uint64_t seed) {
  const ProblemIndex index(problem);
  const std::unique_ptr<BipartiteSolver> solver =
      BipartiteSolver::Create(problem, index, bipartite::kEveryScore, SolveOptions());
  if (solver == nullptr || !solver->Solve().ok()) return {};
  solver->PrepareForChanges();
  std::mt19937_64 random(seed);
  Declines result;
  std::vector<int32_t> plan = solver->ChosenPairs();
  for (int i = 0; i < declines && !plan.empty(); ++i) {
    const int32_t pair = plan[random() % plan.size()];
    const int64_t scanned = solver->pairs_scanned();
    const double start = CpuSeconds();
    solver->ForbidPair(problem.pairs[pair].need, problem.pairs[pair].mentor);
    const bool fine = solver->Resolve().ok();
    result.seconds.push_back(CpuSeconds() - start);
    if (!fine) return {};
    result.pairs_scanned.push_back(static_cast<double>(solver->pairs_scanned() - scanned));
    result.pairs.push_back(pair);
    plan = solver->ChosenPairs();
  }
  for (int32_t pair : plan) result.points += problem.pairs[pair].score;
  return result;
}

AssignmentProblem Without(AssignmentProblem problem, const std::vector<int32_t>& declined) {
  const std::set<int32_t> gone(declined.begin(), declined.end());
  std::vector<AssignmentPair> pairs;
  for (size_t i = 0; i < problem.pairs.size(); ++i) {
    if (gone.count(static_cast<int32_t>(i)) == 0) pairs.push_back(problem.pairs[i]);
  }
  problem.pairs = std::move(pairs);
  return problem;
}

bool Run(const Scenario& scenario, uint64_t seed, int declines) {
  for (const Instance& instance : AllInstances()) {
    if (instance.name != scenario.instance) continue;
    const AssignmentProblem problem = Generate(instance, seed);
    const Declines ours = Decline(problem, declines, seed + 1);
    if (ours.seconds.empty()) break;
    const LemonFigures lemon = SolveWithLemon(Without(problem, ours.pairs), CpuSeconds);
    const double p50 = Quantile(ours.seconds, 0.5);
    std::cout << absl::StrFormat(
                     "%-22s | %8.2f | %10.4f %10.4f %10.4f | %9.0f %9.0f | %9.0f %8.0f\n",
                     scenario.name, lemon.solve_seconds, 1e3 * p50,
                     1e3 * Quantile(ours.seconds, 0.99), 1e3 * Quantile(ours.seconds, 1),
                     Quantile(ours.pairs_scanned, 0.5), Quantile(ours.pairs_scanned, 0.99),
                     lemon.solve_seconds / p50, scenario.aim)
              << std::flush;
    if (lemon.optimal && lemon.points == ours.points) return true;
    std::cout << "DIFFERENT: LEMON " << lemon.points << " points, ours " << ours.points << "\n";
    return false;
  }
  std::cout << scenario.name << ": not measured\n";
  return false;
}

int Main(int argc, char** argv) {
  uint64_t seed = 20261125;
  int declines = 1000;
  if ((argc > 1 && !absl::SimpleAtoi(argv[1], &seed)) ||
      (argc > 2 && !absl::SimpleAtoi(argv[2], &declines)) || argc > 3 || declines < 1) {
    std::cerr << "usage: decline_bench [SEED [DECLINES]]\n";
    return 2;
  }
  std::cout << "seed " << seed << ", " << declines << " declines\n"
            << absl::StrFormat("%-22s | %8s | %10s %10s %10s | %9s %9s | %9s %8s\n",
                               "after a decline", "LEMON s", "p50 ms", "p99 ms", "max ms",
                               "pairs p50", "pairs p99", "x (p50)", "aim");
  bool fine = true;
  for (const Scenario& scenario : kScenarios) fine = Run(scenario, seed, declines) && fine;
  return fine ? 0 : 1;
}

}  // namespace
}  // namespace tandem::engine::bench

int main(int argc, char** argv) { return tandem::engine::bench::Main(argc, argv); }
