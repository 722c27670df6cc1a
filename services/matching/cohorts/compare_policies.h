// Who would win and lose under another policy: a cohort decided under both, side by side. Writes
// nothing.
#ifndef TANDEM_SERVICES_MATCHING_COHORTS_COMPARE_POLICIES_H_
#define TANDEM_SERVICES_MATCHING_COHORTS_COMPARE_POLICIES_H_

#include "absl/status/statusor.h"
#include "services/common/call_context.h"
#include "services/matching/cohorts/cohort_question.h"
#include "tandem/matching/v1/matching_requests.pb.h"

namespace tandem::matching {

// Errors: see MatchingService.ComparePolicies, and those of DecideCohort.
absl::StatusOr<v1::ComparePoliciesResponse> ComparePolicies(
    const DecisionSources& sources, const common::CallContext& call,
    const v1::ComparePoliciesRequest& request);

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_COHORTS_COMPARE_POLICIES_H_
