// tandem import mentors|organisations|assessments|programme FILE

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/json.h"
#include "tools/cli/commands/commands.h"
#include "tools/cli/import/assessment_file.h"
#include "tools/cli/import/importer.h"
#include "tools/cli/import/mentor_rows.h"
#include "tools/cli/import/organisation_rows.h"
#include "tools/cli/import/sheet.h"

namespace tandem::cli {
namespace {

constexpr int kHelpWidth = 100;

using ImportFunction = absl::StatusOr<int> (*)(Program&, const ImportOptions&);

constexpr char kFooter[] =
    "The file is CSV as spreadsheets write it: comma, semicolon or tab, UTF-8 with or without "
    "byte\n"
    "order mark. Lists within a cell are separated by \"|\". Everything is checked first, here and "
    "by\n"
    "the server; if anything is wrong with any row, all that is wrong is reported with line and\n"
    "column, nothing is written, and the exit code is 2. The same file again changes nothing.";

Table ColumnTable(const std::vector<ColumnSpec>& columns) {
  Table table({"column", "required", "what stands in it"});
  for (const ColumnSpec& column : columns) {
    table.AddRow(
        {std::string(column.name), column.required ? "yes" : "", std::string(column.help)});
  }
  return table;
}

std::string ColumnJson(const std::vector<ColumnSpec>& columns) {
  std::string json = "{\"columns\": [";
  for (const ColumnSpec& column : columns) {
    absl::StrAppend(&json, json.back() == '[' ? "\n  " : ",\n  ", "{\"column\": ");
    base::AppendJsonString(column.name, &json);
    absl::StrAppend(&json, ", \"required\": ", column.required ? "true" : "false", ", \"help\": ");
    base::AppendJsonString(column.help, &json);
    json += "}";
  }
  return json + "\n]}";
}

void AddFile(CLI::App& parent, Program& program, const std::string& name,
             const std::string& description, ImportFunction import,
             const std::vector<ColumnSpec>* columns) {
  CLI::App* command = parent.add_subcommand(name, description);
  const auto options = std::make_shared<ImportOptions>();
  const auto show_columns = std::make_shared<bool>(false);
  CLI::Option* file = command->add_option("FILE", options->file, "The file")->required();
  command->add_flag("--dry-run", options->dry_run, "Check everything and write nothing");
  if (columns != nullptr) {
    command->add_option("--errors", options->errors_file,
                        "Write all problems to this file, as CSV");
    command->add_flag("--columns", *show_columns, "Show the columns of the file and end");
    command->footer(kFooter);
    // With --columns there is no file to name.
    file->required(false);
  }
  command->callback([&program, import, options, columns, show_columns] {
    program.action = [=, &program]() -> absl::StatusOr<int> {
      if (*show_columns) {
        program.Print(ColumnJson(*columns), ColumnTable(*columns), kHelpWidth);
        return 0;
      }
      if (options->file.empty()) return absl::InvalidArgumentError("FILE is required");
      return import(program, *options);
    };
  });
}

}  // namespace

void AddImportCommand(CLI::App& app, Program& program) {
  CLI::App* command = app.add_subcommand("import", "Import a file: all of it, or nothing");
  command->require_subcommand(1);
  AddFile(*command, program, "organisations", "NSBs and employers, from CSV", ImportOrganisations,
          &OrganisationColumns());
  AddFile(*command, program, "mentors", "Mentors, from CSV", ImportMentors, &MentorColumns());
  AddFile(*command, program, "programme", "A programme with its results framework, from JSON",
          ImportProgramme, nullptr);
  AddFile(*command, program, "assessments",
          "Need items with the requests that bundle them, from CSV", ImportAssessments,
          &AssessmentColumns());
}

}  // namespace tandem::cli
