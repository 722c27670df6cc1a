// tests/access/permissions.csv as the tests read it: who may call what, for which objects.
#ifndef TANDEM_TESTS_ACCESS_PERMISSION_TABLE_H_
#define TANDEM_TESTS_ACCESS_PERMISSION_TABLE_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tandem/common/v1/access.pb.h"

namespace tandem::tests {

enum class Permission { kNever, kAll, kOwn, kSole, kOpen };

// What a role that may call cannot do all the same.
struct Limit {
  common::v1::Role role = common::v1::ROLE_UNSPECIFIED;
  bool hidden = false;              // true: does not see; false: may not set
  std::vector<std::string> fields;  // of the resource
};

struct PermissionRow {
  std::string method;    // "tandem.needs.v1.NeedsService/GetAssessment"
  std::string object;    // "assessment", ...; empty when none is named
  std::string named_in;  // path of the request's field that names it
  std::map<common::v1::Role, Permission> roles;
  std::vector<Limit> limits;
};

// INVALID_ARGUMENT naming line and column.
absl::StatusOr<std::vector<PermissionRow>> ReadPermissions();

}  // namespace tandem::tests

#endif  // TANDEM_TESTS_ACCESS_PERMISSION_TABLE_H_
