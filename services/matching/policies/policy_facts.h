// A policy version as the engine reads it: the one place that knows both.
#ifndef TANDEM_SERVICES_MATCHING_POLICIES_POLICY_FACTS_H_
#define TANDEM_SERVICES_MATCHING_POLICIES_POLICY_FACTS_H_

#include "absl/status/status.h"
#include "services/matching/engine/facts.h"
#include "tandem/matching/v1/policy.pb.h"
#include "tandem/needs/v1/engagement_request.pb.h"

namespace tandem::matching {

// `policy` must be valid (validate.h).
engine::PolicyFacts ToPolicyFacts(const v1::Policy& policy);

// FAILED_PRECONDITION, reason SERVICE_TYPE_NOT_COVERED, where `policy` says nothing about the
// service type that `request` asks for: whoever decides by a policy asks first.
absl::Status CheckCovered(const v1::Policy& policy, const needs::v1::EngagementRequest& request);

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_POLICIES_POLICY_FACTS_H_
