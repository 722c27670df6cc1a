// Imports of whole files: everything is checked first, here and by the server; if anything is wrong
// with any row, all that is wrong is reported and nothing is written.
//
// Each function returns the exit code, or an error: INVALID_ARGUMENT if the file is bad.

#ifndef TANDEM_TOOLS_CLI_IMPORT_IMPORTER_H_
#define TANDEM_TOOLS_CLI_IMPORT_IMPORTER_H_

#include <string>

#include "absl/status/statusor.h"
#include "tools/cli/command.h"

namespace tandem::cli {

struct ImportOptions {
  std::string file;
  // Where all problems are written as CSV; empty for nowhere.
  std::string errors_file;
  // Check only.
  bool dry_run = false;
};

absl::StatusOr<int> ImportMentors(Program& program, const ImportOptions& options);
absl::StatusOr<int> ImportOrganisations(Program& program, const ImportOptions& options);
absl::StatusOr<int> ImportAssessments(Program& program, const ImportOptions& options);
// A programme with its results framework, as protobuf JSON of tandem.needs.v1.Programme.
absl::StatusOr<int> ImportProgramme(Program& program, const ImportOptions& options);

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_CLI_IMPORT_IMPORTER_H_
