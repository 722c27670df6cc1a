#include "services/matching/index/source_heads.h"

#include "absl/time/time.h"
#include "base/status_macros.h"
#include "grpcpp/client_context.h"
#include "services/common/client.h"
#include "services/common/status_conversion.h"

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
  v1::SeenRevisions heads;
  {
    profiles::v1::ListOrganisationsRequest request;
    request.set_page_size(1);
    profiles::v1::ListOrganisationsResponse response;
    grpc::ClientContext context;
    common::PrepareCall(kActor, common::v1::ROLE_SERVICE, kTimeout, &context);
    TANDEM_RETURN_IF_ERROR(
        common::FromGrpcStatus(profiles_->ListOrganisations(&context, request, &response)));
    heads.set_profiles(response.revision());
    heads.set_organisations(response.revision());
  }
  needs::v1::ListEngagementRequestsRequest request;
  request.set_page_size(1);
  needs::v1::ListEngagementRequestsResponse response;
  grpc::ClientContext context;
  common::PrepareCall(kActor, common::v1::ROLE_SERVICE, kTimeout, &context);
  TANDEM_RETURN_IF_ERROR(
      common::FromGrpcStatus(needs_->ListEngagementRequests(&context, request, &response)));
  heads.set_needs(response.revision());
  return heads;
}

}  // namespace tandem::matching
