// The rules that the roles of a request for an engagement keep. Thread-safe.
#ifndef SERVICES_NEEDS_REQUEST_ROLE_RULES_H_
#define SERVICES_NEEDS_REQUEST_ROLE_RULES_H_

#include "services/common/errors.h"
#include "services/common/reference_data.h"
#include "tandem/needs/v1/engagement_request.pb.h"

namespace tandem::needs {

// Adds every rule that the roles of `request` break, alone and together.
void CheckRequestRoles(const v1::EngagementRequest& request, const common::ReferenceData& reference,
                       common::FieldViolations* violations);

}  // namespace tandem::needs

#endif  // SERVICES_NEEDS_REQUEST_ROLE_RULES_H_
