#include "services/matching/runs/cohort_solver.h"

#include <iostream>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "services/common/errors.h"
#include "services/common/timestamps.h"
#include "services/matching/engine/assignment/problem.h"
#include "services/matching/index/await_seen.h"
#include "services/matching/records/keys.h"
#include "services/matching/runs/run_record.h"
#include "storage/cancellation.h"

namespace tandem::matching {
namespace {

constexpr int kMaxDecisions = 3;  // people may decide about matches while a run is under way
constexpr absl::Duration kRetryAfterRun = absl::Seconds(5);
// How long a run waits for profiles and needs to say how far they are.
constexpr absl::Duration kSourcePatience = absl::Seconds(10);
// How often a run that waits for the index looks whether it is still wanted.
constexpr absl::Duration kIndexStep = absl::Milliseconds(100);

// Holds work back until it is known whether there is anything to do.
class Gate {
 public:
  void Open(bool go) {
    absl::MutexLock lock(&mutex_);
    decided_ = true;
    go_ = go;
  }
  bool Wait() {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&decided_));
    return go_;
  }

 private:
  absl::Mutex mutex_;
  bool decided_ ABSL_GUARDED_BY(mutex_) = false;
  bool go_ ABSL_GUARDED_BY(mutex_) = false;
};

absl::string_view StepName(CohortStep step) {
  switch (step) {
    case CohortStep::kEligibility:
      return "eligibility";
    case CohortStep::kSolving:
      return "solving";
    case CohortStep::kChecking:
      return "checking";
  }
  return "";
}

bool ProposalsChanged(const absl::Status& status) {
  const auto detail = common::ErrorDetailOf(status);
  return detail.has_value() && detail->reason == "PROPOSALS_CHANGED";
}

absl::Status CheckRequest(const v1::SolveCohortRequest& request) {
  common::FieldViolations violations;
  const std::string& previous = request.previous_run();
  const std::optional<RunNumber> run = ParseRunName(previous);
  if (!previous.empty() && (!run.has_value() || run->cohort != request.name())) {
    violations.Add("previous_run", absl::StrCat("must be a run of the cohort, \"", request.name(),
                                                "/runs/N\", or empty"));
  }
  const int64_t penalty = request.change_penalty_micropoints();
  if (penalty < 0 || penalty > engine::kMaxScore) {
    violations.Add("change_penalty_micropoints",
                   absl::StrCat("must be within 0 to ", engine::kMaxScore));
  } else if (penalty > 0 && previous.empty()) {
    violations.Add("change_penalty_micropoints", "needs previous_run: changed against which plan?");
  }
  return violations.ToStatus();
}

}  // namespace

absl::StatusOr<v1::StoredOperation> CohortSolver::Start(const common::CallContext& call,
                                                        const v1::SolveCohortRequest& request) {
  // What would make the run fail at once is told now, not by the operation.
  const absl::Status possible = CheckPossible(call, request);
  if (!possible.ok()) return runs_->BegunBefore(call, possible);
  const std::string operation = absl::StrCat("operations/", sources_.resources->NewId());
  auto work = std::make_shared<Work>();
  auto gate = std::make_shared<Gate>();
  const absl::Status started = runner_->Start(operation, [this, work, gate](auto& control) {
    if (gate->Wait()) Run(*work, control);
  });
  if (absl::IsResourceExhausted(started)) {
    return runs_->BegunBefore(
        call, common::QuotaExceeded("TOO_MANY_RUNS", started.message(), kRetryAfterRun));
  }
  TANDEM_RETURN_IF_ERROR(started);
  absl::StatusOr<v1::StoredOperation> begun = runs_->Begin(call, request, operation);
  const bool go = begun.ok() && begun->name() == operation;
  if (go) {
    work->call = call.call();
    work->call.request_id.clear();  // the answer to it is kept already
    work->call.deadline = absl::InfiniteFuture();
    work->cohort = request.name();
    work->operation = operation;
    work->run = begun->run();
    work->start_time = sources_.resources->Now();
    work->previous_run = request.previous_run();
    work->change_penalty = request.change_penalty_micropoints();
  }
  gate->Open(go);
  return begun;
}

absl::Status CohortSolver::CheckPossible(const common::CallContext& call,
                                         const v1::SolveCohortRequest& request) const {
  TANDEM_RETURN_IF_ERROR(CheckRequest(request));
  if (request.has_at_least()) {
    TANDEM_RETURN_IF_ERROR(AwaitSeen(*sources_.index, request.at_least(), call));
  }
  TANDEM_ASSIGN_OR_RETURN(const auto snapshot, sources_.resources->SnapshotAt(0));
  TANDEM_ASSIGN_OR_RETURN(
      const QuestionOptions options,
      OptionsOf(*snapshot, request.previous_run(), request.change_penalty_micropoints()));
  return AskCohort(sources_, request.name(), options).status();
}

