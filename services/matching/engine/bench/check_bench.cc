// How long the checker takes beside merely summing the scores of all pairs:
//
//   check_bench [SEED]
//
// Medians of 5, CPU seconds. "Check" is everything: that the plan keeps every rule, its numbers,
// its value, draws included, and the prices on every pair.

#include <cstdint>
#include <iostream>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "services/matching/engine/assignment/check.h"
#include "services/matching/engine/assignment/problem.h"
#include "services/matching/engine/assignment/solve.h"
#include "services/matching/engine/bench/bench_instances.h"
#include "services/matching/engine/bench/measure.h"

namespace tandem::engine::bench {
namespace {

constexpr int kRounds = 5;
constexpr const char* kInstances[] = {
    "100k x 100k, 1-5, uniform, optional",
    "100k x 100k, 1-5, uniform, first",
    "100k x 33k, 1-5, popular, first",
    "100k x 100k, 1, uniform, first",
    "dense 3000, 1, popular",
    "10k x 10k, total",
    "10k x 10k, coverage",
    "10k x 10k, floor",
    "10k x 10k, minimums",
    "10k x 10k, 3 per need",
    "10k x 10k, quotas",
    "10k x 10k, stable",
};

// The median of what `work` takes.
template <typename Work>
double Median(const Work& work) {
  std::vector<double> seconds;
  for (int round = 0; round < kRounds; ++round) {
    const double start = CpuSeconds();
    work();
    seconds.push_back(CpuSeconds() - start);
  }
  return Quantile(seconds, 0.5);
}

bool Run(const Instance& instance, uint64_t seed) {
  const AssignmentProblem problem = Generate(instance, seed);
  const auto result = Solve(problem, SolveOptions());
  if (!result.ok()) return false;
  absl::int128 total = 0;
  const double sum = Median([&] {
    int64_t part = 0;
    for (const AssignmentPair& pair : problem.pairs) part += pair.score;
    total += part;
  });
  bool valid = true;
  const double before = PeakMegabytes();
  const double check = Median([&] { valid = valid && Check(problem, *result).valid; });
  std::cout << absl::StrFormat("%-38s | %9d | %9.2f %9.2f | %7.1f | %7.0f%s\n", instance.name,
                               problem.pairs.size(), 1e3 * sum, 1e3 * check, check / sum,
                               PeakMegabytes() - before, valid && total > 0 ? "" : "  NOT VALID")
            << std::flush;
  return valid;
}

int Main(int argc, char** argv) {
  uint64_t seed = 20261125;
  if (argc > 2 || (argc > 1 && !absl::SimpleAtoi(argv[1], &seed))) {
    std::cerr << "usage: check_bench [SEED]\n";
    return 2;
  }
  std::cout << "seed " << seed << "\n"
            << absl::StrFormat("%-38s | %9s | %9s %9s | %7s | %7s\n", "checking a result", "pairs",
                               "sum ms", "check ms", "x", "more MB");
  bool fine = true;
  for (const Instance& instance : AllInstances()) {
    for (const char* name : kInstances) {
      if (instance.name == name) fine = Run(instance, seed) && fine;
    }
  }
  return fine ? 0 : 1;
}

}  // namespace
}  // namespace tandem::engine::bench

int main(int argc, char** argv) { return tandem::engine::bench::Main(argc, argv); }
