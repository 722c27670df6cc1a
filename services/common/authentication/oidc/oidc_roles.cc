#include "services/common/authentication/oidc/oidc_roles.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/csv.h"
#include "base/status_macros.h"
#include "services/common/principal.h"

namespace tandem::common {
namespace {

constexpr size_t kMaxValueBytes = 200;

absl::StatusOr<OidcRoles> ReadRows(base::CsvReader* reader) {
  TANDEM_ASSIGN_OR_RETURN(const std::vector<int> columns,
                          reader->FindColumns({{"value"}, {"role"}}));
  OidcRoles roles;
  while (true) {
    TANDEM_ASSIGN_OR_RETURN(const bool more, reader->Next());
    if (!more) return roles;
    const absl::string_view value = reader->row()[columns[0]].text;
    if (value.empty() || value.size() > kMaxValueBytes) {
      return reader->FieldError(columns[0], "must have 1 to 200 characters");
    }
    const auto role = RoleFromText(reader->row()[columns[1]].text);
    if (!role.ok()) return reader->FieldError(columns[1], role.status().message());
    if (*role == v1::ROLE_SERVICE || !CheckSubject(*role, "", "subject").ok()) {
      return reader->FieldError(columns[1],
                                "must be one without objects of its own: tokens of an "
                                "identity provider are for staff");
    }
    const bool known = std::any_of(roles.begin(), roles.end(),
                                   [&](const auto& row) { return row.first == value; });
    if (known) return reader->FieldError(columns[0], "this value stands in an earlier row already");
    roles.emplace_back(std::string(value), *role);
  }
}

}  // namespace

absl::StatusOr<OidcRoles> ParseOidcRoles(absl::string_view csv, const std::string& file_name) {
  base::CsvOptions options;
  options.file_name = file_name;
  TANDEM_ASSIGN_OR_RETURN(base::CsvReader reader, base::CsvReader::Open(csv, options));
  TANDEM_ASSIGN_OR_RETURN(OidcRoles roles, ReadRows(&reader));
  if (!roles.empty()) return roles;
  return absl::InvalidArgumentError(absl::StrCat(file_name, ": has no row, so nobody could call"));
}

}  // namespace tandem::common
