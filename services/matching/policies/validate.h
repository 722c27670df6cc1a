// What a policy must be like before it is written.
#ifndef TANDEM_SERVICES_MATCHING_POLICIES_VALIDATE_H_
#define TANDEM_SERVICES_MATCHING_POLICIES_VALIDATE_H_

#include "services/common/errors.h"
#include "services/common/reference_data.h"
#include "tandem/matching/v1/policy.pb.h"

namespace tandem::matching {

// Names every field of `policy` that is not as policy.proto says, relative to the policy.
// Codes are those of `reference`.
common::FieldViolations ValidatePolicy(const v1::Policy& policy,
                                       const common::ReferenceData& reference);

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_POLICIES_VALIDATE_H_