void CohortSolver::Resume(const v1::StoredOperation& operation) {
  auto work = std::make_shared<Work>();
  work->call.principal.actor = operation.actor();
  work->call.principal.role = operation.role();
  work->call.method = std::string(kSolveMethod);
  work->call.received_at = sources_.resources->Now();
  work->cohort = operation.run().substr(0, operation.run().find("/runs/"));
  work->operation = operation.name();
  work->run = operation.run();
  work->start_time = common::FromTimestamp(operation.create_time());
  work->previous_run = operation.previous_run();
  work->change_penalty = operation.change_penalty_micropoints();
  const absl::Status started =
      runner_->Start(operation.name(), [this, work](auto& control) { Run(*work, control); });
  if (started.ok()) return;
  storage::Cancellation never;
  RecordFailure(common::CallContext(work->call, &never), *work, started);
}

absl::StatusOr<QuestionOptions> CohortSolver::OptionsOf(const storage::Snapshot& snapshot,
                                                        const std::string& previous_run,
                                                        int64_t change_penalty) const {
  QuestionOptions options;
  options.change_penalty = change_penalty;
  if (!previous_run.empty()) {
    TANDEM_ASSIGN_OR_RETURN(options.previous, runs_->ReadPlan(snapshot, previous_run));
  }
  return options;
}

absl::Status CohortSolver::WaitForIndex(const OperationControl& control) const {
  while (!control.Cancelled()) {
    if (sources_.index->WaitUntilReady(absl::Now() + kIndexStep)) return absl::OkStatus();
  }
  return absl::CancelledError("the run was cancelled");
}

absl::Status CohortSolver::CatchUp(const OperationControl& control) const {
  if (!read_heads_) return absl::OkStatus();
  const absl::Time give_up = absl::Now() + kSourcePatience;
  absl::StatusOr<v1::SeenRevisions> heads = read_heads_();
  while (!heads.ok()) {
    if (control.Cancelled()) return absl::CancelledError("the run was cancelled");
    if (absl::Now() > give_up) return heads.status();
    absl::SleepFor(kIndexStep);
    heads = read_heads_();
  }
  while (!control.Cancelled()) {
    if (sources_.index->WaitFor(*heads, absl::Now() + kIndexStep)) return absl::OkStatus();
  }
  return absl::CancelledError("the run was cancelled");
}

void CohortSolver::Report(const Work& work, absl::string_view step, int percent,
                          OperationControl& control) const {
  control.Report(step, percent);
  if (observer_) observer_(work.run, step);
}

void CohortSolver::Run(const Work& work, OperationControl& control) {
  storage::Cancellation never;
  const common::CallContext call(work.call, &never);
  absl::Status status;
  for (int i = 0; i < kMaxDecisions; ++i) {
    status = Solve(call, work, control);
    if (!ProposalsChanged(status)) break;
  }
  if (!status.ok() && !abandoned_) RecordFailure(call, work, status);
}

absl::Status CohortSolver::Solve(const common::CallContext& call, const Work& work,
                                 OperationControl& control) {
  Report(work, "reading", 1, control);
  TANDEM_RETURN_IF_ERROR(WaitForIndex(control));
  TANDEM_RETURN_IF_ERROR(CatchUp(control));
  TANDEM_ASSIGN_OR_RETURN(const auto head, sources_.resources->SnapshotAt(0));
  TANDEM_ASSIGN_OR_RETURN(const QuestionOptions options,
                          OptionsOf(*head, work.previous_run, work.change_penalty));
  TANDEM_ASSIGN_OR_RETURN(const CohortQuestion question, AskCohort(sources_, work.cohort, options));
  TANDEM_ASSIGN_OR_RETURN(const auto snapshot,
                          sources_.resources->SnapshotAt(question.ledger->revision));
  TANDEM_ASSIGN_OR_RETURN(const ProposalsSeen proposals,
                          runs_->ReadProposals(*snapshot, work.cohort));
  TANDEM_ASSIGN_OR_RETURN(const CohortDecision decision,
                          DecideCohort(question, [&](CohortStep step, int percent) {
                            Report(work, StepName(step), percent, control);
                            return control.Cancelled();
                          }));
  Report(work, "storing", 96, control);
  RunFrame frame{
      work.run,           SeenBy(question),       work.start_time,  sources_.resources->Now(),
      reference_digests_, call.principal().actor, question.previous};
  if (!frame.compared_with.has_value()) {
    TANDEM_ASSIGN_OR_RETURN(frame.compared_with, runs_->LastPlan(*snapshot, work.cohort));
  }
  TANDEM_ASSIGN_OR_RETURN(
      const FinishedRun finished,
      RecordRun(question, decision, frame, [&control] { return control.Cancelled(); }));
  // The state that the decision read stays readable for as long as the run does.
  TANDEM_RETURN_IF_ERROR(
      common::FromStorage(sources_.resources->store().Pin(question.ledger->revision, work.run)));
  TANDEM_RETURN_IF_ERROR(runs_->Finish(call, work.operation, proposals, finished));
  Report(work, "done", 100, control);
  return absl::OkStatus();
}

void CohortSolver::RecordFailure(const common::CallContext& call, const Work& work,
                                 const absl::Status& error) {
  const bool cancelled = absl::IsCancelled(error);
  const absl::Status recorded = runs_->Fail(
      call, work.operation, cancelled ? v1::RUN_STATUS_CANCELLED : v1::RUN_STATUS_FAILED, error);
  if (recorded.ok()) return;
  // The store refuses writes: the next start of the process takes the operation up again.
  std::cerr << "matching: the end of " << work.operation
            << " could not be recorded: " << recorded.message() << std::endl;
}

}  // namespace tandem::matching
