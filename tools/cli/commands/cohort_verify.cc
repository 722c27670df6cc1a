// tandem cohort verify: takes a run out of the server as the plain files of the solver, and checks
// the certificate with the verifier that shares no code with the solver.

#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "tandem/matching/v1/matching_service.grpc.pb.h"
#include "tools/cli/commands/cohort_run.h"
#include "tools/cli/names.h"

namespace tandem::cli {
namespace {

using ::tandem::matching::v1::MatchingService;

constexpr char kOptionsFile[] = "options.txt";
constexpr char kResultFile[] = "result.json";

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
  while (reader->Read(&piece)) files[piece.file_name()] += piece.data();
  const grpc::Status status = reader->Finish();
  if (!status.ok()) return program.session().Describe(status);
  return files;
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
  const auto options_file = files.find(kOptionsFile);
  if (options_file == files.end()) {
    return absl::InternalError("the export has no options.txt; is the server of the same version?");
  }
  // The options name the files as they stand in the export.
  std::vector<std::string> arguments = {"verify-file"};
  for (absl::string_view word :
       absl::StrSplit(options_file->second, absl::ByAnyChar(" \t\r\n"), absl::SkipEmpty())) {
    const bool is_file = files.count(std::string(word)) > 0;
    arguments.push_back(is_file ? absl::StrCat(folder.path(), "/", word) : std::string(word));
  }
  arguments.insert(arguments.end(), {"--result", absl::StrCat(folder.path(), "/", kResultFile)});
  if (program.format() == Format::kTable) {
    program.out() << run << ": exported" << (options.out.empty() ? "" : " to " + options.out)
                  << ", verifying without the server:\n";
  }
  return program.run(arguments);
}

}  // namespace tandem::cli
