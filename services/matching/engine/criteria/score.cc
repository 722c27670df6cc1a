#include "services/matching/engine/criteria/score.h"

#include <numeric>

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

bool MayReach(int64_t least, const MentorView& mentor, const PreparedNeed& need) {
  const CriterionWeights& weights = need.policy.weights;
  const int64_t weight = std::accumulate(weights.begin(), weights.end(), int64_t{0});
  const int64_t cost =
      need.interpreter && NeedsInterpreter(mentor, need) ? need.policy.interpreter_cost : 0;
  // Twice the weighted points that may be missing from full ones: what (2 x sum + weight) / (2 x
  // weight) >= least + cost leaves over.
  int64_t spare = 2 * weight * (kFullPoints - least - cost) + weight;
  using Points = int64_t (*)(const MentorView& mentor, const PreparedNeed& need);
  const auto spend = [&](Criterion criterion, Points points) {
    const int64_t of_criterion = weights[IndexOf(criterion)];
    if (of_criterion == 0) return spare >= 0;
    spare -= 2 * of_criterion * (kFullPoints - points(mentor, need));
    return spare >= 0;
  };
  // The quick ones first.
  return spend(Criterion::kFreshness, FreshnessPoints) &&
         spend(Criterion::kLoadBalance, LoadBalancePoints) &&
         spend(Criterion::kMutualPreference, PreferencePoints) &&
         spend(Criterion::kLanguage, LanguagePoints) &&
         spend(Criterion::kDevelopmentContext, ContextPoints) &&
         spend(Criterion::kExpertise, ExpertisePoints) &&
         spend(Criterion::kRegionalExperience, RegionalPoints);
}

}  // namespace tandem::engine
