#include "services/matching/index/source_heads.h"

#include "absl/time/time.h"
#include "base/status_macros.h"
#include "services/common/service_call.h"

namespace tandem::matching {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(2);
constexpr char kActor[] = "matching";

}  // namespace

SourceHeads::SourceHeads(const std::shared_ptr<grpc::Channel>& profiles,
                         const std::shared_ptr<grpc::Channel>& needs)
    : profiles_(profiles::v1::ProfilesService::NewStub(profiles)),
      needs_(needs::v1::NeedsService::NewStub(needs)) {}

absl::StatusOr<v1::SeenRevisions> SourceHeads::Read() const {
  // A listing tells the revision that it shows: the newest, when it begins.
  profiles::v1::ListOrganisationsRequest list_organisations;
  list_organisations.set_page_size(1);
  TANDEM_ASSIGN_OR_RETURN(
      const profiles::v1::ListOrganisationsResponse organisations,
      common::CallService(*profiles_, &profiles::v1::ProfilesService::Stub::ListOrganisations,
                          list_organisations, kActor, kTimeout));
  needs::v1::ListEngagementRequestsRequest list_requests;
  list_requests.set_page_size(1);
  TANDEM_ASSIGN_OR_RETURN(
      const needs::v1::ListEngagementRequestsResponse requests,
      common::CallService(*needs_, &needs::v1::NeedsService::Stub::ListEngagementRequests,
                          list_requests, kActor, kTimeout));
  v1::SeenRevisions heads;
  heads.set_profiles(organisations.revision());
  heads.set_organisations(organisations.revision());
  heads.set_needs(requests.revision());
  return heads;
}

}  // namespace tandem::matching
