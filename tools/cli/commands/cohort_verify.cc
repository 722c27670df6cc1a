// tandem cohort verify: takes a run out of the server as the plain files of the solver, and checks
// the certificate with the verifier that shares no code with the solver.

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/json.h"
#include "base/status_macros.h"
#include "tandem/matching/v1/matching_service.grpc.pb.h"
#include "tools/cli/commands/cohort_run.h"
#include "tools/cli/display.h"
#include "tools/cli/names.h"

namespace tandem::cli {
namespace {

using ::tandem::matching::v1::MatchingService;

constexpr char kOptionsFile[] = "options.txt";
constexpr char kResultFile[] = "result.json";

// The server names the files; a name must not lead out of the folder that they are written to.
absl::Status CheckFileName(const std::string& name) {
  const bool plain = !name.empty() && name.size() <= 64 && name.front() != '.' &&
                     name.front() != '-' && std::all_of(name.begin(), name.end(), [](char c) {
                       return absl::ascii_isalnum(c) || c == '.' || c == '_' || c == '-';
                     });
  if (plain) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("the server sent a file named \"", Harmless(name),
                                          "\", which is no plain name; nothing was written"));
}

absl::StatusOr<std::map<std::string, std::string>> Export(Program& program,
                                                          const std::string& run) {
  tandem::matching::v1::ExportCohortRunRequest request;
  request.set_name(run);
  const auto stub = program.session().Stub<MatchingService>();
  grpc::ClientContext context;
  program.session().Prepare("staff", &context);
  const auto reader = stub->ExportCohortRun(&context, request);
  std::map<std::string, std::string> files;
  tandem::matching::v1::ExportCohortRunResponse piece;
  absl::Status names;
  while (reader->Read(&piece)) {
    names.Update(CheckFileName(piece.file_name()));
    if (names.ok()) files[piece.file_name()] += piece.data();
  }
  const grpc::Status status = reader->Finish();
  if (!status.ok()) return program.session().Describe(status);
  TANDEM_RETURN_IF_ERROR(names);
  return files;
}

// The options of the export, with its files in `folder`. They may name no other file.
absl::StatusOr<std::vector<std::string>> VerifyArguments(
    const std::map<std::string, std::string>& files, const std::string& folder) {
  const auto options_file = files.find(kOptionsFile);
  if (options_file == files.end()) {
    return absl::InternalError("the export has no options.txt; is the server of the same version?");
  }
  std::vector<std::string> arguments = {"verify-file"};
  for (absl::string_view word :
       absl::StrSplit(options_file->second, absl::ByAnyChar(" \t\r\n"), absl::SkipEmpty())) {
    const bool is_file = files.count(std::string(word)) > 0;
    if (!is_file && absl::StrContains(word, '/')) {
      return absl::InternalError(
          absl::StrCat("options.txt of the export names \"", Harmless(word),
                       "\", which is no file of the export; nothing was verified"));
    }
    arguments.push_back(is_file ? absl::StrCat(folder, "/", word) : std::string(word));
  }
  arguments.insert(arguments.end(), {"--result", absl::StrCat(folder, "/", kResultFile)});
  return arguments;
}

// A folder that is removed at the end, or the one that the user named.
class OutputFolder {
 public:
  explicit OutputFolder(const std::string& wanted) : path_(wanted), temporary_(wanted.empty()) {}
  ~OutputFolder() {
    std::error_code ignored;
    if (temporary_ && !path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;

  absl::Status Make() {
    std::error_code error;
    if (temporary_) {
      std::string name =
          std::filesystem::temp_directory_path(error) / ("tandem-run-" + std::string(6, 'X'));
      if (error || mkdtemp(name.data()) == nullptr) {
        return absl::InvalidArgumentError("cannot make a temporary folder; name one with --out");
      }
      path_ = name;
      return absl::OkStatus();
    }
    std::filesystem::create_directories(path_, error);
    if (!error) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat("--out ", path_, ": cannot make the folder: ", error.message()));
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  const bool temporary_;
};

}  // namespace

absl::StatusOr<int> VerifyRun(Program& program, const CohortOptions& options) {
  TANDEM_ASSIGN_OR_RETURN(const std::string run, RunName(program.session(), options.cohort));
  TANDEM_ASSIGN_OR_RETURN(const auto files, Export(program, run));
  OutputFolder folder(options.out);
  TANDEM_RETURN_IF_ERROR(folder.Make());
  for (const auto& [file, content] : files) {
    TANDEM_RETURN_IF_ERROR(WriteLocalFile(absl::StrCat(folder.path(), "/", file), content));
  }
  TANDEM_ASSIGN_OR_RETURN(const std::vector<std::string> arguments,
                          VerifyArguments(files, folder.path()));
  if (program.format() == Format::kTable) {
    program.Say(absl::StrCat(Labels(program.session()).Cohort(run), ": exported",
                             options.out.empty() ? "" : " to " + options.out,
                             ", verifying without the server:"));
    return program.run(arguments);
  }
  std::ostringstream verdict;
  const int exit_code = program.RunInto(arguments, verdict);
  const std::string text(absl::StripAsciiWhitespace(verdict.str()));
  Table table({"run", "verdict"});
  table.AddRow({run, text});
  std::string json = "{\"run\": ";
  base::AppendJsonString(run, &json);
  json += ", \"verdict\": ";
  base::AppendJsonString(text, &json);
  program.Print(json + "}", table);
  return exit_code;
}

}  // namespace tandem::cli
