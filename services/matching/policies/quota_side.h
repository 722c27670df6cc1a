// Whether a quota of a policy counts matches of needs or of mentors.
#ifndef TANDEM_SERVICES_MATCHING_POLICIES_QUOTA_SIDE_H_
#define TANDEM_SERVICES_MATCHING_POLICIES_QUOTA_SIDE_H_

#include "services/matching/engine/assignment/problem.h"
#include "tandem/matching/v1/policy.pb.h"

namespace tandem::matching {

// `attribute` is one that the proto knows.
engine::Side SideOf(v1::QuotaAttribute attribute);

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_POLICIES_QUOTA_SIDE_H_
