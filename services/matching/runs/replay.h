// Runs looked at again from their recorded inputs: why a pair was not matched, and whether the same
// problem still gives the same bytes.
#ifndef TANDEM_SERVICES_MATCHING_RUNS_REPLAY_H_
#define TANDEM_SERVICES_MATCHING_RUNS_REPLAY_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/matching/engine/assignment/problem.h"
#include "services/matching/engine/assignment/why_not.h"
#include "services/matching/runs/run_store.h"
#include "storage/store.h"
#include "tandem/matching/v1/matching_requests.pb.h"

namespace tandem::matching {

// A run's record, read back.
struct RecordedRun {
  engine::AssignmentProblem problem;
  engine::AssignmentResult result;
  std::string problem_bytes;
  std::string result_json;
};

// DATA_LOSS when the bytes are not those that the run's digests name; FAILED_PRECONDITION for a run
// without a result.
absl::StatusOr<RecordedRun> ReadRecordedRun(const RunStore& runs, const storage::Snapshot& snapshot,
                                            const v1::CohortRun& run);

// Solves the recorded problem again and returns the result's bytes. Equal to the recorded ones, or
// the engine has changed.
absl::StatusOr<std::string> Replay(const RecordedRun& recorded);

// Fills kind, cost, moved and sentence for a pair of the recorded problem. `plan` is the recorded
// one, or null for a run without a plan: FAILED_PRECONDITION. NOT_FOUND when the run has no such
// need. Sets kind INELIGIBLE, and nothing else, for a pair that was not eligible.
absl::StatusOr<v1::ExplainWhyNotResponse> ExplainRecorded(const RecordedRun& recorded,
                                                          engine::SolvedPlan* plan,
                                                          absl::string_view need,
                                                          absl::string_view mentor);

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_RUNS_REPLAY_H_
