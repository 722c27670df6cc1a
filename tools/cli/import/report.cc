#include "tools/cli/import/report.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "tools/cli/display.h"

namespace tandem::cli {
namespace {

constexpr size_t kShownProblems = 25;

std::string Sentence(const Problem& problem, const std::string& file) {
  std::string text =
      absl::StrCat(file, ":", problem.line, ":", std::max<int64_t>(problem.position, 1), ": ");
  if (!problem.column.empty()) absl::StrAppend(&text, "column '", problem.column, "': ");
  if (!problem.value.empty()) absl::StrAppend(&text, "'", problem.value, "': ");
  return absl::StrCat(text, Harmless(problem.reason), "\n");
}

}  // namespace

absl::StatusOr<Sheet> OpenSheet(absl::string_view text, const std::string& file,
                                const std::string& errors_file,
                                const std::vector<ColumnSpec>& columns, Problems* problems) {
  absl::StatusOr<Sheet> sheet = Sheet::Open(text, file, columns, problems);
  if (sheet.ok()) return sheet;
  Problems whole;
  whole.Add(ProblemOfReader(sheet.status().message()));
  return ReportProblems(whole, file, errors_file);
}

absl::Status CheckErrorsFile(const std::string& file, const std::string& errors_file) {
  std::error_code not_there;
  if (errors_file.empty() || !std::filesystem::equivalent(file, errors_file, not_there)) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "--errors ", errors_file,
      " is the file to be imported, and would overwrite it: name another for the problems"));
}

absl::Status ReportNoProblems(const std::string& errors_file) {
  if (errors_file.empty()) return absl::OkStatus();
  const absl::Status written = WriteLocalFile(errors_file, Problems().AsCsv());
  if (written.ok()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("--errors: ", written.message(), "; nothing was imported"));
}

absl::Status ReportProblems(const Problems& problems, const std::string& file,
                            const std::string& errors_file) {
  if (problems.empty()) return absl::OkStatus();
  const std::vector<Problem> sorted = problems.Sorted();
  std::string message;
  for (size_t i = 0; i < std::min(sorted.size(), kShownProblems); ++i) {
    absl::StrAppend(&message, Sentence(sorted[i], file));
  }
  if (sorted.size() > kShownProblems) {
    absl::StrAppend(&message, "... and ", sorted.size() - kShownProblems, " more\n");
  }
  absl::StrAppend(&message, sorted.size(), sorted.size() == 1 ? " problem" : " problems", " in ",
                  file, "; nothing was written. Correct ", sorted.size() == 1 ? "it" : "them",
                  " and import the file again");
  if (errors_file.empty()) {
    absl::StrAppend(&message, "; --errors FILE writes all of them as CSV.");
  } else {
    const absl::Status written = WriteLocalFile(errors_file, problems.AsCsv());
    absl::StrAppend(&message, ". ",
                    written.ok() ? absl::StrCat("All are in ", errors_file)
                                 : absl::StrCat("--errors: ", written.message()),
                    ".");
  }
  return absl::InvalidArgumentError(message);
}

absl::Status ReportCounts(Program& program, bool dry_run,
                          const std::vector<std::pair<std::string, ImportCounts>>& counts) {
  if (program.format() == Format::kTable) {
    for (const auto& [what, count] : counts) {
      program.out() << what << ": " << count.created << " created, " << count.updated
                    << " changed, " << count.unchanged << " unchanged"
                    << (dry_run ? " (only checked, nothing written)" : "") << "\n";
    }
    return absl::OkStatus();
  }
  Table table({"what", "created", "changed", "unchanged"});
  std::string json;
  for (const auto& [what, count] : counts) {
    table.AddRow({what, absl::StrCat(count.created), absl::StrCat(count.updated),
                  absl::StrCat(count.unchanged)});
    absl::StrAppend(&json, json.empty() ? "" : ", ", "\"", what,
                    "\": {\"created\": ", count.created, ", \"changed\": ", count.updated,
                    ", \"unchanged\": ", count.unchanged, "}");
  }
  program.out() << (program.format() == Format::kCsv ? table.AsCsv() : "{" + json + "}\n");
  return absl::OkStatus();
}

}  // namespace tandem::cli
