// tandem generate --mentors N --needs M --seed S --out DIR

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "tools/cli/commands/commands.h"
#include "tools/cli/generate/generator.h"

namespace tandem::cli {
namespace {

struct GenerateCommandOptions {
  GenerateOptions size;
  std::string out;
};

using Generate = void (*)(const GenerateOptions&, const TextSink&);

// Writes a file piece by piece under another name and gives it its own once it is whole.
absl::Status WriteGenerated(const std::string& path, const GenerateOptions& options,
                            Generate generate) {
  const std::string part = path + ".part";
  std::FILE* file = std::fopen(part.c_str(), "wb");
  bool written = file != nullptr;
  if (written) {
    generate(options, [&](absl::string_view text) {
      written = written && std::fwrite(text.data(), 1, text.size(), file) == text.size();
    });
  }
  if (file != nullptr && std::fclose(file) != 0) written = false;
  if (written && std::rename(part.c_str(), path.c_str()) == 0) return absl::OkStatus();
  const int error = errno;
  std::remove(part.c_str());
  return absl::InvalidArgumentError(
      absl::StrCat("cannot write ", path, ": ", std::strerror(error)));
}

absl::StatusOr<int> Run(Program& program, const GenerateCommandOptions& options) {
  std::error_code error;
  std::filesystem::create_directories(options.out, error);
  if (error) {
    return absl::InvalidArgumentError(
        absl::StrCat("--out ", options.out, ": cannot make the folder: ", error.message()));
  }
  const std::string folder = options.out + "/";
  TANDEM_RETURN_IF_ERROR(
      WriteGenerated(folder + "organisations.csv", options.size, GenerateOrganisations));
  TANDEM_RETURN_IF_ERROR(WriteGenerated(folder + "mentors.csv", options.size, GenerateMentors));
  TANDEM_RETURN_IF_ERROR(
      WriteGenerated(folder + "assessments.csv", options.size, GenerateAssessments));
  TANDEM_RETURN_IF_ERROR(WriteLocalFile(folder + "programme.json", GeneratedProgramme()));
  if (program.format() == Format::kTable) {
    program.out() << "Wrote organisations.csv, mentors.csv (" << options.size.mentors
                  << "), assessments.csv (" << options.size.needs << " needs), programme.json to "
                  << options.out << "\n";
    return 0;
  }
  Table table({"mentors", "needs", "seed"});
  table.AddRow({absl::StrCat(options.size.mentors), absl::StrCat(options.size.needs),
                absl::StrCat(options.size.seed)});
  program.Print(absl::StrCat("{\"mentors\": ", options.size.mentors, ", \"needs\": ",
                             options.size.needs, ", \"seed\": \"", options.size.seed, "\"}"),
                table);
  return 0;
}

}  // namespace

void AddGenerateCommand(CLI::App& app, Program& program) {
  CLI::App* command = app.add_subcommand(
      "generate", "Write an invented programme of any size, in the formats that import reads");
  const auto options = std::make_shared<GenerateCommandOptions>();
  command->add_option("--mentors", options->size.mentors, "How many mentors")
      ->required()
      ->check(CLI::Range(int64_t{0}, int64_t{9'999'999}));
  command->add_option("--needs", options->size.needs, "How many need items")
      ->required()
      ->check(CLI::Range(int64_t{0}, int64_t{9'999'999}));
  command
      ->add_option("--organisations", options->size.organisations,
                   "How many employers, beside ten national standards bodies")
      ->check(CLI::Range(int64_t{0}, int64_t{999'999}))
      ->capture_default_str();
  command->add_option("--seed", options->size.seed, "Same seed, same bytes")
      ->required()
      ->check(WholeNumber());
  command->add_option("--out", options->out, "Folder for the files")->required();
  command->callback([&program, options] {
    program.action = [&program, options] { return Run(program, *options); };
  });
}

}  // namespace tandem::cli
