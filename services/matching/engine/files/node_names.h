// How RESULT.json calls the values of the engine's enums. Thread-safe.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_FILES_NODE_NAMES_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_FILES_NODE_NAMES_H_

#include <string>

#include "services/matching/engine/assignment/problem.h"

namespace tandem::engine::files {

std::string StatusName(Outcome outcome);        // "OPTIMAL", "STABLE", "INFEASIBLE".
std::string KindName(NodeKind kind);            // "ground", "need_quota", "need", ...
std::string PurposeName(PricePurpose purpose);  // "plan", "filling", "next_floor".

}  // namespace tandem::engine::files

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_FILES_NODE_NAMES_H_
