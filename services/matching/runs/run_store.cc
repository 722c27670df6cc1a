#include "services/matching/runs/run_store.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/sha256.h"
#include "base/status_macros.h"
#include "services/common/complete_error.h"
#include "services/common/errors.h"
#include "services/common/resource_fields.h"
#include "services/common/status_conversion.h"
#include "services/common/timestamps.h"
#include "services/matching/runs/plan_difference.h"
#include "storage/cancellation.h"

namespace tandem::matching {
namespace {

using ::tandem::common::CallContext;
using ::tandem::common::ChangeSet;

constexpr size_t kPieceBytes = 4 << 20;

absl::Status UnknownOperation(const std::string& operation) {
  return absl::InternalError(absl::StrCat(operation, " is not in the store"));
}

absl::StatusOr<RunNumber> RunOf(const v1::StoredOperation& operation) {
  std::optional<RunNumber> run = ParseRunName(operation.run());
  if (!run.has_value()) return absl::DataLossError("an operation names no run");
  return *std::move(run);
}

void EndOperation(const absl::Status& error, absl::Time now, v1::StoredOperation* operation) {
  operation->set_done(true);
  operation->set_error_code(static_cast<int32_t>(error.code()));
  operation->set_error_message(std::string(error.message()));
  if (!error.ok()) {
    // As callers get it, with its reason.
    operation->mutable_error()->ParseFromString(
        common::ToGrpcStatus(common::CompleteError(error)).error_details());
  }
  *operation->mutable_end_time() = common::ToTimestamp(now);
}

// Stages the next state of a run and tells the feed.
void PutRun(const Stored<v1::CohortRun>& before, const RunNumber& number, const v1::CohortRun& next,
            absl::string_view reason_code, ChangeSet* changes) {
  const bool created = before.revision == 0;
  PutRecord(RunKey(number), before.revision, next, changes);
  changes->AddChange(next.name(),
                     created ? common::v1::CHANGE_KIND_CREATED : common::v1::CHANGE_KIND_UPDATED,
                     reason_code, created ? "" : base::Sha256(common::CanonicalBytes(before.value)),
                     base::Sha256(common::CanonicalBytes(next)));
}

absl::Status RunHasNoResult(const v1::CohortRun& run) {
  return common::FailedPrecondition(
      "RUN_HAS_NO_RESULT", absl::StrCat(run.name(), " is ", v1::RunStatus_Name(run.status()),
                                        " and has no result: choose a run that ended with one"));
}

}  // namespace

absl::Status RunHasNoPlan() {
  return common::FailedPrecondition(
      "RUN_HAS_NO_PLAN", "the run is infeasible: its conflict says which needs ask for too much");
}

absl::StatusOr<v1::StoredOperation> RunStore::Begin(const CallContext& call,
                                                    const v1::SolveCohortRequest& request,
                                                    const std::string& operation) {
  const std::string& cohort = request.name();
  const auto attempt = [&](const storage::Snapshot& snapshot, ChangeSet* changes) -> absl::Status {
    TANDEM_ASSIGN_OR_RETURN(auto proposals,
                            ReadRecord<v1::CohortProposals>(snapshot, ProposalsKey(cohort)));
    proposals.value.set_cohort(cohort);
    const RunNumber number{cohort, proposals.value.last_run_number() + 1};
    proposals.value.set_last_run_number(number.number);
    PutRecord(ProposalsKey(cohort), proposals.revision, proposals.value, changes);

    v1::CohortRun run;
    run.set_name(RunName(cohort, number.number));
    run.set_status(v1::RUN_STATUS_RUNNING);
    *run.mutable_start_time() = common::ToTimestamp(resources_->Now());
    PutRun(Stored<v1::CohortRun>(), number, run, "", changes);

    v1::StoredOperation stored;
    stored.set_name(operation);
    stored.set_run(run.name());
    stored.set_actor(call.principal().actor);
    stored.set_role(call.principal().role);
    stored.set_attempts(1);
    stored.set_previous_run(request.previous_run());
    stored.set_change_penalty_micropoints(request.change_penalty_micropoints());
    *stored.mutable_create_time() = run.start_time();
    PutRecord(OperationKey(operation), 0, stored, changes);
    changes->answer().names = {operation};
    return absl::OkStatus();
  };
  TANDEM_ASSIGN_OR_RETURN(const common::WriteOutcome outcome,
                          resources_->Write(call, common::WriteMode::kCommit, attempt));
  return ReadBegun(outcome);
}

absl::StatusOr<v1::StoredOperation> RunStore::BegunBefore(const CallContext& call,
                                                          const absl::Status& error) const {
  const auto nothing_begins = [&](const storage::Snapshot&, ChangeSet*) { return error; };
  TANDEM_ASSIGN_OR_RETURN(const common::WriteOutcome outcome,
                          resources_->Write(call, common::WriteMode::kCommit, nothing_begins));
  return ReadBegun(outcome);
}

absl::StatusOr<v1::StoredOperation> RunStore::ReadBegun(const common::WriteOutcome& outcome) const {
  TANDEM_ASSIGN_OR_RETURN(auto snapshot, resources_->SnapshotAt(0));
  const std::string& name = outcome.answer.names.front();
  TANDEM_ASSIGN_OR_RETURN(auto stored,
                          ReadRecord<v1::StoredOperation>(*snapshot, OperationKey(name)));
  if (stored.revision == 0) return common::NotFound(name);  // deleted since
  return std::move(stored.value);
}

absl::Status RunStore::Finish(const CallContext& call, const std::string& operation,
                              const ProposalsSeen& seen, const FinishedRun& finished) {
  if (finished.proposed.size() > kMaxMatchesPerRun) {
    return common::QuotaExceeded(
        "TOO_MANY_MATCHES",
        absl::StrCat("the plan has ", finished.proposed.size(), " matches, more than the ",
                     kMaxMatchesPerRun, " that one run may propose: split the cohort"),
        absl::ZeroDuration());
  }
  const std::optional<RunNumber> number = ParseRunName(finished.run.name());
  if (!number.has_value()) return absl::InternalError("the run has no name");
  TANDEM_RETURN_IF_ERROR(WriteParts(call, *number, finished));
  const auto attempt = [&](const storage::Snapshot& snapshot, ChangeSet* changes) {
    return StageFinish(call, operation, seen, finished, snapshot, changes);
  };
  return resources_->Write(call, common::WriteMode::kCommit, attempt).status();
}

// A run that decided anew leaves pieces of its first decision behind.
absl::Status RunStore::DeleteParts(const CallContext& call, const RunNumber& run) {
  const auto attempt = [&](const storage::Snapshot& snapshot, ChangeSet* changes) {
    const std::string prefix = RunFilePrefix(run);
    return snapshot.Scan(prefix, storage::EndOfPrefix(prefix), [&](const storage::Record& record) {
      changes->Delete(record.key);
      return true;
    });
  };
  return resources_->Write(call, common::WriteMode::kCommit, attempt).status();
}

// The pieces of both parts, one commit each.
absl::Status RunStore::WriteParts(const CallContext& call, const RunNumber& run,
                                  const FinishedRun& finished) {
  TANDEM_RETURN_IF_ERROR(DeleteParts(call, run));
  int next_piece = 0;
  for (const auto& [name, bytes] : {std::make_pair(kProblemPart, &finished.problem),
                                    std::make_pair(kResultPart, &finished.result_json)}) {
    for (size_t begin = 0; begin < bytes->size(); begin += kPieceBytes) {
      v1::RunFilePiece piece;
      piece.set_file_name(std::string(name));
      piece.set_data(bytes->substr(begin, kPieceBytes));
      const std::string key = RunFileKey(run, next_piece++);
      const std::string value = common::CanonicalBytes(piece);
      TANDEM_RETURN_IF_ERROR(resources_
                                 ->Write(call, common::WriteMode::kCommit,
                                         [&](const storage::Snapshot&, ChangeSet* changes) {
                                           changes->Put(key, value);
                                           return absl::OkStatus();
                                         })
                                 .status());
    }
  }
  return absl::OkStatus();
}

absl::Status RunStore::StageFinish(const CallContext& call, const std::string& operation,
                                   const ProposalsSeen& seen, const FinishedRun& finished,
                                   const storage::Snapshot& snapshot, ChangeSet* changes) {
  const RunNumber number = *ParseRunName(finished.run.name());
  TANDEM_ASSIGN_OR_RETURN(auto proposals,
                          ReadRecord<v1::CohortProposals>(snapshot, ProposalsKey(number.cohort)));
  TANDEM_ASSIGN_OR_RETURN(const ProposalsSeen now, ReadProposals(snapshot, number.cohort));
  if (now.matches != seen.matches) {
    return common::MakeError(absl::StatusCode::kAborted, "PROPOSALS_CHANGED",
                             "matches of the cohort were decided about while it was solved");
  }
  if (finished.run.status() != v1::RUN_STATUS_INFEASIBLE) {
    TANDEM_RETURN_IF_ERROR(StageSuperseded(snapshot, seen, changes));
    proposals.value.clear_matches();
  }
  for (const v1::Match& proposed : finished.proposed) {
    v1::Match match = proposed;
    TANDEM_RETURN_IF_ERROR(matches_->StageCreate(call, snapshot, &match, changes));
    proposals.value.add_matches(match.name());
  }
  PutRecord(ProposalsKey(number.cohort), proposals.revision, proposals.value, changes);

  TANDEM_ASSIGN_OR_RETURN(const v1::Cohort cohort, cohorts_->Read(snapshot, number.cohort));
  v1::Cohort next = cohort;
  next.set_latest_run(finished.run.name());
  TANDEM_RETURN_IF_ERROR(
      cohorts_->StageUpdate(snapshot, cohort, common::v1::CHANGE_KIND_UPDATED, "", &next, changes)
          .status());
  TANDEM_ASSIGN_OR_RETURN(const auto run, ReadRecord<v1::CohortRun>(snapshot, RunKey(number)));
  PutRun(run, number, finished.run, "", changes);
  TANDEM_ASSIGN_OR_RETURN(auto stored,
                          ReadRecord<v1::StoredOperation>(snapshot, OperationKey(operation)));
  if (stored.revision == 0) return UnknownOperation(operation);
  EndOperation(absl::OkStatus(), resources_->Now(), &stored.value);
  PutRecord(OperationKey(operation), stored.revision, stored.value, changes);
  return absl::OkStatus();
}

absl::Status RunStore::StageSuperseded(const storage::Snapshot& snapshot, const ProposalsSeen& seen,
                                       ChangeSet* changes) {
  for (const std::string& name : seen.matches) {
    TANDEM_ASSIGN_OR_RETURN(const v1::Match match, matches_->Read(snapshot, name));
    v1::Match next = match;
    next.set_state(v1::MATCH_STATE_SUPERSEDED);
    TANDEM_RETURN_IF_ERROR(matches_
                               ->StageUpdate(snapshot, match, common::v1::CHANGE_KIND_UPDATED,
                                             "SUPERSEDED", &next, changes)
                               .status());
  }
  return absl::OkStatus();
}

absl::Status RunStore::Fail(const CallContext& call, const std::string& operation,
                            v1::RunStatus status, const absl::Status& error) {
  return resources_
      ->Write(call, common::WriteMode::kCommit,
              [&](const storage::Snapshot& snapshot, ChangeSet* changes) {
                return StageEnd(snapshot, operation, status, error, changes);
              })
      .status();
}

absl::Status RunStore::StageEnd(const storage::Snapshot& snapshot, const std::string& operation,
                                v1::RunStatus status, const absl::Status& error,
                                ChangeSet* changes) {
  TANDEM_ASSIGN_OR_RETURN(auto stored,
                          ReadRecord<v1::StoredOperation>(snapshot, OperationKey(operation)));
  if (stored.revision == 0) return UnknownOperation(operation);
  if (stored.value.done()) return absl::OkStatus();
  TANDEM_ASSIGN_OR_RETURN(const RunNumber number, RunOf(stored.value));
  TANDEM_ASSIGN_OR_RETURN(const auto run, ReadRecord<v1::CohortRun>(snapshot, RunKey(number)));
  v1::CohortRun next = run.value;
  next.set_status(status);
  next.set_error(std::string(error.message()));
  *next.mutable_end_time() = common::ToTimestamp(resources_->Now());
  PutRun(run, number, next, absl::StatusCodeToString(error.code()), changes);
  EndOperation(error, resources_->Now(), &stored.value);
  PutRecord(OperationKey(operation), stored.revision, stored.value, changes);
  return absl::OkStatus();
}

absl::Status RunStore::RequestCancel(const CallContext& call, absl::string_view operation) {
  const auto attempt = [&](const storage::Snapshot& snapshot, ChangeSet* changes) -> absl::Status {
    TANDEM_ASSIGN_OR_RETURN(auto stored,
                            ReadRecord<v1::StoredOperation>(snapshot, OperationKey(operation)));
    if (stored.revision == 0) return common::NotFound(operation);
    if (stored.value.done() || stored.value.cancel_requested()) return absl::OkStatus();
    stored.value.set_cancel_requested(true);
    PutRecord(OperationKey(operation), stored.revision, stored.value, changes);
    changes->AddChange(std::string(operation), common::v1::CHANGE_KIND_UPDATED, "CANCEL_REQUESTED",
                       "", "");
    return absl::OkStatus();
  };
  return resources_->Write(call, common::WriteMode::kCommit, attempt).status();
}

absl::StatusOr<std::optional<v1::StoredOperation>> RunStore::TakeUp(const CallContext& call,
                                                                    v1::StoredOperation operation) {
  std::optional<v1::StoredOperation> taken;
  if (operation.cancel_requested()) {
    TANDEM_RETURN_IF_ERROR(Fail(call, operation.name(), v1::RUN_STATUS_CANCELLED,
                                absl::CancelledError("the run was cancelled")));
    return taken;
  }
  if (operation.attempts() >= kMaxAttempts) {
    TANDEM_RETURN_IF_ERROR(
        Fail(call, operation.name(), v1::RUN_STATUS_FAILED,
             common::MakeError(absl::StatusCode::kAborted, "RUN_INTERRUPTED",
                               absl::StrCat("the process ended ", kMaxAttempts,
                                            " times while the run was under way; it proposed "
                                            "nothing: solve the cohort again, or split it"))));
    return taken;
  }
  operation.set_attempts(operation.attempts() + 1);
  const auto attempt = [&](const storage::Snapshot& snapshot, ChangeSet* changes) -> absl::Status {
    TANDEM_ASSIGN_OR_RETURN(const auto stored, ReadRecord<v1::StoredOperation>(
                                                   snapshot, OperationKey(operation.name())));
    PutRecord(OperationKey(operation.name()), stored.revision, operation, changes);
    return absl::OkStatus();
  };
  TANDEM_RETURN_IF_ERROR(resources_->Write(call, common::WriteMode::kCommit, attempt).status());
  taken = std::move(operation);
  return taken;
}

absl::StatusOr<std::vector<v1::StoredOperation>> RunStore::TakeUpInterrupted() {
  TANDEM_ASSIGN_OR_RETURN(auto snapshot, resources_->SnapshotAt(0));
  std::vector<v1::StoredOperation> interrupted;
  TANDEM_RETURN_IF_ERROR(ScanRecords<v1::StoredOperation>(
      *snapshot, kOperationPrefix, [&](Stored<v1::StoredOperation> operation) {
        if (!operation.value.done()) interrupted.push_back(std::move(operation.value));
        return true;
      }));
  common::Call call;
  call.principal.actor = "tandem";
  call.principal.role = common::v1::ROLE_SERVICE;
  call.method = std::string(kSolveMethod);
  call.received_at = resources_->Now();
  storage::Cancellation never;
  const CallContext context(call, &never);
  std::vector<v1::StoredOperation> taken;
  for (v1::StoredOperation& operation : interrupted) {
    TANDEM_ASSIGN_OR_RETURN(auto taken_up, TakeUp(context, std::move(operation)));
    if (taken_up.has_value()) taken.push_back(*std::move(taken_up));
  }
  return taken;
}

absl::StatusOr<v1::CohortRun> RunStore::Get(const storage::Snapshot& snapshot,
                                            absl::string_view name) const {
  const std::optional<RunNumber> number = ParseRunName(name);
  if (!number.has_value()) return common::NotFound(name);
  TANDEM_ASSIGN_OR_RETURN(auto run, ReadRecord<v1::CohortRun>(snapshot, RunKey(*number)));
  if (run.revision == 0) return common::NotFound(name);
  return std::move(run.value);
}

absl::StatusOr<EarlierPlan> RunStore::ReadPlan(const storage::Snapshot& snapshot,
                                               absl::string_view name) const {
  TANDEM_ASSIGN_OR_RETURN(const v1::CohortRun run, Get(snapshot, name));
  if (run.inputs().result_digest().empty()) return RunHasNoResult(run);
  if (run.status() == v1::RUN_STATUS_INFEASIBLE) return RunHasNoPlan();
  EarlierPlan plan;
  plan.run = run.name();
  for (const std::string& match_name : run.matches()) {
    TANDEM_ASSIGN_OR_RETURN(const v1::Match match, matches_->Read(snapshot, match_name));
    plan.pairs.push_back({match.need(), match.mentor()});
  }
  SortPairs(&plan.pairs);
  return plan;
}

absl::StatusOr<std::optional<EarlierPlan>> RunStore::LastPlan(const storage::Snapshot& snapshot,
                                                              const std::string& cohort) const {
  TANDEM_ASSIGN_OR_RETURN(const auto proposals,
                          ReadRecord<v1::CohortProposals>(snapshot, ProposalsKey(cohort)));
  for (int64_t number = proposals.value.last_run_number(); number > 0; --number) {
    absl::StatusOr<EarlierPlan> plan = ReadPlan(snapshot, RunName(cohort, number));
    if (plan.ok()) return std::optional<EarlierPlan>(*std::move(plan));
    if (!absl::IsFailedPrecondition(plan.status())) return plan.status();
  }
  return std::optional<EarlierPlan>();
}

absl::StatusOr<ProposalsSeen> RunStore::ReadProposals(const storage::Snapshot& snapshot,
                                                      const std::string& cohort) const {
  TANDEM_ASSIGN_OR_RETURN(const auto proposals,
                          ReadRecord<v1::CohortProposals>(snapshot, ProposalsKey(cohort)));
  ProposalsSeen seen;
  for (const std::string& name : proposals.value.matches()) {
    TANDEM_ASSIGN_OR_RETURN(const v1::Match match, matches_->Read(snapshot, name));
    if (match.state() == v1::MATCH_STATE_PROPOSED) seen.matches.push_back(name);
  }
  return seen;
}

absl::StatusOr<std::string> RunStore::ReadPart(const storage::Snapshot& snapshot,
                                               const v1::CohortRun& run,
                                               absl::string_view part) const {
  if (run.inputs().problem_digest().empty()) return RunHasNoResult(run);
  const std::optional<RunNumber> number = ParseRunName(run.name());
  if (!number.has_value()) return common::NotFound(run.name());
  std::string bytes;
  TANDEM_RETURN_IF_ERROR(ScanRecords<v1::RunFilePiece>(snapshot, RunFilePrefix(*number),
                                                       [&](Stored<v1::RunFilePiece> piece) {
                                                         if (piece.value.file_name() == part) {
                                                           bytes += piece.value.data();
                                                         }
                                                         return true;
                                                       }));
  return bytes;
}

}  // namespace tandem::matching
