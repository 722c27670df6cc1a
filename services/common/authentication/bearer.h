// The token of a call with the metadata "authorization: Bearer TOKEN". Thread-safe.
#ifndef SERVICES_COMMON_AUTHENTICATION_BEARER_H_
#define SERVICES_COMMON_AUTHENTICATION_BEARER_H_

#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/common/principal.h"

namespace tandem::common {

// Valid as long as `metadata`; std::nullopt without the metadata, or with another scheme than
// Bearer. INVALID_ARGUMENT (METADATA_INVALID): it stands twice.
absl::StatusOr<std::optional<absl::string_view>> BearerToken(const ClientMetadata& metadata);

}  // namespace tandem::common

#endif  // SERVICES_COMMON_AUTHENTICATION_BEARER_H_
