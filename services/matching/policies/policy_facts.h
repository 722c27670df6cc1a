// A policy version as the engine reads it: the one place that knows both.
#ifndef TANDEM_SERVICES_MATCHING_POLICIES_POLICY_FACTS_H_
#define TANDEM_SERVICES_MATCHING_POLICIES_POLICY_FACTS_H_

#include "services/matching/engine/facts.h"
#include "tandem/matching/v1/policy.pb.h"

namespace tandem::matching {

// `policy` must be valid (validate.h).
engine::PolicyFacts ToPolicyFacts(const v1::Policy& policy);

// True when the policy has settings for the service type.
bool Covers(const engine::PolicyFacts& policy, engine::ServiceType service_type);

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_POLICIES_POLICY_FACTS_H_
