// Runs in the store: from being asked for to their end, with the inputs that they are replayed
// from. A run becomes visible as a whole: its record, its matches, the cohort's latest run and the
// end of its operation are one commit. Its inputs, which may be large, are written before, in
// pieces, and count only once that commit names them.
#ifndef TANDEM_SERVICES_MATCHING_RUNS_RUN_STORE_H_
#define TANDEM_SERVICES_MATCHING_RUNS_RUN_STORE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/common/call_context.h"
#include "services/common/resource_store.h"
#include "services/matching/cohorts/cohort_problem.h"
#include "services/matching/cohorts/cohort_table.h"
#include "services/matching/matches/match_table.h"
#include "services/matching/records/keys.h"
#include "services/matching/records/record_io.h"
#include "storage/store.h"
#include "tandem/matching/v1/cohort.pb.h"
#include "tandem/matching/v1/matching_requests.pb.h"
#include "tandem/matching/v1/stored.pb.h"

namespace tandem::matching {

// The method that starts runs, as it stands in changes.
inline constexpr absl::string_view kSolveMethod = "tandem.matching.v1.MatchingService/SolveCohort";

// Names of the parts of a run's record.
inline constexpr absl::string_view kProblemPart = "problem";
inline constexpr absl::string_view kResultPart = "result.json";

// The most matches that one run may propose: they, and those that they supersede, are one commit.
inline constexpr int kMaxMatchesPerRun = 8'000;

// So many processes may begin a run: one that ends its process each time must not do so for ever.
inline constexpr int kMaxAttempts = 5;

// What a run finished with.
struct FinishedRun {
  v1::CohortRun run;                // complete, with its name
  std::vector<v1::Match> proposed;  // new matches, with their names
  std::string problem;              // recorded bytes
  std::string result_json;
};

// FAILED_PRECONDITION (RUN_HAS_NO_PLAN): the answer to questions about the plan of an infeasible
// run.
absl::Status RunHasNoPlan();

// What the cohort's proposals looked like when the run read them.
struct ProposalsSeen {
  std::vector<std::string> matches;  // in state PROPOSED, in order
};

// Thread-safe. Everything given must outlive it.
class RunStore {
 public:
  RunStore(common::ResourceStore* resources, MatchTable* matches, CohortTable* cohorts)
      : resources_(resources), matches_(matches), cohorts_(cohorts) {}

  // Commits that a run of the cohort was asked for, under an operation of the given name. A
  // repeated call (request_id) gives the first operation: the answer's name is another one then.
  absl::StatusOr<v1::StoredOperation> Begin(const common::CallContext& call,
                                            const v1::SolveCohortRequest& request,
                                            const std::string& operation);

  // For a call that cannot begin a run now: the operation that it was answered with before, if it
  // is a repeated one; else `error`.
  absl::StatusOr<v1::StoredOperation> BegunBefore(const common::CallContext& call,
                                                  const absl::Status& error) const;

  // Commits the end of a run that has a plan or a conflict. A plan supersedes the proposals of
  // earlier runs; a conflict proposes nothing, so they go on waiting. ABORTED, reason
  // PROPOSALS_CHANGED, when somebody decided about a match of the cohort, or another run of it
  // ended, after `seen` was read: read and decide again. RESOURCE_EXHAUSTED for more matches than
  // one run may propose.
  absl::Status Finish(const common::CallContext& call, const std::string& operation,
                      const ProposalsSeen& seen, const FinishedRun& finished);

  // Commits that the run proposes nothing: `status` is CANCELLED or FAILED, `error` not OK.
  absl::Status Fail(const common::CallContext& call, const std::string& operation,
                    v1::RunStatus status, const absl::Status& error);

  // Commits that somebody asked for the end of an operation, so that a restart does not forget it.
  // NOT_FOUND; nothing changes for one that has ended.
  absl::Status RequestCancel(const common::CallContext& call, absl::string_view operation);

  // The operations that were under way when the process ended, to be taken up again. One whose end
  // was asked for, or that kMaxAttempts processes did not survive, is ended instead. Call once,
  // before serving.
  absl::StatusOr<std::vector<v1::StoredOperation>> TakeUpInterrupted();

  absl::StatusOr<v1::CohortRun> Get(const storage::Snapshot& snapshot,
                                    absl::string_view name) const;
  // The pairs of a run. NOT_FOUND; FAILED_PRECONDITION: RUN_HAS_NO_RESULT, RUN_HAS_NO_PLAN.
  absl::StatusOr<EarlierPlan> ReadPlan(const storage::Snapshot& snapshot,
                                       absl::string_view run) const;
  // The last plan of the cohort; std::nullopt when no run of it had one.
  absl::StatusOr<std::optional<EarlierPlan>> LastPlan(const storage::Snapshot& snapshot,
                                                      const std::string& cohort) const;
  absl::StatusOr<ProposalsSeen> ReadProposals(const storage::Snapshot& snapshot,
                                              const std::string& cohort) const;
  // A part of the run's record; FAILED_PRECONDITION, reason RUN_HAS_NO_RESULT, without one.
  absl::StatusOr<std::string> ReadPart(const storage::Snapshot& snapshot, const v1::CohortRun& run,
                                       absl::string_view part) const;

 private:
  absl::StatusOr<v1::StoredOperation> ReadBegun(const common::WriteOutcome& outcome) const;
  absl::Status DeleteParts(const common::CallContext& call, const RunNumber& run);
  absl::Status WriteParts(const common::CallContext& call, const RunNumber& run,
                          const FinishedRun& finished);
  absl::Status StageFinish(const common::CallContext& call, const std::string& operation,
                           const ProposalsSeen& seen, const FinishedRun& finished,
                           const storage::Snapshot& snapshot, common::ChangeSet* changes);
  absl::Status StageSuperseded(const storage::Snapshot& snapshot, const ProposalsSeen& seen,
                               common::ChangeSet* changes);
  absl::Status StageEnd(const storage::Snapshot& snapshot, const std::string& operation,
                        v1::RunStatus status, const absl::Status& error,
                        common::ChangeSet* changes);
  // Counts one more attempt; std::nullopt when the operation was ended instead.
  absl::StatusOr<std::optional<v1::StoredOperation>> TakeUp(const common::CallContext& call,
                                                            v1::StoredOperation operation);

  common::ResourceStore* const resources_;
  MatchTable* const matches_;
  CohortTable* const cohorts_;
};

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_RUNS_RUN_STORE_H_
