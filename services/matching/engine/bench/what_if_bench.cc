// How long answers from a solved plan take: "why not" for random pairs, the best places.
//
//   what_if_bench OBJECTIVE NEEDS MENTORS PAIRS_PER_NEED MAX_CAPACITY QUESTIONS SEED
//
// Partners and scores are drawn uniformly; capacities 1 to MAX_CAPACITY. OBJECTIVE: total, optional
// (total with filling optional), coverage, floor or stable. One line of JSON; times in CPU seconds.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "services/matching/engine/assignment/problem.h"
#include "services/matching/engine/assignment/solve.h"
#include "services/matching/engine/assignment/why_not.h"
#include "services/matching/engine/bench/measure.h"

namespace tandem::engine {
namespace {

using bench::CpuSeconds;
using bench::Quantile;

constexpr int kPlaces = 10;

AssignmentProblem Uniform(const std::string& objective, int needs, int mentors, int pairs_per_need,
                          int max_capacity, uint64_t seed) {
  std::mt19937_64 random(seed);
  AssignmentProblem problem;
  if (objective == "optional") problem.fill = Fill::kOptional;
  if (objective == "coverage") problem.objective = Objective::kCoverage;
  if (objective == "floor") problem.objective = Objective::kFloor;
  if (objective == "stable") problem.objective = Objective::kStable;
  problem.needs.resize(needs);
  problem.mentors.resize(mentors);
  for (int i = 0; i < needs; ++i) {
    problem.needs[i].id = absl::StrCat("n", i);
    problem.needs[i].beneficiary = absl::StrCat("b", random() % (needs / 5 + 1));
  }
  for (int i = 0; i < mentors; ++i) {
    problem.mentors[i].id = absl::StrCat("m", i);
    problem.mentors[i].max = 1 + static_cast<int64_t>(random() % max_capacity);
  }
  absl::flat_hash_set<int32_t> partners;
  for (int32_t need = 0; need < needs; ++need) {
    partners.clear();
    while (static_cast<int>(partners.size()) < std::min(pairs_per_need, mentors)) {
      const auto mentor = static_cast<int32_t>(random() % mentors);
      if (!partners.insert(mentor).second) continue;
      problem.pairs.push_back(
          {need, mentor, static_cast<int64_t>(random() % 1'000'001), kSameScore});
    }
  }
  return problem;
}

int Fail(const absl::Status& status) {
  std::cerr << status << "\n";
  return 1;
}

int Run(char** args) {
  const std::string objective = args[1];
  const uint64_t seed = std::strtoull(args[7], nullptr, 10);
  const int questions = std::atoi(args[6]);
  const AssignmentProblem problem = Uniform(objective, std::atoi(args[2]), std::atoi(args[3]),
                                            std::atoi(args[4]), std::atoi(args[5]), seed);
  double start = CpuSeconds();
  const absl::StatusOr<AssignmentResult> result = Solve(problem, SolveOptions());
  if (!result.ok()) return Fail(result.status());
  const double solve = CpuSeconds() - start;
  start = CpuSeconds();
  const auto plan = SolvedPlan::Of(problem, *result);
  if (!plan.ok()) return Fail(plan.status());
  const double build = CpuSeconds() - start;
  std::mt19937_64 random(seed + 1);
  std::vector<double> times;
  size_t moved = 0;
  for (int i = 0; i < questions; ++i) {
    const AssignmentPair& pair = problem.pairs[random() % problem.pairs.size()];
    start = CpuSeconds();
    const auto why = (*plan)->ExplainWhyNot(pair.need, pair.mentor);
    times.push_back(CpuSeconds() - start);
    if (!why.ok()) return Fail(why.status());
    moved += why->removed.size() + why->added.size();
  }
  std::cout << "{\"objective\":\"" << objective << "\",\"pairs\":" << problem.pairs.size()
            << ",\"solve_s\":" << solve << ",\"index_s\":" << build
            << ",\"why_not_p50_ms\":" << 1e3 * Quantile(times, 0.5)
            << ",\"why_not_p99_ms\":" << 1e3 * Quantile(times, 0.99)
            << ",\"why_not_max_ms\":" << 1e3 * Quantile(times, 1)
            << ",\"moved_mean\":" << static_cast<double>(moved) / questions;
  if (problem.objective != Objective::kStable) {
    start = CpuSeconds();
    const auto places = (*plan)->BestPlaces(kPlaces, SolveOptions());
    if (!places.ok()) return Fail(places.status());
    std::cout << ",\"best_10_places_s\":" << CpuSeconds() - start;
  }
  std::cout << "}" << std::endl;
  return 0;
}

}  // namespace
}  // namespace tandem::engine

int main(int argc, char** argv) {
  if (argc == 8) return tandem::engine::Run(argv);
  std::cerr << "what_if_bench OBJECTIVE NEEDS MENTORS PAIRS_PER_NEED MAX_CAPACITY QUESTIONS SEED\n";
  return 2;
}
