#include "tests/access/permission_table.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "base/csv.h"
#include "base/status_macros.h"
#include "services/common/principal.h"

namespace tandem::tests {
namespace {

constexpr char kFile[] = "tests/access/permissions.csv";
constexpr char kMayNotSet[] = " may not set: ";
constexpr char kDoesNotSee[] = " does not see: ";

absl::StatusOr<Permission> ParseCell(absl::string_view text) {
  static const auto* const cells =
      new std::map<absl::string_view, Permission>{{"-", Permission::kNever},
                                                  {"all", Permission::kAll},
                                                  {"own", Permission::kOwn},
                                                  {"sole", Permission::kSole},
                                                  {"open", Permission::kOpen}};
  const auto found = cells->find(text);
  if (found != cells->end()) return found->second;
  return absl::InvalidArgumentError(absl::StrCat("no such permission: ", text));
}

absl::StatusOr<Limit> ParseLimit(absl::string_view text) {
  Limit limit;
  limit.hidden = text.find(kDoesNotSee) != absl::string_view::npos;
  const std::vector<std::string> parts =
      absl::StrSplit(text, limit.hidden ? kDoesNotSee : kMayNotSet);
  if (parts.size() != 2) {
    return absl::InvalidArgumentError(absl::StrCat("no such limit: ", text));
  }
  TANDEM_ASSIGN_OR_RETURN(limit.role, common::RoleFromText(parts[0]));
  limit.fields = absl::StrSplit(parts[1], ' ');
  return limit;
}

// "-" stands for nothing.
std::string Named(absl::string_view text) { return text == "-" ? "" : std::string(text); }

}  // namespace

absl::StatusOr<std::vector<PermissionRow>> ReadPermissions() {
  TANDEM_ASSIGN_OR_RETURN(const std::string text, base::ReadFile(kFile, 1 << 20));
  base::CsvOptions options;
  options.file_name = kFile;
  TANDEM_ASSIGN_OR_RETURN(base::CsvReader reader, base::CsvReader::Open(text, options));
  constexpr size_t kFirstRole = 3;
  const size_t limits_at = reader.header().size() - 1;
  std::vector<PermissionRow> rows;
  while (true) {
    TANDEM_ASSIGN_OR_RETURN(const bool more, reader.Next());
    if (!more) return rows;
    PermissionRow row{std::string(reader.row()[0].text),
                      Named(reader.row()[1].text),
                      Named(reader.row()[2].text),
                      {},
                      {}};
    for (size_t i = kFirstRole; i < limits_at; ++i) {
      TANDEM_ASSIGN_OR_RETURN(const common::v1::Role role, common::RoleFromText(absl::StrReplaceAll(
                                                               reader.header()[i], {{"_", "-"}})));
      TANDEM_ASSIGN_OR_RETURN(row.roles[role], ParseCell(reader.row()[i].text));
    }
    for (const absl::string_view limit :
         absl::StrSplit(reader.row()[limits_at].text, "; ", absl::SkipEmpty())) {
      TANDEM_ASSIGN_OR_RETURN(Limit parsed, ParseLimit(limit));
      row.limits.push_back(std::move(parsed));
    }
    rows.push_back(std::move(row));
  }
}

}  // namespace tandem::tests
