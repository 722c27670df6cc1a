// Solving a cohort as a long-running operation: read, decide, record; nothing is stored before the
// independent checker has accepted the proof, and then everything at once.
#ifndef TANDEM_SERVICES_MATCHING_RUNS_COHORT_SOLVER_H_
#define TANDEM_SERVICES_MATCHING_RUNS_COHORT_SOLVER_H_

#include <atomic>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/common/call_context.h"
#include "services/matching/cohorts/cohort_question.h"
#include "services/matching/operations/runner.h"
#include "services/matching/runs/run_store.h"
#include "storage/store.h"
#include "tandem/matching/v1/matching_requests.pb.h"
#include "tandem/matching/v1/stored.pb.h"

namespace tandem::matching {

// Told when a run reaches a step, on the run's thread. May be empty.
using RunObserver = std::function<void(absl::string_view run, absl::string_view step)>;

// Reads the newest revisions of the stores that the index follows (index/source_heads.h).
using ReadHeads = std::function<absl::StatusOr<v1::SeenRevisions>()>;

// Thread-safe. Everything given must outlive it; Stop() the runner before.
class CohortSolver {
 public:
  CohortSolver(const DecisionSources& sources, RunStore* runs, OperationRunner* runner,
               std::vector<std::string> reference_digests, RunObserver observer = nullptr)
      : sources_(sources),
        runs_(runs),
        runner_(runner),
        reference_digests_(std::move(reference_digests)),
        observer_(std::move(observer)) {}

  // Before the index follows anything. Until then runs decide on what the index has.
  void SetReadHeads(ReadHeads read_heads) { read_heads_ = std::move(read_heads); }

  // Starts a run and answers with its operation, or with the one that a repeated call started,
  // whatever would stand in the way of a run now.
  // Errors: those of AwaitSeen and AskCohort; of the previous run INVALID_ARGUMENT, NOT_FOUND,
  // RUN_HAS_NO_RESULT and RUN_HAS_NO_PLAN; RESOURCE_EXHAUSTED when too many runs are under way.
  absl::StatusOr<v1::StoredOperation> Start(const common::CallContext& call,
                                            const v1::SolveCohortRequest& request);

  // Takes up an operation of RunStore::TakeUpInterrupted() from its beginning, once the index has
  // the roster and the needs: it decides on the data of that time, and says which in its run.
  void Resume(const v1::StoredOperation& operation);

  // The process is about to end: runs under way record nothing any more. The next start takes them
  // up again, exactly as after a kill.
  void AbandonRuns() { abandoned_ = true; }

 private:
  // What a run under way knows of itself.
  struct Work {
    common::Call call;
    std::string cohort;
    std::string operation;
    std::string run;
    absl::Time start_time;
    std::string previous_run;    // to stay near; empty: decide anew
    int64_t change_penalty = 0;  // of each changed pair, micro-points
  };

  // Everything that would make the run of a call fail at once.
  absl::Status CheckPossible(const common::CallContext& call,
                             const v1::SolveCohortRequest& request) const;
  // What the question overrides, as of `snapshot`.
  absl::StatusOr<QuestionOptions> OptionsOf(const storage::Snapshot& snapshot,
                                            const std::string& previous_run,
                                            int64_t change_penalty) const;
  void Report(const Work& work, absl::string_view step, int percent,
              OperationControl& control) const;
  // OK once the index answers; CANCELLED when the end was asked for before.
  absl::Status WaitForIndex(const OperationControl& control) const;
  // OK once the index has taken in everything that profiles and needs have acknowledged by now.
  // CANCELLED likewise; the error of a service that cannot be asked for 10 seconds.
  absl::Status CatchUp(const OperationControl& control) const;
  void Run(const Work& work, OperationControl& control);
  absl::Status Solve(const common::CallContext& call, const Work& work, OperationControl& control);
  void RecordFailure(const common::CallContext& call, const Work& work, const absl::Status& error);

  const DecisionSources sources_;
  RunStore* const runs_;
  OperationRunner* const runner_;
  const std::vector<std::string> reference_digests_;
  const RunObserver observer_;
  ReadHeads read_heads_;
  std::atomic<bool> abandoned_{false};
};

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_RUNS_COHORT_SOLVER_H_
