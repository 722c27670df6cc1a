// The first credential of a new installation: an admin's token, made by the server itself for
// whoever may write its files. Internal to this package.
#ifndef SERVICES_ACCESS_FIRST_ADMIN_H_
#define SERVICES_ACCESS_FIRST_ADMIN_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "services/access/access_tables.h"
#include "tandem/access/v1/access_token.pb.h"

namespace tandem::access {

// See AccessService::EnsureAdmin.
absl::StatusOr<std::optional<v1::AccessToken>> MakeFirstAdmin(AccessTables& tables,
                                                              const std::string& path);

}  // namespace tandem::access

#endif  // SERVICES_ACCESS_FIRST_ADMIN_H_
