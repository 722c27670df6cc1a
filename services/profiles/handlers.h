// One function per RPC of tandem.profiles.v1.ProfilesService; their contracts stand in
// protos/tandem/profiles/v1/profiles_service.proto. Thread-safe.
#ifndef SERVICES_PROFILES_HANDLERS_H_
#define SERVICES_PROFILES_HANDLERS_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/common/call_context.h"
#include "services/common/reference_data.h"
#include "services/common/resource_store.h"
#include "services/common/resource_table.h"
#include "services/common/stream_writer.h"
#include "services/profiles/erasure.h"
#include "services/profiles/identity/key_store.h"
#include "services/profiles/person_records.h"
#include "tandem/common/v1/change.pb.h"
#include "tandem/profiles/v1/mentor.pb.h"
#include "tandem/profiles/v1/mentor_requests.pb.h"
#include "tandem/profiles/v1/organisation.pb.h"
#include "tandem/profiles/v1/organisation_requests.pb.h"

namespace tandem::profiles {

class Handlers {
 public:
  using Call = common::CallContext;

  Handlers(std::unique_ptr<common::ResourceStore> resources, std::shared_ptr<KeyStore> keys,
           std::shared_ptr<const common::ReferenceData> reference);

  absl::StatusOr<v1::Mentor> CreateMentor(const Call& call, const v1::CreateMentorRequest& request);
  absl::StatusOr<v1::Mentor> GetMentor(const Call& call, const v1::GetMentorRequest& request);
  absl::StatusOr<v1::BatchGetMentorsResponse> BatchGetMentors(
      const Call& call, const v1::BatchGetMentorsRequest& request);
  absl::StatusOr<v1::Mentor> UpdateMentor(const Call& call, const v1::UpdateMentorRequest& request);
  absl::StatusOr<v1::UpsertMentorResponse> UpsertMentor(const Call& call,
                                                        const v1::UpsertMentorRequest& request);
  absl::StatusOr<v1::BatchUpsertMentorsResponse> BatchUpsertMentors(
      const Call& call, const v1::BatchUpsertMentorsRequest& request);
  absl::StatusOr<v1::ListMentorsResponse> ListMentors(const Call& call,
                                                      const v1::ListMentorsRequest& request);
  absl::StatusOr<v1::Mentor> DeactivateMentor(const Call& call,
                                              const v1::DeactivateMentorRequest& request);
  absl::StatusOr<v1::Mentor> ReactivateMentor(const Call& call,
                                              const v1::ReactivateMentorRequest& request);
  absl::StatusOr<v1::ListMentorRevisionsResponse> ListMentorRevisions(
      const Call& call, const v1::ListMentorRevisionsRequest& request);
  absl::StatusOr<v1::Mentor> ConfirmMentor(const Call& call,
                                           const v1::ConfirmMentorRequest& request);
  absl::StatusOr<v1::Mentor> EraseMentor(const Call& call, const v1::EraseMentorRequest& request);
  absl::StatusOr<v1::ReapplyErasuresResponse> ReapplyErasures(
      const Call& call, const v1::ReapplyErasuresRequest& request);

  absl::StatusOr<v1::Organisation> CreateOrganisation(const Call& call,
                                                      const v1::CreateOrganisationRequest& request);
  absl::StatusOr<v1::Organisation> GetOrganisation(const Call& call,
                                                   const v1::GetOrganisationRequest& request);
  absl::StatusOr<v1::BatchGetOrganisationsResponse> BatchGetOrganisations(
      const Call& call, const v1::BatchGetOrganisationsRequest& request);
  absl::StatusOr<v1::Organisation> UpdateOrganisation(const Call& call,
                                                      const v1::UpdateOrganisationRequest& request);
  absl::StatusOr<v1::UpsertOrganisationResponse> UpsertOrganisation(
      const Call& call, const v1::UpsertOrganisationRequest& request);
  absl::StatusOr<v1::BatchUpsertOrganisationsResponse> BatchUpsertOrganisations(
      const Call& call, const v1::BatchUpsertOrganisationsRequest& request);
  absl::StatusOr<v1::ListOrganisationsResponse> ListOrganisations(
      const Call& call, const v1::ListOrganisationsRequest& request);
  absl::StatusOr<v1::Organisation> DeactivateOrganisation(
      const Call& call, const v1::DeactivateOrganisationRequest& request);
  absl::StatusOr<v1::Organisation> ReactivateOrganisation(
      const Call& call, const v1::ReactivateOrganisationRequest& request);
  absl::StatusOr<v1::ListOrganisationRevisionsResponse> ListOrganisationRevisions(
      const Call& call, const v1::ListOrganisationRevisionsRequest& request);
  absl::StatusOr<v1::Organisation> EraseContact(const Call& call,
                                                const v1::EraseContactRequest& request);

  absl::Status WatchMentors(const Call& call, const v1::WatchMentorsRequest& request,
                            common::StreamWriter<v1::WatchMentorsResponse>& writer);
  absl::Status WatchOrganisations(const Call& call, const v1::WatchOrganisationsRequest& request,
                                  common::StreamWriter<v1::WatchOrganisationsResponse>& writer);

  absl::StatusOr<common::v1::ListChangesResponse> ListChanges(
      const Call& call, const common::v1::ListChangesRequest& request);
  absl::Status WatchChanges(const Call& call, const common::v1::WatchChangesRequest& request,
                            common::StreamWriter<common::v1::WatchChangesResponse>& writer);

 private:
  const std::shared_ptr<KeyStore> keys_;
  const std::shared_ptr<const common::ReferenceData> reference_;
  const std::unique_ptr<common::ResourceStore> resources_;
  const PersonRecords persons_;
  common::ResourceTable<v1::Mentor> mentors_;
  common::ResourceTable<v1::Organisation> organisations_;
  const Eraser eraser_;
};

}  // namespace tandem::profiles

#endif  // SERVICES_PROFILES_HANDLERS_H_
