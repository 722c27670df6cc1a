// The fairness report of a run, from its recorded problem.
#ifndef TANDEM_SERVICES_MATCHING_RUNS_FAIRNESS_ANSWER_H_
#define TANDEM_SERVICES_MATCHING_RUNS_FAIRNESS_ANSWER_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "services/matching/engine/assignment/solve.h"
#include "services/matching/runs/replay.h"
#include "tandem/matching/v1/fairness.pb.h"

namespace tandem::matching {

// Everything but the run's name. Lists at most `max_blocking_pairs`, counts all. Thread-safe.
// Errors: FAILED_PRECONDITION (RUN_HAS_NO_PLAN) for an infeasible run, and CANCELLED.
absl::StatusOr<v1::ReportFairnessResponse> ReportRecordedFairness(
    const RecordedRun& recorded, int32_t max_blocking_pairs, const engine::SolveOptions& options);

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_RUNS_FAIRNESS_ANSWER_H_
