// The instances on which the assignment engine is measured. The same name and seed give the same
// problem. Scores are 0 to 1,000,000 micro-points.
//
// "Uniform": partners and scores are drawn uniformly. "Popular": partner number floor(M u^1.7), so
// a few mentors stand in many pairs, and the score is 0.6 fame + 0.4 u, fame uniform per mentor.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_BENCH_BENCH_INSTANCES_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_BENCH_BENCH_INSTANCES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "services/matching/engine/assignment/problem.h"

namespace tandem::engine::bench {

struct Instance {
  std::string name;
  std::string group;  // "five", "dense", "single" or "options".
  int32_t needs = 0;
  int32_t mentors = 0;
  int32_t pairs_per_need = 0;  // All mentors if it is `mentors`.
  int64_t mentor_max = 1;      // Each mentor's is drawn from 1 to this.
  bool popular = false;
  Fill fill = Fill::kOptional;
  Objective objective = Objective::kTotal;
  int64_t need_max = 1;
  bool minimums = false;  // Every tenth mentor and every tenth need has a minimum of 1.
  // 20 groups of a side, which bind.
  bool need_quotas = false;
  bool mentor_quotas = false;
  int64_t score_steps = 0;  // How many different scores there are; 0: 1,000,000.
};

std::vector<Instance> AllInstances();

AssignmentProblem Generate(const Instance& instance, uint64_t seed);

}  // namespace tandem::engine::bench

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_BENCH_BENCH_INSTANCES_H_
