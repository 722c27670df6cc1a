// The RPCs on assessments.
#include <memory>

#include "services/common/responses.h"
#include "services/needs/methods.h"
#include "tandem/needs/v1/assessment.pb.h"
#include "tandem/needs/v1/assessment_requests.pb.h"

namespace tandem::needs {
namespace {

using common::CallContext;
using Tables = std::shared_ptr<NeedsTables>;

void AddReads(const Tables& tables, common::MethodRegistry& registry) {
  registry.AddUnary<v1::GetAssessmentRequest, v1::Assessment>(
      MethodName("GetAssessment"),
      [tables](const CallContext&, const v1::GetAssessmentRequest& request) {
        return tables->assessments.Get(request.name(), request.revision());
      });
  registry.AddUnary<v1::ListAssessmentsRequest, v1::ListAssessmentsResponse>(
      MethodName("ListAssessments"),
      [tables](const CallContext& call, const v1::ListAssessmentsRequest& request) {
        return common::ListResponseOf(tables->assessments.List(call, common::ListQueryOf(request)),
                                      &v1::ListAssessmentsResponse::mutable_assessments);
      });
  registry.AddUnary<v1::ListAssessmentRevisionsRequest, v1::ListAssessmentRevisionsResponse>(
      MethodName("ListAssessmentRevisions"),
      [tables](const CallContext& call, const v1::ListAssessmentRevisionsRequest& request) {
        return common::HistoryResponseOf(tables->assessments.ListRevisions(
                                             call, request.name(), common::HistoryQueryOf(request)),
                                         &v1::ListAssessmentRevisionsResponse::mutable_assessments);
      });
}

void AddWrites(const Tables& tables, common::MethodRegistry& registry) {
  registry.AddUnary<v1::CreateAssessmentRequest, v1::Assessment>(
      MethodName("CreateAssessment"),
      [tables](const CallContext& call, const v1::CreateAssessmentRequest& request) {
        return tables->assessments.Create(call, request.assessment(), request.validate_only());
      });
  registry.AddUnary<v1::UpdateAssessmentRequest, v1::Assessment>(
      MethodName("UpdateAssessment"),
      [tables](const CallContext& call, const v1::UpdateAssessmentRequest& request) {
        return tables->assessments.Update(call, request.assessment(), request.update_mask(),
                                          request.validate_only());
      });
  registry.AddUnary<v1::DeactivateAssessmentRequest, v1::Assessment>(
      MethodName("DeactivateAssessment"),
      [tables](const CallContext& call, const v1::DeactivateAssessmentRequest& request) {
        return tables->assessments.Deactivate(call, request.name(), request.etag(),
                                              request.reason_code());
      });
}

void AddUpserts(const Tables& tables, common::MethodRegistry& registry) {
  registry.AddUnary<v1::UpsertAssessmentRequest, v1::UpsertAssessmentResponse>(
      MethodName("UpsertAssessment"),
      [tables](const CallContext& call, const v1::UpsertAssessmentRequest& request) {
        return common::UpsertResponseOf(
            tables->assessments.Upsert(call, request.assessment(), request.validate_only()),
            &v1::UpsertAssessmentResponse::mutable_assessment);
      });
  registry.AddUnary<v1::BatchUpsertAssessmentsRequest, v1::BatchUpsertAssessmentsResponse>(
      MethodName("BatchUpsertAssessments"),
      [tables](const CallContext& call, const v1::BatchUpsertAssessmentsRequest& request) {
        return common::BatchResponseOf<v1::BatchUpsertAssessmentsResponse>(
            tables->assessments.BatchUpsert(call, request.assessments(), request.validate_only()));
      });
}

}  // namespace

void AddAssessmentMethods(const Tables& tables, common::MethodRegistry& registry) {
  AddReads(tables, registry);
  AddWrites(tables, registry);
  AddUpserts(tables, registry);
}

}  // namespace tandem::needs
