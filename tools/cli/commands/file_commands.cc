// tandem solve-file --pairs P [...] --out RESULT.json
// tandem verify-file --pairs P [...] --result RESULT.json
//
// --dimacs FILE in the place of --pairs and what belongs to it.

#include <sys/resource.h>

#include <map>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "services/matching/engine/files/commands.h"
#include "services/matching/engine/files/decimal.h"
#include "services/matching/engine/files/write_file.h"
#include "tools/cli/commands/commands.h"
#include "tools/cli/interrupt.h"

namespace tandem::cli {
namespace {

namespace files = ::tandem::engine::files;

double CpuSeconds() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double PeakMb() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

// The options as typed, before their values are understood.
struct TypedOptions {
  files::SolveFileOptions solve;
  std::string result;
  std::string objective = "total";
  std::string fill = "first";
  std::string change_penalty;
};

// Adds --dimacs, which excludes all other options that say what the problem is: those so far.
void AddDimacsOption(CLI::App* command, TypedOptions* options) {
  CLI::Option* dimacs =
      command->add_option("--dimacs", options->solve.dimacs,
                          "A DIMACS minimum-cost-flow problem (p min) instead of an assignment");
  for (CLI::Option* option : command->get_options()) {
    const std::string name = option->get_name();
    if (option != dimacs && name != "--help" && name != "--max-rows") dimacs->excludes(option);
  }
}

// One of the two says where the problem is.
void RequireProblem(const TypedOptions& options) {
  if (options.solve.source.pairs.empty() && options.solve.dimacs.empty()) {
    throw CLI::RequiredError("--pairs");
  }
}

// Adds the options that say what the problem is.
void AddSourceOptions(CLI::App* command, TypedOptions* options) {
  files::ProblemSource& source = options->solve.source;
  command->add_option("--pairs", source.pairs, "need,mentor,score[,mentor_score]");
  command->add_option("--needs", source.needs, "need,min,max[,tier][,beneficiary][,request]");
  command->add_option("--mentors", source.mentors, "mentor,min,max");
  CLI::Option* quotas =
      command->add_option("--quotas", source.quotas, "group,side,min,max[,parent]");
  command->add_option("--groups", source.groups, "member,group")->needs(quotas);
  command->add_option("--pinned", source.pinned, "need,mentor: pairs that must be matched");
  command->add_option("--forbidden", source.forbidden, "need,mentor: pairs that must not be");
  command
      ->add_option("--objective", options->objective, "What the best plan is: see DESIGN section 3")
      ->check(CLI::IsMember({"total", "coverage", "floor", "stable"}))
      ->capture_default_str();
  command->add_option("--fill", options->fill, "Whether filling needs comes before points")
      ->check(CLI::IsMember({"first", "optional"}))
      ->capture_default_str();
  command->add_option("--seed", source.seed, "Of the draws that tell equal plans apart")
      ->check(WholeNumber())
      ->capture_default_str();
  CLI::Option* previous =
      command->add_option("--previous", source.previous, "A RESULT.json to stay close to");
  command
      ->add_option("--change-penalty", options->change_penalty,
                   "What each changed pair costs, a decimal like a score")
      ->needs(previous);
  command->add_option("--max-rows", source.max_rows, "Refuse files with more rows than this")
      ->check(CLI::Range(int64_t{1}, int64_t{10'000'000}))
      ->capture_default_str();
}

absl::Status Understand(TypedOptions* options) {
  const std::map<std::string, engine::Objective> objectives = {
      {"total", engine::Objective::kTotal},
      {"coverage", engine::Objective::kCoverage},
      {"floor", engine::Objective::kFloor},
      {"stable", engine::Objective::kStable}};
  files::ProblemSource& source = options->solve.source;
  source.objective = objectives.at(options->objective);
  source.fill = options->fill == "first" ? engine::Fill::kFirst : engine::Fill::kOptional;
  if (options->change_penalty.empty()) return absl::OkStatus();
  const absl::StatusOr<int64_t> penalty = files::ParseDecimal(options->change_penalty);
  if (!penalty.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--change-penalty: ", penalty.status().message()));
  }
  source.change_penalty = *penalty;
  return absl::OkStatus();
}

}  // namespace

void AddSolveFileCommand(CLI::App& app, Program& program) {
  CLI::App* command = app.add_subcommand(
      "solve-file", "Find the best assignment for plain files, without a server, with its proof");
  const auto options = std::make_shared<TypedOptions>();
  AddSourceOptions(command, options.get());
  AddDimacsOption(command, options.get());
  command->add_option("--out", options->solve.out, "Where RESULT.json goes")->required();
  command->add_flag("--stats", options->solve.stats,
                    "Print times and memory as JSON, the last line on standard error");
  command->callback([&program, options] {
    RequireProblem(*options);
    program.action = [&program, options]() -> absl::StatusOr<int> {
      const absl::Status understood = Understand(options.get());
      if (!understood.ok()) return understood;
      options->solve.cpu_seconds = CpuSeconds;
      options->solve.peak_mb = PeakMb;
      const InterruptRemoves unfinished(files::UnfinishedPath(options->solve.out));
      return files::SolveFile(options->solve, program.out(), program.err());
    };
  });
}

void AddVerifyFileCommand(CLI::App& app, Program& program) {
  CLI::App* command = app.add_subcommand(
      "verify-file",
      "Check a result of solve-file against its files: VALID, or the first condition that fails");
  const auto options = std::make_shared<TypedOptions>();
  AddSourceOptions(command, options.get());
  AddDimacsOption(command, options.get());
  command->add_option("--result", options->result, "The RESULT.json to check")->required();
  command->callback([&program, options] {
    RequireProblem(*options);
    program.action = [&program, options]() -> absl::StatusOr<int> {
      const absl::Status understood = Understand(options.get());
      if (!understood.ok()) return understood;
      return files::VerifyFile({options->solve.source, options->solve.dimacs, options->result},
                               program.out(), program.err());
    };
  });
}

}  // namespace tandem::cli
