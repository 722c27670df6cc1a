#include "services/matching/engine/criteria/score.h"

#include "services/matching/engine/criteria/points.h"
#include "services/matching/engine/rules/language.h"

namespace tandem::engine {

int64_t WeightedTotal(const CriterionPoints& points, const CriterionWeights& weights,
                      int64_t interpreter_cost) {
  int64_t sum = 0;
  int64_t weight = 0;
  for (int i = 0; i < kCriterionCount; ++i) {
    sum += weights[i] * points[i];
    weight += weights[i];
  }
  if (weight == 0) return 0;
  return MeanLessCost(sum, weight, interpreter_cost);
}

Score ScoreOf(const MentorView& mentor, const PreparedNeed& need) {
  Score score;
  score.points = {
      ExpertisePoints(mentor, need),   LanguagePoints(mentor, need),
      RegionalPoints(mentor, need),    ContextPoints(mentor, need),
      OverlapPoints(mentor, need),     FreshnessPoints(mentor, need),
      LoadBalancePoints(mentor, need), PreferencePoints(mentor, need),
  };
  score.weights = need.policy.weights;
  score.needs_interpreter = NeedsInterpreter(mentor, need);
  score.total = WeightedTotal(score.points, score.weights,
                              score.needs_interpreter ? need.policy.interpreter_cost : 0);
  return score;
}

}  // namespace tandem::engine
