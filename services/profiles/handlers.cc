#include "services/profiles/handlers.h"

#include <utility>

#include "base/status_macros.h"
#include "services/common/change_feed.h"
#include "services/common/errors.h"
#include "services/common/responses.h"
#include "services/common/timestamps.h"
#include "services/common/validation.h"
#include "services/profiles/mentor_hooks.h"
#include "services/profiles/organisation_hooks.h"
#include "services/profiles/roster_watch.h"

namespace tandem::profiles {

namespace {

using common::Presence;

absl::Status CheckErasure(absl::string_view reason_code) {
  common::FieldViolations violations;
  common::CheckReasonCode(reason_code, Presence::kRequired, "reason_code", &violations);
  return violations.ToStatus();
}

absl::Status CheckReason(absl::string_view reason_code) {
  common::FieldViolations violations;
  common::CheckReasonCode(reason_code, Presence::kOptional, "reason_code", &violations);
  return violations.ToStatus();
}

// Takes a mentor or organisation that was deactivated into use again.
template <typename T, typename Request>
absl::StatusOr<T> Reactivate(common::ResourceTable<T>& table, const common::CallContext& call,
                             const Request& request) {
  TANDEM_RETURN_IF_ERROR(CheckReason(request.reason_code()));
  return table.Modify(call, request.name(), request.etag(), common::v1::CHANGE_KIND_REACTIVATED,
                      request.reason_code(), [](T* profile) {
                        if (profile->state() == v1::PROFILE_STATE_INACTIVE) {
                          profile->set_state(v1::PROFILE_STATE_ACTIVE);
                        }
                        if (profile->state() == v1::PROFILE_STATE_ACTIVE) return absl::OkStatus();
                        return common::FailedPrecondition(
                            "PERSON_ERASED",
                            "the person was erased; a new profile of the same person is a new "
                            "mentor",
                            {{"resource", profile->name()}});
                      });
}

}  // namespace

Handlers::Handlers(std::unique_ptr<common::ResourceStore> resources, std::shared_ptr<KeyStore> keys,
                   std::shared_ptr<const common::ReferenceData> reference)
    : keys_(std::move(keys)),
      reference_(std::move(reference)),
      resources_(std::move(resources)),
      persons_(keys_.get()),
      mentors_(resources_.get(), MentorSpec(),
               std::make_unique<MentorHooks>(&persons_, reference_.get())),
      organisations_(resources_.get(), OrganisationSpec(),
                     std::make_unique<OrganisationHooks>(&persons_, reference_.get())),
      eraser_(resources_.get(), &persons_, &mentors_, &organisations_) {}

absl::StatusOr<v1::Mentor> Handlers::CreateMentor(const Call& call,
                                                  const v1::CreateMentorRequest& request) {
  return mentors_.Create(call, request.mentor(), request.validate_only());
}

absl::StatusOr<v1::Mentor> Handlers::GetMentor(const Call&, const v1::GetMentorRequest& request) {
  return mentors_.Get(request.name(), request.revision());
}

absl::StatusOr<v1::BatchGetMentorsResponse> Handlers::BatchGetMentors(
    const Call&, const v1::BatchGetMentorsRequest& request) {
  return common::BatchGetResponseOf(mentors_.BatchGet(request.names(), request.revision()),
                                    &v1::BatchGetMentorsResponse::mutable_mentors);
}

absl::StatusOr<v1::Mentor> Handlers::UpdateMentor(const Call& call,
                                                  const v1::UpdateMentorRequest& request) {
  return mentors_.Update(call, request.mentor(), request.update_mask(), request.validate_only());
}

absl::StatusOr<v1::UpsertMentorResponse> Handlers::UpsertMentor(
    const Call& call, const v1::UpsertMentorRequest& request) {
  return common::UpsertResponseOf(mentors_.Upsert(call, request.mentor(), request.validate_only()),
                                  &v1::UpsertMentorResponse::mutable_mentor);
}

absl::StatusOr<v1::BatchUpsertMentorsResponse> Handlers::BatchUpsertMentors(
    const Call& call, const v1::BatchUpsertMentorsRequest& request) {
  return common::BatchResponseOf<v1::BatchUpsertMentorsResponse>(
      mentors_.BatchUpsert(call, request.mentors(), request.validate_only()));
}

absl::StatusOr<v1::ListMentorsResponse> Handlers::ListMentors(
    const Call& call, const v1::ListMentorsRequest& request) {
  return common::ListResponseOf(mentors_.List(call, common::ListQueryOf(request)),
                                &v1::ListMentorsResponse::mutable_mentors);
}

absl::StatusOr<v1::Mentor> Handlers::DeactivateMentor(const Call& call,
                                                      const v1::DeactivateMentorRequest& request) {
  TANDEM_RETURN_IF_ERROR(CheckReason(request.reason_code()));
  return mentors_.Deactivate(call, request.name(), request.etag(), request.reason_code());
}

absl::StatusOr<v1::Mentor> Handlers::ReactivateMentor(const Call& call,
                                                      const v1::ReactivateMentorRequest& request) {
  return Reactivate(mentors_, call, request);
}

absl::StatusOr<v1::ListMentorRevisionsResponse> Handlers::ListMentorRevisions(
    const Call& call, const v1::ListMentorRevisionsRequest& request) {
  return common::HistoryResponseOf(
      mentors_.ListRevisions(call, request.name(), common::HistoryQueryOf(request)),
      &v1::ListMentorRevisionsResponse::mutable_mentors);
}

absl::StatusOr<v1::Mentor> Handlers::ConfirmMentor(const Call& call,
                                                   const v1::ConfirmMentorRequest& request) {
  const absl::Time now = resources_->Now();
  return mentors_.Modify(call, request.name(), /*etag=*/"", common::v1::CHANGE_KIND_UPDATED,
                         "CONFIRMED", [&](v1::Mentor* mentor) {
                           if (mentor->state() != v1::PROFILE_STATE_ACTIVE) {
                             return common::FailedPrecondition(
                                 "PROFILE_NOT_IN_USE", "only a profile in use can be confirmed",
                                 {{"resource", request.name()}});
                           }
                           *mentor->mutable_last_confirmed_time() = common::ToTimestamp(now);
                           return absl::OkStatus();
                         });
}

absl::StatusOr<v1::Mentor> Handlers::EraseMentor(const Call& call,
                                                 const v1::EraseMentorRequest& request) {
  TANDEM_RETURN_IF_ERROR(CheckErasure(request.reason_code()));
  TANDEM_RETURN_IF_ERROR(eraser_.EraseMentor(call, request.name(), request.reason_code()));
  return mentors_.Get(request.name(), 0);
}

absl::StatusOr<v1::ReapplyErasuresResponse> Handlers::ReapplyErasures(
    const Call& call, const v1::ReapplyErasuresRequest&) {
  TANDEM_ASSIGN_OR_RETURN(const Reapplied reapplied, eraser_.ReapplyErasures(call));
  v1::ReapplyErasuresResponse response;
  response.set_erased_count(reapplied.erased);
  response.set_reapplied_count(reapplied.reapplied);
  return response;
}

absl::StatusOr<v1::Organisation> Handlers::CreateOrganisation(
    const Call& call, const v1::CreateOrganisationRequest& request) {
  return organisations_.Create(call, request.organisation(), request.validate_only());
}

absl::StatusOr<v1::Organisation> Handlers::GetOrganisation(
    const Call&, const v1::GetOrganisationRequest& request) {
  return organisations_.Get(request.name(), request.revision());
}

absl::StatusOr<v1::BatchGetOrganisationsResponse> Handlers::BatchGetOrganisations(
    const Call&, const v1::BatchGetOrganisationsRequest& request) {
  return common::BatchGetResponseOf(organisations_.BatchGet(request.names(), request.revision()),
                                    &v1::BatchGetOrganisationsResponse::mutable_organisations);
}

absl::StatusOr<v1::Organisation> Handlers::UpdateOrganisation(
    const Call& call, const v1::UpdateOrganisationRequest& request) {
  return organisations_.Update(call, request.organisation(), request.update_mask(),
                               request.validate_only());
}

absl::StatusOr<v1::UpsertOrganisationResponse> Handlers::UpsertOrganisation(
    const Call& call, const v1::UpsertOrganisationRequest& request) {
  TANDEM_ASSIGN_OR_RETURN(
      auto result, organisations_.Upsert(call, request.organisation(), request.validate_only()));
  v1::UpsertOrganisationResponse response;
  *response.mutable_organisation() = std::move(result.resource);
  response.set_created(result.created);
  response.set_updated(result.updated);
  return response;
}

absl::StatusOr<v1::BatchUpsertOrganisationsResponse> Handlers::BatchUpsertOrganisations(
    const Call& call, const v1::BatchUpsertOrganisationsRequest& request) {
  return common::BatchResponseOf<v1::BatchUpsertOrganisationsResponse>(
      organisations_.BatchUpsert(call, request.organisations(), request.validate_only()));
}

absl::StatusOr<v1::ListOrganisationsResponse> Handlers::ListOrganisations(
    const Call& call, const v1::ListOrganisationsRequest& request) {
  return common::ListResponseOf(organisations_.List(call, common::ListQueryOf(request)),
                                &v1::ListOrganisationsResponse::mutable_organisations);
}

absl::StatusOr<v1::Organisation> Handlers::DeactivateOrganisation(
    const Call& call, const v1::DeactivateOrganisationRequest& request) {
  TANDEM_RETURN_IF_ERROR(CheckReason(request.reason_code()));
  return organisations_.Deactivate(call, request.name(), request.etag(), request.reason_code());
}

absl::StatusOr<v1::Organisation> Handlers::ReactivateOrganisation(
    const Call& call, const v1::ReactivateOrganisationRequest& request) {
  return Reactivate(organisations_, call, request);
}

absl::StatusOr<v1::ListOrganisationRevisionsResponse> Handlers::ListOrganisationRevisions(
    const Call& call, const v1::ListOrganisationRevisionsRequest& request) {
  return common::HistoryResponseOf(
      organisations_.ListRevisions(call, request.name(), common::HistoryQueryOf(request)),
      &v1::ListOrganisationRevisionsResponse::mutable_organisations);
}

absl::StatusOr<v1::Organisation> Handlers::EraseContact(const Call& call,
                                                        const v1::EraseContactRequest& request) {
  common::FieldViolations violations;
  common::CheckLocalId(request.contact_id(), "contact_id", &violations);
  common::CheckReasonCode(request.reason_code(), Presence::kRequired, "reason_code", &violations);
  TANDEM_RETURN_IF_ERROR(violations.ToStatus());
  TANDEM_RETURN_IF_ERROR(
      eraser_.EraseContact(call, request.name(), request.contact_id(), request.reason_code()));
  return organisations_.Get(request.name(), 0);
}

absl::Status Handlers::WatchMentors(const Call& call, const v1::WatchMentorsRequest& request,
                                    common::StreamWriter<v1::WatchMentorsResponse>& writer) {
  const WatchedKind kind{"mentors/", v1::Mentor::kRevisionFieldNumber};
  return WatchRoster(resources_->store(), kind, request.after_revision(), call, writer);
}

absl::Status Handlers::WatchOrganisations(
    const Call& call, const v1::WatchOrganisationsRequest& request,
    common::StreamWriter<v1::WatchOrganisationsResponse>& writer) {
  const WatchedKind kind{"organisations/", v1::Organisation::kRevisionFieldNumber};
  return WatchRoster(resources_->store(), kind, request.after_revision(), call, writer);
}

absl::StatusOr<common::v1::ListChangesResponse> Handlers::ListChanges(
    const Call&, const common::v1::ListChangesRequest& request) {
  return common::ServeListChanges(*resources_, request);
}

absl::Status Handlers::WatchChanges(
    const Call& call, const common::v1::WatchChangesRequest& request,
    common::StreamWriter<common::v1::WatchChangesResponse>& writer) {
  return common::ServeWatchChanges(*resources_, call, request, writer);
}

}  // namespace tandem::profiles
