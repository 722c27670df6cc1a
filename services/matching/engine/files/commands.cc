#include "services/matching/engine/files/commands.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/csv.h"
#include "base/status_macros.h"
#include "services/matching/engine/assignment/check.h"
#include "services/matching/engine/assignment/solve.h"
#include "services/matching/engine/files/decimal.h"
#include "services/matching/engine/files/dimacs.h"
#include "services/matching/engine/files/dimacs_verify.h"
#include "services/matching/engine/files/result_json.h"
#include "services/matching/engine/files/write_file.h"

namespace tandem::engine::files {
namespace {

constexpr int64_t kMaxResultBytes = int64_t{8} << 30;

// Says what is wrong; the exit code of bad input.
int Refuse(const absl::Status& status, std::ostream& errors) {
  errors << "error: " << status.message() << "\n";
  return kExitBadInput;
}

// CPU seconds by phase: reading, then the phases of the solver, which may alternate.
class PhaseClock {
 public:
  explicit PhaseClock(const std::function<double()>& now) : now_(now), since_(Now()) {}

  // What passed until now belonged to the current phase; from now on `phase` is the current one.
  void Enter(size_t phase) {
    const double now = Now();
    spent_[current_] += now - since_;
    since_ = now;
    current_ = phase;
  }
  void Enter(SolvePhase phase) { Enter(1 + static_cast<size_t>(phase)); }

  std::string Report(absl::string_view method, double peak_mb) {
    Enter(current_);
    return absl::StrFormat(
        "{\"method\": \"%s\", \"read_s\": %.6f, \"build_s\": %.6f, \"solve_s\": %.6f, "
        "\"certify_s\": %.6f, \"peak_mb\": %.1f}",
        method, spent_[0], spent_[1], spent_[2], spent_[3], peak_mb);
  }

 private:
  double Now() const { return now_ ? now_() : 0; }

