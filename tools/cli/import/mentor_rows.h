// One row of mentors.csv as a Mentor. See tools/sample/README.md for the file.
// Thread-safe: functions without state.

#ifndef TANDEM_TOOLS_CLI_IMPORT_MENTOR_ROWS_H_
#define TANDEM_TOOLS_CLI_IMPORT_MENTOR_ROWS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tandem/profiles/v1/mentor.pb.h"
#include "tools/cli/import/references.h"
#include "tools/cli/import/sheet.h"

namespace tandem::cli {

const std::vector<ColumnSpec>& MentorColumns();

// Problems are recorded with `sheet`; the result counts only if sheet.row_ok().
tandem::profiles::v1::Mentor MentorOfRow(Sheet& sheet, const OrganisationReferences& organisations);

// The column that holds `field` of a Mentor, for example "name" for "identity.names[0].full_name";
// empty if none does.
std::string MentorColumnOf(absl::string_view field);

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_CLI_IMPORT_MENTOR_ROWS_H_
