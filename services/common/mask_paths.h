// Paths of field masks, as callers write them.
#ifndef SERVICES_COMMON_MASK_PATHS_H_
#define SERVICES_COMMON_MASK_PATHS_H_

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"

namespace tandem::common {

// Protobuf's utilities pass over empty parts, so ".tier" would be another way to write "tier".
inline bool HasEmptyPart(absl::string_view path) {
  return path.empty() || path.front() == '.' || path.back() == '.' || absl::StrContains(path, "..");
}

}  // namespace tandem::common

#endif  // SERVICES_COMMON_MASK_PATHS_H_
