// The commands of `tandem`. Each function adds one to the command line; when the user chooses it,
// it sets Program::action. `program` must outlive the parsing and the action.

#ifndef TANDEM_TOOLS_CLI_COMMANDS_COMMANDS_H_
#define TANDEM_TOOLS_CLI_COMMANDS_COMMANDS_H_

#include "CLI/CLI.hpp"
#include "tools/cli/command.h"

namespace tandem::cli {

// Below a list that is not shown whole.
inline constexpr char kMore[] = "... and more: --limit shows them.";

void AddAdminCommand(CLI::App& app, Program& program);
void AddAuditCommand(CLI::App& app, Program& program);
void AddAvailabilityCommand(CLI::App& app, Program& program);
void AddCohortCommand(CLI::App& app, Program& program);
void AddExplainCommand(CLI::App& app, Program& program);
void AddGenerateCommand(CLI::App& app, Program& program);
void AddImportCommand(CLI::App& app, Program& program);
void AddMatchCommand(CLI::App& app, Program& program);
void AddMentorCommand(CLI::App& app, Program& program);
void AddOrganisationCommand(CLI::App& app, Program& program);
void AddNeedCommand(CLI::App& app, Program& program);
void AddPolicyCommand(CLI::App& app, Program& program);
void AddRankCommand(CLI::App& app, Program& program);
void AddSolveFileCommand(CLI::App& app, Program& program);
void AddVerifyFileCommand(CLI::App& app, Program& program);
void AddVersionCommand(CLI::App& app, Program& program);

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_CLI_COMMANDS_COMMANDS_H_
