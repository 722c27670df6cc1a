// The score of an eligible pair: the weighted mean of the criteria less the cost of an interpreter.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_CRITERIA_SCORE_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_CRITERIA_SCORE_H_

#include <array>
#include <cstdint>

#include "services/matching/engine/criteria/criterion.h"
#include "services/matching/engine/rules/prepared_need.h"

namespace tandem::engine {

// Points and weights per criterion; see IndexOf(Criterion).
using CriterionPoints = std::array<int64_t, kCriterionCount>;
using CriterionWeights = std::array<int, kCriterionCount>;

struct Score {
  int64_t total = 0;            // 0 to 1,000,000 micro-points.
  CriterionPoints points = {};  // Each 0 to 1,000,000 micro-points.
  CriterionWeights weights = {};
  bool needs_interpreter = false;
};

// The sum of weight x points divided by the sum of the weights, rounded half up, less
// `interpreter_cost` (0 if none is needed), and not below 0. Without any weight: 0.
int64_t WeightedTotal(const CriterionPoints& points, const CriterionWeights& weights,
                      int64_t interpreter_cost);

// The same from the two sums; `weights` above 0.
constexpr int64_t MeanLessCost(int64_t sum, int64_t weights, int64_t cost) {
  const int64_t mean = (2 * sum + weights) / (2 * weights);
  return mean > cost ? mean - cost : 0;
}

Score ScoreOf(const MentorView& mentor, const PreparedNeed& need);

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_CRITERIA_SCORE_H_
