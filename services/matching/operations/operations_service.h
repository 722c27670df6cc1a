// google.longrunning.Operations over the runs of cohorts. Operations are kept in the store and
// taken up again after a restart; progress lives in memory while a run is under way.
#ifndef TANDEM_SERVICES_MATCHING_OPERATIONS_OPERATIONS_SERVICE_H_
#define TANDEM_SERVICES_MATCHING_OPERATIONS_OPERATIONS_SERVICE_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/longrunning/operations.pb.h"
#include "google/protobuf/empty.pb.h"
#include "services/common/call_context.h"
#include "services/common/method_registry.h"
#include "services/common/resource_store.h"
#include "services/matching/operations/runner.h"
#include "services/matching/runs/run_store.h"
#include "services/matching/waiting/waiting_places.h"
#include "tandem/matching/v1/stored.pb.h"

namespace tandem::matching {

// Thread-safe. Everything given must outlive it.
class OperationsService {
 public:
  OperationsService(common::ResourceStore* resources, RunStore* runs, OperationRunner* runner)
      : resources_(resources), runs_(runs), runner_(runner) {}

  // Adds the five methods with the roles that may call them: Google's proto cannot declare them.
  void Register(common::MethodRegistry& registry);

  // A stored operation as callers see it: metadata SolveCohortMetadata, response CohortRun.
  absl::StatusOr<google::longrunning::Operation> Render(const storage::Snapshot& snapshot,
                                                        const v1::StoredOperation& operation) const;

  // NOT_FOUND: no such operation.
  absl::StatusOr<google::longrunning::Operation> Get(absl::string_view name) const;
  // INVALID_ARGUMENT: the page token is not understood, or a filter was given.
  absl::StatusOr<google::longrunning::ListOperationsResponse> List(
      const common::CallContext& call,
      const google::longrunning::ListOperationsRequest& request) const;
  // Asks a run to end soon, even if the process restarts before it does. NOT_FOUND; nothing happens
  // to one that has ended.
  absl::StatusOr<google::protobuf::Empty> Cancel(const common::CallContext& call,
                                                 absl::string_view name);
  // Answers when the operation has ended, or with its state after the timeout, at most 30 seconds.
  // RESOURCE_EXHAUSTED, reason SERVER_BUSY: as many calls wait as may (waiting_places.h).
  absl::StatusOr<google::longrunning::Operation> Wait(
      const common::CallContext& call,
      const google::longrunning::WaitOperationRequest& request) const;
  // Forgets an operation that has ended; its run stays. FAILED_PRECONDITION while under way.
  absl::StatusOr<google::protobuf::Empty> Delete(const common::CallContext& call,
                                                 absl::string_view name);

 private:
  absl::StatusOr<v1::StoredOperation> Read(const storage::Snapshot& snapshot,
                                           absl::string_view name) const;

  common::ResourceStore* const resources_;
  RunStore* const runs_;
  OperationRunner* const runner_;
  mutable WaitingPlaces waiting_{{/*all=*/16, /*one_caller=*/4}};
};

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_OPERATIONS_OPERATIONS_SERVICE_H_
