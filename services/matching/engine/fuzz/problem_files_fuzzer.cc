// Fuzzes every reader of an assignment problem: pairs, needs, mentors, quotas, groups, pinned,
// forbidden (CSV) and the previous result (JSON).
//
// An input holds several files: each starts after a line "#NAME", NAME being that of a file or
// "options"; see examples/problem_files. Whatever the bytes, reading ends with a problem or with an
// error that names file, line and column. A problem read is written and read back unchanged, and if
// it is small, it is solved, and the checker finds the result valid, also after a way through JSON.

#include <cstddef>
#include <cstdint>
#include <map>
#include <regex>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "services/matching/engine/assignment/check.h"
#include "services/matching/engine/assignment/problem.h"
#include "services/matching/engine/assignment/solve.h"
#include "services/matching/engine/files/problem_files.h"
#include "services/matching/engine/files/problem_writer.h"
#include "services/matching/engine/files/result_json.h"
#include "services/matching/engine/fuzz/expect.h"

namespace tandem::engine::fuzz {
namespace {

// Of a problem that is solved too: enough for every option, few enough for thousands a second.
constexpr size_t kMostPairs = 24;
constexpr size_t kMostNodes = 24;

using Texts = std::map<std::string, std::string>;

// The files of an input by name, such as "pairs.csv".
Texts Split(absl::string_view input) {
  Texts texts;
  std::string* text = nullptr;
  while (!input.empty()) {
    const size_t end = std::min(input.find('\n'), input.size() - 1);
    const absl::string_view line = input.substr(0, end + 1);
    input.remove_prefix(end + 1);
    if (absl::StartsWith(line, "#")) {
      const absl::string_view name = line.substr(1, line.find('\n') - 1);
      text = &texts[std::string(name)];
    } else if (text != nullptr) {
      absl::StrAppend(text, line);
    }
  }
  return texts;
}

files::ProblemSource SourceOf(const Texts& texts) {
  const std::map<std::string, std::string files::ProblemSource::*> places = {
      {"needs.csv", &files::ProblemSource::needs},
      {"mentors.csv", &files::ProblemSource::mentors},
      {"quotas.csv", &files::ProblemSource::quotas},
      {"groups.csv", &files::ProblemSource::groups},
      {"pinned.csv", &files::ProblemSource::pinned},
      {"forbidden.csv", &files::ProblemSource::forbidden},
      {"previous.json", &files::ProblemSource::previous}};
  files::ProblemSource source;
  source.pairs = "pairs.csv";
  for (const auto& [name, place] : places) {
    if (texts.count(name) > 0) source.*place = name;
  }
  return source;
}

void ReadOptionLine(const std::string& text, files::ProblemSource* source) {
  if (absl::StrContains(text, "coverage")) source->objective = Objective::kCoverage;
  if (absl::StrContains(text, "floor")) source->objective = Objective::kFloor;
  if (absl::StrContains(text, "stable")) source->objective = Objective::kStable;
  if (absl::StrContains(text, "optional")) source->fill = Fill::kOptional;
  if (absl::StrContains(text, "penalty")) source->change_penalty = 1'500'000;
  if (absl::StrContains(text, "seed")) source->seed = 7;
  if (absl::StrContains(text, "few rows")) source->max_rows = 2;
}

absl::StatusOr<AssignmentProblem> Read(const files::ProblemSource& source, const Texts& texts) {
  files::ReadOptions options;
  options.read = [&texts](const std::string& path) -> absl::StatusOr<std::string> {
    const auto found = texts.find(path);
    if (found == texts.end()) return absl::NotFoundError(path);
    return found->second;
  };
  return files::ReadProblem(source, options);
}

// That an error says where the mistake is, or that options exclude each other.
void ExpectPlace(const absl::Status& status) {
  if (absl::IsFailedPrecondition(status) || absl::IsNotFound(status)) return;
  static const std::regex& place =
      *new std::regex("^[a-z]+\\.(csv|json):[1-9][0-9]*:[1-9][0-9]*: .");
  const std::string message(status.message().substr(0, 60));
  Expect(std::regex_search(message, place), absl::StrCat("a place in: ", status.ToString()));
}

void ExpectSameAfterWriting(const files::ProblemSource& source, const AssignmentProblem& problem) {
  const Texts written = files::ProblemToFiles(problem);
  files::ProblemSource written_source = SourceOf(written);
  written_source.objective = source.objective;
  written_source.fill = source.fill;
  written_source.seed = source.seed;
  written_source.change_penalty = source.change_penalty;
  const absl::StatusOr<AssignmentProblem> again = Read(written_source, written);
  Expect(again.ok(), absl::StrCat("a written problem is read: ", again.status().ToString()));
  Expect(files::ProblemToFiles(*again) == written, "it is the same problem");
}

void ExpectSolvable(const AssignmentProblem& problem) {
  const absl::StatusOr<AssignmentResult> result = Solve(problem, SolveOptions());
  Expect(result.ok(), absl::StrCat("a valid problem is solved: ", result.status().ToString()));
  const CheckResult checked = Check(problem, *result);
  Expect(checked.valid, absl::StrCat("the result is valid: ", checked.failure));
  const std::string text = files::ResultToJson(problem, *result);
  const absl::StatusOr<AssignmentResult> read = files::ResultFromJson(problem, text, "RESULT.json");
  Expect(read.ok(), absl::StrCat("a written result is read: ", read.status().ToString()));
  Expect(files::ResultToJson(problem, *read) == text, "it is the same result");
  Expect(files::MatchesOfResult(text, "RESULT.json")->size() == result->matches.size(),
         "its matches can be a previous plan");
}

void Try(absl::string_view input) {
  const Texts texts = Split(input);
  files::ProblemSource source = SourceOf(texts);
  const auto options = texts.find("options");
  if (options != texts.end()) ReadOptionLine(options->second, &source);
  const absl::StatusOr<AssignmentProblem> problem = Read(source, texts);
  if (!problem.ok()) return ExpectPlace(problem.status());
  ExpectSameAfterWriting(source, *problem);
  if (problem->pairs.size() > kMostPairs || problem->needs.size() > kMostNodes ||
      problem->mentors.size() > kMostNodes || problem->quotas.size() > kMostNodes) {
    return;
  }
  ExpectSolvable(*problem);
}

}  // namespace
}  // namespace tandem::engine::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  tandem::engine::fuzz::Try(absl::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}
