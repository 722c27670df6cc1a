// Keeps the index up to date: follows mentors, organisations and requests, each on its own thread,
// reconnecting and resuming by revision.
#ifndef TANDEM_SERVICES_MATCHING_INDEX_INDEX_FOLLOWER_H_
#define TANDEM_SERVICES_MATCHING_INDEX_INDEX_FOLLOWER_H_

#include <memory>

#include "absl/status/status.h"
#include "grpcpp/channel.h"
#include "services/common/feed_follower.h"
#include "services/matching/index/live_index.h"
#include "tandem/needs/v1/needs_service.grpc.pb.h"
#include "tandem/profiles/v1/profiles_service.grpc.pb.h"

namespace tandem::matching {

// Thread-safe.
class IndexFollower {
 public:
  // `index` must outlive this.
  IndexFollower(std::shared_ptr<grpc::Channel> profiles, std::shared_ptr<grpc::Channel> needs,
                LiveIndex* index);

  void Start();
  // What the last attempt to read mentors, organisations or requests ended with, the first that
  // failed; OK while none did.
  absl::Status LastError() const;
  // Returns when nothing is applied any more. Repeating it does nothing.
  void Stop();

 private:
  using Mentors =
      common::FeedFollower<profiles::v1::WatchMentorsRequest, profiles::v1::WatchMentorsResponse>;
  using Organisations = common::FeedFollower<profiles::v1::WatchOrganisationsRequest,
                                             profiles::v1::WatchOrganisationsResponse>;
  using Requests = common::FeedFollower<needs::v1::WatchEngagementRequestsRequest,
                                        needs::v1::WatchEngagementRequestsResponse>;

  const std::unique_ptr<profiles::v1::ProfilesService::Stub> profiles_;
  const std::unique_ptr<needs::v1::NeedsService::Stub> needs_;
  Mentors mentors_;
  Organisations organisations_;
  Requests requests_;
};

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_INDEX_INDEX_FOLLOWER_H_
