// The target of an HTTP request, taken apart: "/tandem.needs.v1.NeedsService/GetProgramme?a=b".
// Thread-safe.
#ifndef SERVICES_GATEWAY_REQUEST_TARGET_H_
#define SERVICES_GATEWAY_REQUEST_TARGET_H_

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tandem::gateway {

struct RequestTarget {
  std::string path;                          // without the query, as it stands: no decoding
  std::map<std::string, std::string> query;  // decoded; of a name that is repeated the first counts
};

// INVALID_ARGUMENT when a percent sign is not followed by two hexadecimal digits.
absl::StatusOr<RequestTarget> ParseTarget(absl::string_view target);

}  // namespace tandem::gateway

#endif  // SERVICES_GATEWAY_REQUEST_TARGET_H_
