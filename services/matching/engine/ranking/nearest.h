// Who of those that a rule excludes is nearest to passing it.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_RANKING_NEAREST_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_RANKING_NEAREST_H_

#include <cstdint>
#include <vector>

#include "services/matching/engine/rules/prepared_need.h"
#include "services/matching/engine/rules/rule.h"
#include "services/matching/engine/rules/verdict.h"

namespace tandem::engine {

// The verdict on the mentor, of those in `rows` (at least one), to whom the rule would have to give
// least; equally near ones by draw, then by id. All of them fail the rule.
Verdict NearestToPassing(Rule rule, const std::vector<int32_t>& rows, const PreparedNeed& need);

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_RANKING_NEAREST_H_
