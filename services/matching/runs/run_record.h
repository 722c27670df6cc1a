// A decision about a cohort as it is recorded and shown: the run, its matches with their reasons,
// the needs left open with what would help, and the inputs to replay it from.
#ifndef TANDEM_SERVICES_MATCHING_RUNS_RUN_RECORD_H_
#define TANDEM_SERVICES_MATCHING_RUNS_RUN_RECORD_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/matching/cohorts/decide_cohort.h"
#include "services/matching/runs/run_store.h"
#include "tandem/matching/v1/ranking.pb.h"

namespace tandem::matching {

// What the record says beside the decision.
struct RunFrame {
  std::string name;  // "cohorts/ID/runs/N"
  v1::SeenRevisions seen;
  absl::Time start_time;
  absl::Time end_time;
  std::vector<std::string> reference_digests;  // "name=sha256"
  std::string solved_by;                       // the actor who asked for it
  std::optional<EarlierPlan> compared_with;    // the plan that the difference is against
};

// Approved matches that the plan keeps are named in the run, not proposed again. `cancelled` is
// asked now and then: true gives CANCELLED.
absl::StatusOr<FinishedRun> RecordRun(const CohortQuestion& question,
                                      const CohortDecision& decision, const RunFrame& frame,
                                      const std::function<bool()>& cancelled);

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_RUNS_RUN_RECORD_H_
