// How far profiles and needs are: what has been acknowledged there is in the store at these
// revisions.
#ifndef TANDEM_SERVICES_MATCHING_INDEX_SOURCE_HEADS_H_
#define TANDEM_SERVICES_MATCHING_INDEX_SOURCE_HEADS_H_

#include <memory>

#include "absl/status/statusor.h"
#include "grpcpp/channel.h"
#include "tandem/matching/v1/ranking.pb.h"
#include "tandem/needs/v1/needs_service.grpc.pb.h"
#include "tandem/profiles/v1/profiles_service.grpc.pb.h"

namespace tandem::matching {

// Thread-safe.
class SourceHeads {
 public:
  SourceHeads(const std::shared_ptr<grpc::Channel>& profiles,
              const std::shared_ptr<grpc::Channel>& needs);

  // Their newest revisions, without that of matching. Asks both services, each for 2 seconds at the
  // most, so not from a thread that they may need. Error: that of the call.
  absl::StatusOr<v1::SeenRevisions> Read() const;

 private:
  const std::unique_ptr<profiles::v1::ProfilesService::Stub> profiles_;
  const std::unique_ptr<needs::v1::NeedsService::Stub> needs_;
};

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_INDEX_SOURCE_HEADS_H_
