// Ids that people give to policies, and to what stands in them.
#ifndef TANDEM_SERVICES_MATCHING_POLICIES_POLICY_ID_H_
#define TANDEM_SERVICES_MATCHING_POLICIES_POLICY_ID_H_

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"

namespace tandem::matching {

// 1 to 63 characters of [a-z0-9-].
inline bool IsPolicyId(absl::string_view id) {
  return !id.empty() && id.size() <= 63 && std::all_of(id.begin(), id.end(), [](char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-';
  });
}

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_POLICIES_POLICY_ID_H_
