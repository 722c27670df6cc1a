#include "tools/cli/app.h"

#include <algorithm>

#include "CLI/CLI.hpp"
#include "tools/cli/commands/commands.h"

namespace tandem::cli {
namespace {

constexpr char kDescription[] =
    "Tandem matches mentors with the needs of national standards bodies. The machine proposes, "
    "people decide.";

constexpr char kFooter[] =
    "Exit codes: 0 fine; 1 a negative or infeasible answer, or the server refused; 2 bad input.\n"
    "Each command explains itself: tandem COMMAND --help";

void AddCommands(CLI::App& app, Program& program) {
  AddImportCommand(app, program);
  AddRankCommand(app, program);
  AddExplainCommand(app, program);
  AddPolicyCommand(app, program);
  AddCohortCommand(app, program);
  AddMatchCommand(app, program);
  AddNeedCommand(app, program);
  AddMentorCommand(app, program);
  AddAvailabilityCommand(app, program);
  AddAuditCommand(app, program);
  AddGenerateCommand(app, program);
  AddSolveFileCommand(app, program);
  AddVerifyFileCommand(app, program);
  AddVersionCommand(app, program);
}

int Run(Program& program) {
  const absl::Status checked = program.CheckOptions();
  const absl::StatusOr<int> result = checked.ok() ? program.action() : checked;
  program.Progress("");
  if (result.ok()) return *result;
  program.err() << "tandem: " << result.status().message() << "\n";
  return absl::IsInvalidArgument(result.status()) ? 2 : 1;
}

}  // namespace

int RunProgram(const std::vector<std::string>& arguments, Program& program) {
  CLI::App app(kDescription, "tandem");
  app.footer(kFooter);
  app.fallthrough();
  app.require_subcommand(1);
  program.AddOptions(app);
  program.run = [&program](const std::vector<std::string>& again) {
    return RunProgram(again, program);
  };
  AddCommands(app, program);
  // CLI11 takes them from the back.
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    app.parse(reversed);
  } catch (const CLI::ParseError& error) {
    // Help is no error; everything else is bad input.
    return app.exit(error, program.out(), program.err()) == 0 ? 0 : 2;
  }
  return Run(program);
}

}  // namespace tandem::cli
