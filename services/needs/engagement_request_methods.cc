// The RPCs on engagement requests.
#include <memory>
#include <utility>

#include "base/status_macros.h"
#include "services/common/errors.h"
#include "services/common/responses.h"
#include "services/common/validation.h"
#include "services/needs/methods.h"
#include "tandem/needs/v1/engagement_request.pb.h"
#include "tandem/needs/v1/engagement_request_requests.pb.h"

namespace tandem::needs {
namespace {

using common::CallContext;
using Tables = std::shared_ptr<NeedsTables>;

void AddReads(const Tables& tables, common::MethodRegistry& registry) {
  registry.AddUnary<v1::GetEngagementRequestRequest, v1::EngagementRequest>(
      MethodName("GetEngagementRequest"),
      [tables](const CallContext&, const v1::GetEngagementRequestRequest& request) {
        return tables->requests.Get(request.name(), request.revision());
      });
  registry.AddUnary<v1::BatchGetEngagementRequestsRequest, v1::BatchGetEngagementRequestsResponse>(
      MethodName("BatchGetEngagementRequests"),
      [tables](const CallContext&, const v1::BatchGetEngagementRequestsRequest& request) {
        return common::BatchGetResponseOf(
            tables->requests.BatchGet(request.names(), request.revision()),
            &v1::BatchGetEngagementRequestsResponse::mutable_engagement_requests);
      });
  registry.AddUnary<v1::ListEngagementRequestsRequest, v1::ListEngagementRequestsResponse>(
      MethodName("ListEngagementRequests"),
      [tables](const CallContext& call, const v1::ListEngagementRequestsRequest& request) {
        return common::ListResponseOf(
            tables->requests.List(call, common::ListQueryOf(request)),
            &v1::ListEngagementRequestsResponse::mutable_engagement_requests);
      });
  registry.AddUnary<v1::ListEngagementRequestRevisionsRequest,
                    v1::ListEngagementRequestRevisionsResponse>(
      MethodName("ListEngagementRequestRevisions"),
      [tables](const CallContext& call, const v1::ListEngagementRequestRevisionsRequest& request) {
        return common::HistoryResponseOf(
            tables->requests.ListRevisions(call, request.name(), common::HistoryQueryOf(request)),
            &v1::ListEngagementRequestRevisionsResponse::mutable_engagement_requests);
      });
}

void AddWrites(const Tables& tables, common::MethodRegistry& registry) {
  registry.AddUnary<v1::CreateEngagementRequestRequest, v1::EngagementRequest>(
      MethodName("CreateEngagementRequest"),
      [tables](const CallContext& call, const v1::CreateEngagementRequestRequest& request) {
        return tables->requests.Create(call, request.engagement_request(), request.validate_only());
      });
  registry.AddUnary<v1::UpdateEngagementRequestRequest, v1::EngagementRequest>(
      MethodName("UpdateEngagementRequest"),
      [tables](const CallContext& call, const v1::UpdateEngagementRequestRequest& request) {
        return tables->requests.Update(call, request.engagement_request(), request.update_mask(),
                                       request.validate_only());
      });
  registry.AddUnary<v1::DeactivateEngagementRequestRequest, v1::EngagementRequest>(
      MethodName("DeactivateEngagementRequest"),
      [tables](const CallContext& call, const v1::DeactivateEngagementRequestRequest& request) {
        return tables->requests.Deactivate(call, request.name(), request.etag(),
                                           request.reason_code());
      });
}

void AddUpserts(const Tables& tables, common::MethodRegistry& registry) {
  registry.AddUnary<v1::UpsertEngagementRequestRequest, v1::UpsertEngagementRequestResponse>(
      MethodName("UpsertEngagementRequest"),
      [tables](const CallContext& call, const v1::UpsertEngagementRequestRequest& request) {
        return common::UpsertResponseOf(
            tables->requests.Upsert(call, request.engagement_request(), request.validate_only()),
            &v1::UpsertEngagementRequestResponse::mutable_engagement_request);
      });
  registry.AddUnary<v1::BatchUpsertEngagementRequestsRequest,
                    v1::BatchUpsertEngagementRequestsResponse>(
      MethodName("BatchUpsertEngagementRequests"),
      [tables](const CallContext& call, const v1::BatchUpsertEngagementRequestsRequest& request) {
        return common::BatchResponseOf<v1::BatchUpsertEngagementRequestsResponse>(
            tables->requests.BatchUpsert(call, request.engagement_requests(),
                                         request.validate_only()));
      });
}

// Ends an open request as referred: an outcome, not a failure.
absl::StatusOr<v1::EngagementRequest> Refer(NeedsTables& tables, const CallContext& call,
                                            const v1::ReferEngagementRequestRequest& request) {
  common::FieldViolations violations;
  common::CheckReasonCode(request.referral_code(), common::Presence::kRequired, "referral_code",
                          &violations);
  TANDEM_RETURN_IF_ERROR(violations.ToStatus());
  return tables.requests.Modify(
      call, request.name(), request.etag(), tandem::common::v1::CHANGE_KIND_DECIDED,
      request.referral_code(), [&](v1::EngagementRequest* next) {
        if (next->state() != v1::ENGAGEMENT_REQUEST_STATE_OPEN) {
          return common::FailedPrecondition(
              "REQUEST_NOT_OPEN", "only an open request can be referred; this one has ended",
              {{"resource", request.name()},
               {"state", v1::EngagementRequestState_Name(next->state())}});
        }
        next->set_state(v1::ENGAGEMENT_REQUEST_STATE_REFERRED);
        next->set_referral_code(request.referral_code());
        return absl::OkStatus();
      });
}

absl::Status Watch(const NeedsTables& tables, const CallContext& call,
                   const v1::WatchEngagementRequestsRequest& request,
                   common::StreamWriter<v1::WatchEngagementRequestsResponse>& writer) {
  return tables.requests.Watch(call, request.after_revision(),
                               [&](common::WatchStep<v1::EngagementRequest> step) {
                                 v1::WatchEngagementRequestsResponse response;
                                 for (v1::EngagementRequest& changed : step.resources) {
                                   *response.add_engagement_requests() = std::move(changed);
                                 }
                                 response.set_revision(step.revision);
                                 response.set_snapshot_complete(step.snapshot_complete);
                                 return writer.Write(response);
                               });
}

void AddOwn(const Tables& tables, common::MethodRegistry& registry) {
  registry.AddUnary<v1::ReferEngagementRequestRequest, v1::EngagementRequest>(
      MethodName("ReferEngagementRequest"),
      [tables](const CallContext& call, const v1::ReferEngagementRequestRequest& request) {
        return Refer(*tables, call, request);
      });
  registry.AddServerStream<v1::WatchEngagementRequestsRequest, v1::WatchEngagementRequestsResponse>(
      MethodName("WatchEngagementRequests"),
      [tables](const CallContext& call, const v1::WatchEngagementRequestsRequest& request,
               common::StreamWriter<v1::WatchEngagementRequestsResponse>& writer) {
        return Watch(*tables, call, request, writer);
      });
}

}  // namespace

void AddEngagementRequestMethods(const Tables& tables, common::MethodRegistry& registry) {
  AddReads(tables, registry);
  AddWrites(tables, registry);
  AddUpserts(tables, registry);
  AddOwn(tables, registry);
}

}  // namespace tandem::needs
