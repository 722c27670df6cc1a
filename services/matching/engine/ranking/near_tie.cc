#include "services/matching/engine/ranking/near_tie.h"

#include <algorithm>
#include <vector>

namespace tandem::engine {
namespace {

// One of the two as the weights change: its total from the sum of weight x points alone.
struct Contender {
  const Score& score;
  int64_t sum;
  int64_t cost;

  int64_t SumWith(int criterion, int change) const {
    return sum + change * score.points[criterion];
  }
  int64_t TotalWith(int criterion, int change, int64_t weights) const {
    return MeanLessCost(SumWith(criterion, change), weights, cost);
  }
};

Contender ContenderOf(const Score& score, int64_t interpreter_cost) {
  int64_t sum = 0;
  for (int i = 0; i < kCriterionCount; ++i) sum += score.weights[i] * score.points[i];
  return {score, sum, score.needs_interpreter ? interpreter_cost : 0};
}

// Whether `b` surely stays behind `a`, seen without a division. Totals rise with what is compared
// here, so with a lower or the same sum `b` has no higher total. Where equal totals would go to it
// (`wins_draw`), the sums must lie a micro-point apart: such means do not round to the same; and
// `a` must not be brought to 0 by its cost.
bool StaysBehind(const Contender& a, const Contender& b, int criterion, int change, int64_t weights,
                 bool wins_draw) {
  const int64_t sum_a = a.SumWith(criterion, change) - a.cost * weights;
  const int64_t sum_b = b.SumWith(criterion, change) - b.cost * weights;
  if (!wins_draw) return sum_a >= sum_b;
  return sum_a >= weights && sum_a - sum_b >= weights;
}

// Changes of one weight in one direction, by `first` to `last`.
struct Changes {
  int criterion = 0;
  int sign = 1;
  int first = 0;
  int last = 0;
};

// Those that may turn the tie. What StaysBehind compares grows evenly with the change, so where it
// holds for two changes it holds for all in between: that leaves few.
std::vector<Changes> ChangesThatMayTurn(const Contender& a, const Contender& b,
                                        const CriterionWeights& weights, int64_t all_weights,
                                        bool wins_draw) {
  std::vector<Changes> left;
  for (int i = 0; i < kCriterionCount; ++i) {
    for (const int sign : {1, -1}) {
      int last = sign > 0 ? kMaxWeight - weights[i] : weights[i];
      if (all_weights + sign * last == 0) --last;  // Some weight must remain.
      if (last < 1) continue;
      const auto stays_behind = [&](int size) {
        return StaysBehind(a, b, i, sign * size, all_weights + sign * size, wins_draw);
      };
      int first = 1;
      if (stays_behind(1)) {
        if (stays_behind(last)) continue;
        // The first for which it does not hold lies between: halve.
        int held = 1;
        for (first = last; first - held > 1;) {
          const int middle = held + (first - held) / 2;
          (stays_behind(middle) ? held : first) = middle;
        }
      }
      left.push_back({i, sign, first, last});
    }
  }
  return left;
}

}  // namespace

std::optional<TieTurner> FindTieTurner(const Score& first, const Score& second,
                                       int64_t interpreter_cost, bool second_wins_draw) {
  const CriterionWeights& weights = first.weights;
  const Contender a = ContenderOf(first, interpreter_cost);
  const Contender b = ContenderOf(second, interpreter_cost);
  int64_t all_weights = 0;
  for (int weight : weights) all_weights += weight;
  const std::vector<Changes> left =
      ChangesThatMayTurn(a, b, weights, all_weights, second_wins_draw);
  int size = kMaxWeight;
  for (const Changes& changes : left) size = std::min(size, changes.first);
  for (; size <= kMaxWeight && !left.empty(); ++size) {
    for (const Changes& changes : left) {
      if (size < changes.first || size > changes.last) continue;
      const int i = changes.criterion;
      const int change = changes.sign * size;
      if (StaysBehind(a, b, i, change, all_weights + change, second_wins_draw)) continue;
      const int64_t total_a = a.TotalWith(i, change, all_weights + change);
      const int64_t total_b = b.TotalWith(i, change, all_weights + change);
      if (total_b > total_a || (total_b == total_a && second_wins_draw)) {
        return TieTurner{CriterionAt(i), weights[i], weights[i] + change};
      }
    }
  }
  return std::nullopt;
}

}  // namespace tandem::engine
