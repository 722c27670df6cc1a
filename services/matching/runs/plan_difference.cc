#include "services/matching/runs/plan_difference.h"

#include <algorithm>
#include <iterator>
#include <tuple>

#include "google/protobuf/repeated_field.h"

namespace tandem::matching {
namespace {

using ::tandem::engine::PairOfIds;

bool Before(const PairOfIds& a, const PairOfIds& b) {
  return std::tie(a.need, a.mentor) < std::tie(b.need, b.mentor);
}

// The pairs of `some` that `others` lack.
void AddMissing(const std::vector<PairOfIds>& some, const std::vector<PairOfIds>& others,
                google::protobuf::RepeatedPtrField<v1::PlannedPair>* missing) {
  std::vector<PairOfIds> pairs;
  std::set_difference(some.begin(), some.end(), others.begin(), others.end(),
                      std::back_inserter(pairs), Before);
  for (const PairOfIds& pair : pairs) {
    v1::PlannedPair* planned = missing->Add();
    planned->set_need(pair.need);
    planned->set_mentor(pair.mentor);
  }
}

}  // namespace

void SortPairs(std::vector<PairOfIds>* pairs) { std::sort(pairs->begin(), pairs->end(), Before); }

v1::PlanDifference DifferenceOf(const EarlierPlan& before, const std::vector<PairOfIds>& now) {
  v1::PlanDifference difference;
  difference.set_run(before.run);
  AddMissing(now, before.pairs, difference.mutable_added());
  AddMissing(before.pairs, now, difference.mutable_dropped());
  difference.set_kept_count(static_cast<int32_t>(now.size()) - difference.added_size());
  return difference;
}

}  // namespace tandem::matching
