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

// INVALID_ARGUMENT with the first problems, or OK if there are none. All of them are written to
// `errors_file` unless that is empty.
absl::Status ReportProblems(const Problems& problems, const std::string& file,
                            const std::string& errors_file);

// Prints per kind of resource what was created, changed and left as it was.
absl::Status ReportCounts(Program& program, bool dry_run,
                          const std::vector<std::pair<std::string, ImportCounts>>& counts);

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_CLI_IMPORT_REPORT_H_
