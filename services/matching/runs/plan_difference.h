// What a plan changes against an earlier one of the cohort. Pure.
#ifndef TANDEM_SERVICES_MATCHING_RUNS_PLAN_DIFFERENCE_H_
#define TANDEM_SERVICES_MATCHING_RUNS_PLAN_DIFFERENCE_H_

#include <vector>

#include "services/matching/cohorts/cohort_problem.h"
#include "services/matching/engine/assignment/problem.h"
#include "tandem/matching/v1/cohort.pb.h"

namespace tandem::matching {

// Puts pairs in order of need, then mentor.
void SortPairs(std::vector<engine::PairOfIds>* pairs);

// `before` and `now` are in that order, each pair once.
v1::PlanDifference DifferenceOf(const EarlierPlan& before,
                                const std::vector<engine::PairOfIds>& now);

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_RUNS_PLAN_DIFFERENCE_H_
