// The quotas of a policy, put over a cohort: which quota each need and each mentor stands in. Pure.
#ifndef TANDEM_SERVICES_MATCHING_COHORTS_QUOTAS_H_
#define TANDEM_SERVICES_MATCHING_COHORTS_QUOTAS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "services/matching/cohorts/cohort_problem.h"
#include "services/matching/engine/facts.h"
#include "services/matching/engine/roster/roster.h"
#include "services/matching/engine/time/calendar.h"
#include "tandem/matching/v1/policy.pb.h"

namespace tandem::matching {

// Sets `inputs->quotas` (in the order of their ids) and the innermost quota of each need and each
// mentor of `inputs`. `needs` are the facts of inputs->needs, in the same order; employers are
// those of `day`. A mentor who is not in the roster stands in no quota. FAILED_PRECONDITION, reason
// QUOTAS_CROSS: a need or mentor stands in two quotas of which neither lies within the other, or
// under coverage a quota holds some needs of a beneficiary but not all, so that no flow can count
// both.
absl::Status PutQuotas(const v1::Policy& policy, const std::vector<engine::NeedFacts>& needs,
                       const engine::RosterSnapshot& roster, engine::Day day, CohortInputs* inputs);

// The quotas whose maximum the active matches alone exceed, by id, in order.
std::vector<std::string> OvercommittedQuotas(const CohortInputs& inputs);

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_COHORTS_QUOTAS_H_
