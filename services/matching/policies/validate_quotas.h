// What the quotas of a policy must be like.
#ifndef TANDEM_SERVICES_MATCHING_POLICIES_VALIDATE_QUOTAS_H_
#define TANDEM_SERVICES_MATCHING_POLICIES_VALIDATE_QUOTAS_H_

#include "services/common/errors.h"
#include "services/common/reference_data.h"
#include "tandem/matching/v1/policy.pb.h"

namespace tandem::matching {

// Names every field of the quotas that is not as policy.proto says, relative to the policy.
common::FieldViolations ValidateQuotas(const v1::Policy& policy,
                                       const common::ReferenceData& reference);

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_POLICIES_VALIDATE_QUOTAS_H_
