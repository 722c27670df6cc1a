// The order in which people look for needs in a list.
#ifndef TANDEM_TOOLS_CLI_COMMANDS_PLAN_ORDER_H_
#define TANDEM_TOOLS_CLI_COMMANDS_PLAN_ORDER_H_

#include <algorithm>
#include <vector>

#include "tools/cli/names.h"

namespace tandem::cli {

// `items`, each with a need(), in the order of what people call their needs.
template <typename Items>
std::vector<typename Items::value_type> SortedByNeed(Labels& labels, const Items& items) {
  std::vector<typename Items::value_type> sorted(items.begin(), items.end());
  std::stable_sort(sorted.begin(), sorted.end(), [&labels](const auto& a, const auto& b) {
    return labels.Need(a.need()) < labels.Need(b.need());
  });
  return sorted;
}

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_CLI_COMMANDS_PLAN_ORDER_H_
