// The strongly connected components of a directed graph. Thread-safe.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_COMPONENTS_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_COMPONENTS_H_

#include <cstdint>
#include <utility>
#include <vector>

namespace tandem::engine {

// The number of each node's component. A step (tail, head) between components leads from a larger
// number to a smaller one. Tarjan, "Depth-first search and linear graph algorithms" (1972), without
// recursion.
std::vector<int32_t> StrongComponents(int32_t nodes,
                                      const std::vector<std::pair<int32_t, int32_t>>& steps);

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_COMPONENTS_H_
