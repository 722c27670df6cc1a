// The commands solve-file and verify-file (DESIGN section 4), apart from how their options are
// parsed. Thread-safe.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_FILES_COMMANDS_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_FILES_COMMANDS_H_

#include <functional>
#include <ostream>
#include <string>

#include "services/matching/engine/files/problem_files.h"

namespace tandem::engine::files {

// Exit codes of both commands.
constexpr int kExitFine = 0;
constexpr int kExitNo = 1;        // Infeasible, or not valid.
constexpr int kExitBadInput = 2;  // Bad input, or options that exclude each other.

struct SolveFileOptions {
  ProblemSource source;
  std::string dimacs;  // A DIMACS problem to solve instead of `source`, if not empty.
  std::string out;     // Where RESULT.json goes; replaced as a whole or not at all.
  bool stats = false;  // One JSON object as the last line of `errors`.
  // CPU seconds of the process so far; the commands themselves read no clock.
  std::function<double()> cpu_seconds;
  // The largest memory of the process so far, in MiB.
  std::function<double()> peak_mb;
};

// Solves the problem and writes RESULT.json; a line for people goes to `messages`.
int SolveFile(const SolveFileOptions& options, std::ostream& messages, std::ostream& errors);

struct VerifyFileOptions {
  ProblemSource source;
  std::string dimacs;  // The DIMACS problem of the result instead of `source`, if not empty.
  std::string result;  // The RESULT.json to verify.
};

// Writes VALID, or the first condition that fails and where, as a line to `messages`.
int VerifyFile(const VerifyFileOptions& options, std::ostream& messages, std::ostream& errors);

}  // namespace tandem::engine::files

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_FILES_COMMANDS_H_
