// The commands on the runs of a cohort: solving it, showing and questioning the plan, verifying it.
// Each returns the exit code: 1 for an infeasible cohort, a pair that cannot be, a certificate that
// is not valid.

#ifndef TANDEM_TOOLS_CLI_COMMANDS_COHORT_RUN_H_
#define TANDEM_TOOLS_CLI_COMMANDS_COHORT_RUN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tools/cli/command.h"

namespace tandem::cli {

struct CohortOptions {
  std::string cohort;
  std::string display_name;
  std::string programme;
  std::vector<std::string> needs;
  std::string policy;
  uint64_t seed = 0;
  std::string at;
  bool no_wait = false;
  bool replace = false;
  std::string near;            // a run, or "last"
  std::string change_penalty;  // points
  std::string need;
  std::string mentor;
  std::string out;
  int blocking_pairs = 20;  // at most so many are listed
  bool blocking = false;    // as CSV, list these instead of the plans
};

// Prints a run, "cohorts/ID/runs/N".
absl::StatusOr<int> ShowRun(Program& program, const std::string& run);

absl::StatusOr<int> SolveCohort(Program& program, const CohortOptions& options);
absl::StatusOr<int> CancelSolve(Program& program, const CohortOptions& options);
absl::StatusOr<int> WhyNot(Program& program, const CohortOptions& options);
absl::StatusOr<int> ReportFairness(Program& program, const CohortOptions& options);
absl::StatusOr<int> VerifyRun(Program& program, const CohortOptions& options);

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_CLI_COMMANDS_COHORT_RUN_H_
