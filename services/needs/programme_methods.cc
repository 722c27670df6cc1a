// The RPCs on programmes.
#include <memory>

#include "services/common/responses.h"
#include "services/needs/methods.h"
#include "tandem/needs/v1/programme.pb.h"
#include "tandem/needs/v1/programme_requests.pb.h"

namespace tandem::needs {
namespace {

using common::CallContext;
using Tables = std::shared_ptr<NeedsTables>;

void AddReads(const Tables& tables, common::MethodRegistry& registry) {
  registry.AddUnary<v1::GetProgrammeRequest, v1::Programme>(
      MethodName("GetProgramme"),
      [tables](const CallContext&, const v1::GetProgrammeRequest& request) {
        return tables->programmes.Get(request.name(), request.revision());
      });
  registry.AddUnary<v1::ListProgrammesRequest, v1::ListProgrammesResponse>(
      MethodName("ListProgrammes"),
      [tables](const CallContext& call, const v1::ListProgrammesRequest& request) {
        return common::ListResponseOf(tables->programmes.List(call, common::ListQueryOf(request)),
                                      &v1::ListProgrammesResponse::mutable_programmes);
      });
  registry.AddUnary<v1::ListProgrammeRevisionsRequest, v1::ListProgrammeRevisionsResponse>(
      MethodName("ListProgrammeRevisions"),
      [tables](const CallContext& call, const v1::ListProgrammeRevisionsRequest& request) {
        return common::HistoryResponseOf(
            tables->programmes.ListRevisions(call, request.name(), common::HistoryQueryOf(request)),
            &v1::ListProgrammeRevisionsResponse::mutable_programmes);
      });
}

void AddWrites(const Tables& tables, common::MethodRegistry& registry) {
  registry.AddUnary<v1::CreateProgrammeRequest, v1::Programme>(
      MethodName("CreateProgramme"),
      [tables](const CallContext& call, const v1::CreateProgrammeRequest& request) {
        return tables->programmes.Create(call, request.programme(), request.validate_only());
      });
  registry.AddUnary<v1::UpdateProgrammeRequest, v1::Programme>(
      MethodName("UpdateProgramme"),
      [tables](const CallContext& call, const v1::UpdateProgrammeRequest& request) {
        return tables->programmes.Update(call, request.programme(), request.update_mask(),
                                         request.validate_only());
      });
  registry.AddUnary<v1::DeactivateProgrammeRequest, v1::Programme>(
      MethodName("DeactivateProgramme"),
      [tables](const CallContext& call, const v1::DeactivateProgrammeRequest& request) {
        return tables->programmes.Deactivate(call, request.name(), request.etag(),
                                             request.reason_code());
      });
}

void AddUpserts(const Tables& tables, common::MethodRegistry& registry) {
  registry.AddUnary<v1::UpsertProgrammeRequest, v1::UpsertProgrammeResponse>(
      MethodName("UpsertProgramme"),
      [tables](const CallContext& call, const v1::UpsertProgrammeRequest& request) {
        return common::UpsertResponseOf(
            tables->programmes.Upsert(call, request.programme(), request.validate_only()),
            &v1::UpsertProgrammeResponse::mutable_programme);
      });
}

}  // namespace

void AddProgrammeMethods(const Tables& tables, common::MethodRegistry& registry) {
  AddReads(tables, registry);
  AddWrites(tables, registry);
  AddUpserts(tables, registry);
}

}  // namespace tandem::needs
