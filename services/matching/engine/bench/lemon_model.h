// A problem as a model of LEMON's NetworkSimplex, the peer that the assignment engine is measured
// against. Tests and benchmarks only.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_BENCH_LEMON_MODEL_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_BENCH_LEMON_MODEL_H_

#include <cstdint>
#include <functional>

#include "services/matching/engine/assignment/problem.h"

namespace tandem::engine::bench {

struct LemonFigures {
  bool optimal = false;
  int64_t slots = 0;   // Filled.
  int64_t points = 0;  // Micro-points.
  double build_seconds = 0;
  double solve_seconds = 0;
};

// kTotal and kCoverage. `cpu_seconds` is the clock to measure with.
LemonFigures SolveWithLemon(const AssignmentProblem& problem,
                            const std::function<double()>& cpu_seconds);

}  // namespace tandem::engine::bench

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_BENCH_LEMON_MODEL_H_
