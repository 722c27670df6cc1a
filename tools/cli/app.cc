#include "tools/cli/app.h"

#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tools/cli/commands/commands.h"
#include "tools/cli/display.h"

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
  AddOrganisationCommand(app, program);
  AddAvailabilityCommand(app, program);
  AddAuditCommand(app, program);
  AddAdminCommand(app, program);
  AddGenerateCommand(app, program);
  AddSolveFileCommand(app, program);
  AddVerifyFileCommand(app, program);
  AddVersionCommand(app, program);
}

// The deepest command that was named.
const CLI::App* DeepestCommand(const CLI::App* app) {
  while (!app->get_subcommands().empty()) app = app->get_subcommands().front();
  return app;
}

// What is wrong with a command line that names no command: the word that is none, and the commands
// that there are.
std::string NoCommand(const CLI::App& app) {
  const CLI::App* parent = DeepestCommand(&app);
  std::vector<std::string> commands;
  for (const CLI::App* command : parent->get_subcommands(nullptr)) {
    commands.push_back(command->get_name());
  }
  const std::vector<std::string> words = app.remaining(/*recurse=*/true);
  std::string level = "tandem";
  for (const CLI::App* at = &app; at != parent;) {
    at = at->get_subcommands().front();
    absl::StrAppend(&level, " ", at->get_name());
  }
  return absl::StrCat(words.empty() ? absl::StrCat(level, " needs a command")
                                    : absl::StrCat("'", Harmless(words.front()),
                                                   "' is no command or option of ", level),
                      "; the commands are: ", absl::StrJoin(commands, ", "),
                      "\nRun with --help for more information.\n");
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
  } catch (const CLI::RequiredError& error) {
    if (!DeepestCommand(&app)->get_subcommands(nullptr).empty()) {
      program.err() << NoCommand(app);
      return 2;
    }
    return app.exit(error, program.out(), program.err()) == 0 ? 0 : 2;
  } catch (const CLI::ParseError& error) {
    // Help is no error; everything else is bad input.
    return app.exit(error, program.out(), program.err()) == 0 ? 0 : 2;
  }
  return Run(program);
}

}  // namespace tandem::cli
