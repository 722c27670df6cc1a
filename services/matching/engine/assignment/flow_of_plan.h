// From a plan to the flow that it is. Thread-safe.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_FLOW_OF_PLAN_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_FLOW_OF_PLAN_H_

#include <cstdint>
#include <vector>

#include "services/matching/engine/assignment/network.h"

namespace tandem::engine {

// The flow of a network that chooses the pairs for which `chosen` (per pair of the problem) says
// true: where two arcs stand side by side the one that counts more is filled first. Bounds are not
// checked.
std::vector<int64_t> FlowOfPlan(const Network& network, const std::vector<bool>& chosen);

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_FLOW_OF_PLAN_H_
