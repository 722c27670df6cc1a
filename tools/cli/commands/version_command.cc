// tandem version

#include <string>

#include "tools/cli/commands/commands.h"

namespace tandem::cli {
namespace {

constexpr char kVersion[] = "0.1.0";

}  // namespace

void AddVersionCommand(CLI::App& app, Program& program) {
  CLI::App* command = app.add_subcommand("version", "Print the version");
  command->callback([&program] {
    program.action = [&program]() -> absl::StatusOr<int> {
      if (program.format() == Format::kTable) {
        program.out() << "tandem " << kVersion << "\n";
        return 0;
      }
      Table table({"version"});
      table.AddRow({kVersion});
      program.Print(std::string("{\"version\": \"") + kVersion + "\"}", table);
      return 0;
    };
  });
}

}  // namespace tandem::cli
