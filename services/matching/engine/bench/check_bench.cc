// How long the checker takes beside merely summing the scores of all pairs:
//
//   check_bench [SEED]
//
// Medians of 11 rounds, CPU seconds. A round does each in turn, so that both find the caches as the
// other left them. "Check" is everything: that the plan keeps every rule, its numbers, its value,
// draws included, and the prices on every pair. "Hash" is a part of it that no checker can do
// without: the SHA-256 of the ids of all needs and mentors that have a match, as their draws are
// part of the value.

#include <cstdint>
#include <iostream>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "base/sha256.h"
#include "services/matching/engine/assignment/check.h"
#include "services/matching/engine/assignment/problem.h"
#include "services/matching/engine/assignment/solve.h"
#include "services/matching/engine/bench/bench_instances.h"
#include "services/matching/engine/bench/measure.h"

namespace tandem::engine::bench {
namespace {

constexpr int kRounds = 11;
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

// How often a piece of work was done, and how long each time took.
class Timed {
 public:
  template <typename Work>
  void Do(const Work& work) {
    const double start = CpuSeconds();
    work();
    seconds_.push_back(CpuSeconds() - start);
  }
  double MedianMs() const { return 1e3 * Quantile(seconds_, 0.5); }

 private:
  std::vector<double> seconds_;
};

uint64_t HashIds(const AssignmentProblem& problem, const std::vector<bool>& need_has,
                 const std::vector<bool>& mentor_has) {
  uint64_t sum = 0;
  for (size_t i = 0; i < need_has.size(); ++i) {
    if (need_has[i]) sum += base::Sha256Prefix(problem.needs[i].id);
  }
  for (size_t j = 0; j < mentor_has.size(); ++j) {
    if (mentor_has[j]) sum += base::Sha256Prefix(problem.mentors[j].id);
  }
  return sum;
}

bool Run(const Instance& instance, uint64_t seed) {
  const AssignmentProblem problem = Generate(instance, seed);
  const auto result = Solve(problem, SolveOptions());
  if (!result.ok()) return false;
  std::vector<bool> need_has(problem.needs.size());
  std::vector<bool> mentor_has(problem.mentors.size());
  for (const Match& match : result->matches) {
    need_has[match.need] = mentor_has[match.mentor] = true;
  }
  Timed sum;
  Timed check;
  Timed hash;
  bool valid = true;
  absl::uint128 total = 0;  // So that no work is left out as useless.
  const double before = PeakMegabytes();
  for (int round = 0; round < kRounds; ++round) {
    sum.Do([&] {
      uint64_t part = 0;
      for (const AssignmentPair& pair : problem.pairs) part += static_cast<uint64_t>(pair.score);
      total += part;
    });
    check.Do([&] { valid = valid && Check(problem, *result).valid; });
    hash.Do([&] { total += HashIds(problem, need_has, mentor_has); });
  }
  std::cout << absl::StrFormat("%-38s | %9d | %9.2f %9.2f %9.2f | %7.1f | %7.0f%s\n", instance.name,
                               problem.pairs.size(), sum.MedianMs(), hash.MedianMs(),
                               check.MedianMs(), check.MedianMs() / sum.MedianMs(),
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
            << absl::StrFormat("%-38s | %9s | %9s %9s %9s | %7s | %7s\n", "checking a result",
                               "pairs", "sum ms", "hash ms", "check ms", "x", "more MB");
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