  const std::function<double()>& now_;
  std::array<double, 4> spent_ = {};
  size_t current_ = 0;
  double since_;
};

// What a solve leaves: the text of RESULT.json, and a line for people.
struct Answer {
  bool feasible = false;
  std::string json;
  std::string summary;
  std::string method;
};

std::string Summary(const AssignmentResult& result) {
  if (result.outcome == Outcome::kInfeasible) {
    const Conflict& conflict = result.conflict;
    return absl::StrCat("INFEASIBLE: ", conflict.demand, " asked for, ", conflict.supply,
                        " to be had, among ", conflict.needs.size(), " needs, ",
                        conflict.mentors.size(), " mentors and ", conflict.quotas.size(),
                        " quotas (see conflict in the result)");
  }
  return absl::StrCat(result.outcome == Outcome::kStable ? "STABLE" : "OPTIMAL", ": ",
                      result.filled_slots, " matches, ", result.needs_served,
                      " needs served, score ", FormatDecimal(result.total_score));
}

absl::StatusOr<Answer> SolveAssignment(const ProblemSource& source, const SolveOptions& options) {
  TANDEM_ASSIGN_OR_RETURN(const AssignmentProblem problem, ReadProblem(source));
  TANDEM_ASSIGN_OR_RETURN(const AssignmentResult result, Solve(problem, options));
  Answer answer;
  answer.feasible = result.outcome != Outcome::kInfeasible;
  answer.json = ResultToJson(problem, result);
  answer.summary = Summary(result);
  answer.method = result.method;
  return answer;
}

absl::StatusOr<DimacsProblem> ReadDimacs(const std::string& path, int64_t max_rows) {
  TANDEM_ASSIGN_OR_RETURN(const std::string text, base::ReadFile(path, kMaxResultBytes));
  return ParseDimacs(text, path, max_rows);
}

absl::StatusOr<Answer> SolveDimacsFile(const SolveFileOptions& options,
                                       const SolveOptions& solve_options) {
  TANDEM_ASSIGN_OR_RETURN(const DimacsProblem problem,
                          ReadDimacs(options.dimacs, options.source.max_rows));
  TANDEM_ASSIGN_OR_RETURN(const DimacsSolution solution, SolveDimacs(problem, solve_options));
  Answer answer;
  answer.feasible = solution.feasible;
  answer.json = DimacsToJson(problem, solution);
  answer.summary =
      solution.feasible
          ? absl::StrCat("OPTIMAL: cost ", FormatInteger(solution.cost))
          : absl::StrCat("INFEASIBLE: ", solution.conflict.nodes.size(),
                         " nodes (see conflict in the result) must pass ", solution.conflict.demand,
                         " where ", solution.conflict.supply, " can be passed");
  answer.method = "network-simplex";
  return answer;
}

// The first condition of the result that fails; empty if it is proven. An error is one of the
// input.
absl::StatusOr<std::string> FailureOfAssignment(const VerifyFileOptions& options) {
  TANDEM_ASSIGN_OR_RETURN(const AssignmentProblem problem, ReadProblem(options.source));
  TANDEM_ASSIGN_OR_RETURN(const std::string text, base::ReadFile(options.result, kMaxResultBytes));
  const absl::StatusOr<AssignmentResult> result = ResultFromJson(problem, text, options.result);
  if (absl::IsInvalidArgument(result.status())) return result.status();
  if (!result.ok()) return std::string(result.status().message());
  const CheckResult checked = Check(problem, *result);
  return checked.valid ? std::string() : checked.failure;
}

absl::StatusOr<std::string> FailureOfDimacs(const VerifyFileOptions& options) {
  TANDEM_ASSIGN_OR_RETURN(const DimacsProblem problem,
                          ReadDimacs(options.dimacs, options.source.max_rows));
  TANDEM_ASSIGN_OR_RETURN(const std::string text, base::ReadFile(options.result, kMaxResultBytes));
  return VerifyDimacs(problem, text, options.result);
}

// Refuses to put the result in the place of a file that says what the problem is. The plan before
// may make room for the new one: it is read by then, and a result like it.
absl::Status CheckOut(const SolveFileOptions& options) {
  const ProblemSource& source = options.source;
  for (const std::string& input :
       {source.pairs, source.needs, source.mentors, source.quotas, source.groups, source.pinned,
        source.forbidden, options.dimacs}) {
    std::error_code not_there;
    if (input.empty() || !std::filesystem::equivalent(input, options.out, not_there)) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        "--out ", options.out, " is a file of the problem, and would overwrite it: name another"));
  }
  return absl::OkStatus();
}

}  // namespace

int SolveFile(const SolveFileOptions& options, std::ostream& messages, std::ostream& errors) {
  const absl::Status out = CheckOut(options);
  if (!out.ok()) return Refuse(out, errors);
  PhaseClock clock(options.cpu_seconds);
  SolveOptions solve_options;
  solve_options.progress = [&clock](const SolveProgress& progress) {
    if (progress.steps == 0) clock.Enter(progress.phase);
  };
  const absl::StatusOr<Answer> answer = options.dimacs.empty()
                                            ? SolveAssignment(options.source, solve_options)
                                            : SolveDimacsFile(options, solve_options);
  if (!answer.ok()) return Refuse(answer.status(), errors);
  const double peak = options.peak_mb ? options.peak_mb() : 0;
  const std::string stats = clock.Report(answer->method, peak);
  const absl::Status written = WriteWholeFile(options.out, answer->json);
  if (!written.ok()) return Refuse(written, errors);
  messages << answer->summary << "\n";
  if (options.stats) errors << stats << "\n";
  return answer->feasible ? kExitFine : kExitNo;
}

int VerifyFile(const VerifyFileOptions& options, std::ostream& messages, std::ostream& errors) {
  const absl::StatusOr<std::string> failure =
      options.dimacs.empty() ? FailureOfAssignment(options) : FailureOfDimacs(options);
  if (!failure.ok()) return Refuse(failure.status(), errors);
  messages << (failure->empty() ? "VALID" : absl::StrCat("NOT VALID: ", *failure)) << "\n";
  return failure->empty() ? kExitFine : kExitNo;
}

}  // namespace tandem::engine::files
