// What an import tells its user at the end.

#ifndef TANDEM_TOOLS_CLI_IMPORT_REPORT_H_
#define TANDEM_TOOLS_CLI_IMPORT_REPORT_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "tools/cli/command.h"
#include "tools/cli/import/server_check.h"
#include "tools/cli/import/sheet.h"

namespace tandem::cli {

// Opens the file's sheet. What is wrong with the file as a whole (not CSV, not UTF-8, columns
// missing) is reported as problems of rows are.
absl::StatusOr<Sheet> OpenSheet(absl::string_view text, const std::string& file,
                                const std::string& errors_file,
                                const std::vector<ColumnSpec>& columns, Problems* problems);

// INVALID_ARGUMENT if `errors_file` is the file to be imported, which it would overwrite.
absl::Status CheckErrorsFile(const std::string& file, const std::string& errors_file);

// INVALID_ARGUMENT with the first problems, or OK if there are none. All of them are written to
// `errors_file` unless that is empty.
absl::Status ReportProblems(const Problems& problems, const std::string& file,
                            const std::string& errors_file);

// Writes to `errors_file`, unless that is empty, that there is no problem: what an earlier import
// wrote there no longer holds.
absl::Status ReportNoProblems(const std::string& errors_file);

// Prints per kind of resource what was created, changed and left as it was.
absl::Status ReportCounts(Program& program, bool dry_run,
                          const std::vector<std::pair<std::string, ImportCounts>>& counts);

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_CLI_IMPORT_REPORT_H_
