#include "services/matching/operations/operations_service.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "google/rpc/status.pb.h"
#include "services/common/errors.h"
#include "services/common/paging.h"
#include "services/matching/records/keys.h"
#include "services/matching/records/record_io.h"
#include "tandem/matching/v1/matching_requests.pb.h"

namespace tandem::matching {
namespace {

using ::google::longrunning::Operation;
using ::google::protobuf::Empty;
using ::tandem::common::CallContext;

constexpr absl::Duration kMaxWait = absl::Seconds(30);
constexpr absl::Duration kBusyRetryAfter = absl::Seconds(1);
// Beside the callers who may look, those who may solve cohorts may cancel and forget.
const std::vector<common::v1::Role>& Readers() {
  static const auto* roles = new std::vector<common::v1::Role>{
      common::v1::ROLE_PROGRAMME_SYSTEM, common::v1::ROLE_STAFF, common::v1::ROLE_APPROVER,
      common::v1::ROLE_AUDITOR,          common::v1::ROLE_ADMIN, common::v1::ROLE_SERVICE};
  return *roles;
}
const std::vector<common::v1::Role>& Writers() {
  static const auto* roles = new std::vector<common::v1::Role>{
      common::v1::ROLE_PROGRAMME_SYSTEM, common::v1::ROLE_STAFF, common::v1::ROLE_ADMIN};
  return *roles;
}

absl::Duration TimeoutOf(const google::longrunning::WaitOperationRequest& request) {
  if (!request.has_timeout()) return kMaxWait;
  const absl::Duration asked =
      absl::Seconds(request.timeout().seconds()) + absl::Nanoseconds(request.timeout().nanos());
  return std::min(kMaxWait, std::max(absl::ZeroDuration(), asked));
}

std::string MethodName(absl::string_view method) {
  return absl::StrCat("google.longrunning.Operations/", method);
}

}  // namespace

absl::StatusOr<v1::StoredOperation> OperationsService::Read(const storage::Snapshot& snapshot,
                                                            absl::string_view name) const {
  TANDEM_ASSIGN_OR_RETURN(auto stored,
                          ReadRecord<v1::StoredOperation>(snapshot, OperationKey(name)));
  if (stored.revision == 0 || stored.value.name() != name) return common::NotFound(name);
  return std::move(stored.value);
}

absl::StatusOr<Operation> OperationsService::Render(const storage::Snapshot& snapshot,
                                                    const v1::StoredOperation& operation) const {
  Operation answer;
  answer.set_name(operation.name());
  answer.set_done(operation.done());
  v1::SolveCohortMetadata metadata;
  metadata.set_run(operation.run());
  metadata.set_step("done");
  metadata.set_progress_percent(100);
  if (!operation.done()) {
    const auto progress = runner_->ProgressOf(operation.name());
    metadata.set_step(progress.has_value() ? progress->step : "reading");
    metadata.set_progress_percent(progress.has_value() ? progress->percent : 0);
    metadata.set_cancel_requested(operation.cancel_requested() ||
                                  (progress.has_value() && progress->cancel_requested));
  } else if (operation.has_error()) {
    *answer.mutable_error() = operation.error();
  } else if (operation.error_code() != 0) {  // ended before details were kept
    answer.mutable_error()->set_code(operation.error_code());
    answer.mutable_error()->set_message(operation.error_message());
  } else {
    TANDEM_ASSIGN_OR_RETURN(const v1::CohortRun run, runs_->Get(snapshot, operation.run()));
    answer.mutable_response()->PackFrom(run);
  }
  answer.mutable_metadata()->PackFrom(metadata);
  return answer;
}

absl::StatusOr<Operation> OperationsService::Get(absl::string_view name) const {
  if (name.empty()) return common::InvalidField("name", "is required: that of an operation");
  TANDEM_ASSIGN_OR_RETURN(const auto snapshot, resources_->SnapshotAt(0));
  TANDEM_ASSIGN_OR_RETURN(const v1::StoredOperation operation, Read(*snapshot, name));
  return Render(*snapshot, operation);
}

absl::StatusOr<google::longrunning::ListOperationsResponse> OperationsService::List(
    const CallContext& call, const google::longrunning::ListOperationsRequest& request) const {
  if (!request.filter().empty()) {
    return common::InvalidField("filter", "is not understood here: leave it empty");
  }
  TANDEM_ASSIGN_OR_RETURN(const int page_size, common::PageSizeOf(request.page_size()));
  common::PagePosition position;
  if (!request.page_token().empty()) {
    TANDEM_ASSIGN_OR_RETURN(position,
                            resources_->page_tokens().Parse(call, "", request.page_token()));
  }
  TANDEM_ASSIGN_OR_RETURN(const auto snapshot, resources_->SnapshotAt(position.revision));
  position.revision = snapshot->revision();
  google::longrunning::ListOperationsResponse response;
  absl::Status rendered;
  size_t bytes = 0;
  bool more = false;
  TANDEM_RETURN_IF_ERROR(ScanRecords<v1::StoredOperation>(
      *snapshot, kOperationPrefix, [&](Stored<v1::StoredOperation> stored) {
        if (stored.value.name() <= position.after) return true;
        more = response.operations_size() == page_size;
        if (more) return false;
        absl::StatusOr<Operation> operation = Render(*snapshot, stored.value);
        rendered = operation.status();
        if (!rendered.ok()) return false;
        bytes += operation->ByteSizeLong();
        more = response.operations_size() > 0 && bytes > static_cast<size_t>(common::kMaxPageBytes);
        if (!more) *response.add_operations() = *std::move(operation);
        return !more;
      }));
  TANDEM_RETURN_IF_ERROR(rendered);
  if (more) {
    position.after = response.operations().rbegin()->name();
    response.set_next_page_token(resources_->page_tokens().Make(call, "", position));
  }
  return response;
}

absl::StatusOr<Empty> OperationsService::Cancel(const CallContext& call, absl::string_view name) {
  TANDEM_RETURN_IF_ERROR(runs_->RequestCancel(call, name));
  runner_->Cancel(name);
  return Empty();
}

absl::StatusOr<Operation> OperationsService::Wait(
    const CallContext& call, const google::longrunning::WaitOperationRequest& request) const {
  TANDEM_ASSIGN_OR_RETURN(Operation now, Get(request.name()));
  if (now.done() || TimeoutOf(request) == absl::ZeroDuration()) return now;
  const std::optional<WaitingPlaces::Place> place = waiting_.Take(call.principal().actor);
  if (!place.has_value()) {
    return common::QuotaExceeded(
        "SERVER_BUSY", "too many calls wait for operations: wait a little, then ask again",
        kBusyRetryAfter);
  }
  const absl::Time until = absl::Now() + TimeoutOf(request);
  // In short steps, so that a caller who hangs up does not keep a thread.
  while (call.CheckAlive().ok() && absl::Now() < until) {
    const absl::Time step = std::min(until, absl::Now() + absl::Milliseconds(200));
    if (runner_->WaitUntilEnded(request.name(), step)) break;
  }
  return Get(request.name());
}

absl::StatusOr<Empty> OperationsService::Delete(const CallContext& call, absl::string_view name) {
  const auto attempt = [&](const storage::Snapshot& snapshot,
                           common::ChangeSet* changes) -> absl::Status {
    TANDEM_ASSIGN_OR_RETURN(const v1::StoredOperation operation, Read(snapshot, name));
    if (!operation.done()) {
      return common::FailedPrecondition("OPERATION_UNDER_WAY",
                                        absl::StrCat(name, " is under way: cancel it, or wait"));
    }
    changes->Delete(OperationKey(name));
    changes->AddChange(name, common::v1::CHANGE_KIND_DEACTIVATED, "", "", "");
    return absl::OkStatus();
  };
  TANDEM_RETURN_IF_ERROR(resources_->Write(call, common::WriteMode::kCommit, attempt).status());
  return Empty();
}

void OperationsService::Register(common::MethodRegistry& registry) {
  namespace lro = ::google::longrunning;
  for (const char* method : {"GetOperation", "ListOperations", "WaitOperation"}) {
    registry.DeclareAccess(MethodName(method), Readers());
  }
  for (const char* method : {"CancelOperation", "DeleteOperation"}) {
    registry.DeclareAccess(MethodName(method), Writers());
  }
  registry.AddUnary<lro::GetOperationRequest, Operation>(
      MethodName("GetOperation"),
      [this](const CallContext&, const lro::GetOperationRequest& r) { return Get(r.name()); });
  registry.AddUnary<lro::ListOperationsRequest, lro::ListOperationsResponse>(
      MethodName("ListOperations"),
      [this](const CallContext& call, const lro::ListOperationsRequest& r) {
        return List(call, r);
      });
  registry.AddUnary<lro::WaitOperationRequest, Operation>(
      MethodName("WaitOperation"),
      [this](const CallContext& call, const lro::WaitOperationRequest& r) {
        return Wait(call, r);
      });
  registry.AddUnary<lro::CancelOperationRequest, Empty>(
      MethodName("CancelOperation"),
      [this](const CallContext& call, const lro::CancelOperationRequest& r) {
        return Cancel(call, r.name());
      });
  registry.AddUnary<lro::DeleteOperationRequest, Empty>(
      MethodName("DeleteOperation"),
      [this](const CallContext& call, const lro::DeleteOperationRequest& r) {
        return Delete(call, r.name());
      });
}

}  // namespace tandem::matching
