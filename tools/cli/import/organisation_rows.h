// One row of organisations.csv as an Organisation. See tools/sample/README.md for the file.
// Thread-safe: functions without state.

#ifndef TANDEM_TOOLS_CLI_IMPORT_ORGANISATION_ROWS_H_
#define TANDEM_TOOLS_CLI_IMPORT_ORGANISATION_ROWS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tandem/profiles/v1/organisation.pb.h"
#include "tools/cli/import/references.h"
#include "tools/cli/import/sheet.h"

namespace tandem::cli {

const std::vector<ColumnSpec>& OrganisationColumns();

// Problems are recorded with `sheet`; the result counts only if sheet.row_ok(). What the file
// cannot say (excluded mentors, which person a contact is) is taken over from `existing`.
tandem::profiles::v1::Organisation OrganisationOfRow(Sheet& sheet,
                                                     const OrganisationReferences& existing);

// The column that holds `field` of an Organisation; empty if none does.
std::string OrganisationColumnOf(absl::string_view field);

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_CLI_IMPORT_ORGANISATION_ROWS_H_
