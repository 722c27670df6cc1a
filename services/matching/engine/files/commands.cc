#include "services/matching/engine/files/commands.h"

#include <array>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/csv.h"
#include "base/status_macros.h"
#include "services/matching/engine/assignment/check.h"
#include "services/matching/engine/assignment/solve.h"
#include "services/matching/engine/files/decimal.h"
#include "services/matching/engine/files/dimacs.h"
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

absl::StatusOr<Answer> SolveDimacsFile(const SolveFileOptions& options,
                                       const SolveOptions& solve_options) {
  TANDEM_ASSIGN_OR_RETURN(const std::string text, base::ReadFile(options.dimacs, kMaxResultBytes));
  TANDEM_ASSIGN_OR_RETURN(const DimacsProblem problem,
                          ParseDimacs(text, options.dimacs, options.source.max_rows));
  TANDEM_ASSIGN_OR_RETURN(const DimacsSolution solution, SolveDimacs(problem, solve_options));
  Answer answer;
  answer.feasible = solution.feasible;
  answer.json = DimacsToJson(problem, solution);
  answer.summary = solution.feasible ? absl::StrCat("OPTIMAL: cost ", FormatInteger(solution.cost))
                                     : "INFEASIBLE: the supplies cannot all be sent";
  answer.method = "network-simplex";
  return answer;
}

}  // namespace

int SolveFile(const SolveFileOptions& options, std::ostream& messages, std::ostream& errors) {
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
  absl::StatusOr<AssignmentProblem> problem = ReadProblem(options.source);
  if (!problem.ok()) return Refuse(problem.status(), errors);
  const absl::StatusOr<std::string> text = base::ReadFile(options.result, kMaxResultBytes);
  if (!text.ok()) return Refuse(text.status(), errors);
  const absl::StatusOr<AssignmentResult> result = ResultFromJson(*problem, *text, options.result);
  if (absl::IsInvalidArgument(result.status())) return Refuse(result.status(), errors);
  CheckResult checked;
  if (result.ok()) {
    checked = Check(*problem, *result);
  } else {
    checked.failure = std::string(result.status().message());
  }
  messages << (checked.valid ? "VALID" : absl::StrCat("NOT VALID: ", checked.failure)) << "\n";
  return checked.valid ? kExitFine : kExitNo;
}

}  // namespace tandem::engine::files
