// Which roles the staff of an organisation have, by what its identity provider says of them.
//
// A CSV file says it, with the header "value,role" in any order:
//   value   what the claim holds: a group, or a role of the provider's, 1 to 200 characters
//   role    as RoleFromText takes it, but not mentor, nsb and service
// Where a token has several of them, its caller acts in the role that stands first in the file, or
// in the one that the metadata tandem-role chooses among them.
//
// Thread-safe: functions without state.
#ifndef SERVICES_COMMON_AUTHENTICATION_OIDC_OIDC_ROLES_H_
#define SERVICES_COMMON_AUTHENTICATION_OIDC_OIDC_ROLES_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tandem/common/v1/access.pb.h"

namespace tandem::common {

// Value and role, in the order of the file.
using OidcRoles = std::vector<std::pair<std::string, v1::Role>>;

// INVALID_ARGUMENT: "FILE:LINE:COLUMN: what is wrong".
absl::StatusOr<OidcRoles> ParseOidcRoles(absl::string_view csv, const std::string& file_name);

}  // namespace tandem::common

#endif  // SERVICES_COMMON_AUTHENTICATION_OIDC_OIDC_ROLES_H_
