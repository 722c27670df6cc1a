#include "services/matching/index/index_follower.h"

#include <utility>

namespace tandem::matching {
namespace {

common::FeedFollowerOptions Options() {
  common::FeedFollowerOptions options;
  options.actor = "matching";
  options.restart_when_trimmed = true;  // a new snapshot brings everything again
  return options;
}

// Until a new snapshot is complete there is no revision to name.
std::function<void(int64_t)> BeginSnapshot(LiveIndex* index, LiveIndex::Source source) {
  return [index, source](int64_t after) {
    if (after == 0) index->BeginSnapshot(source);
  };
}

}  // namespace

IndexFollower::IndexFollower(std::shared_ptr<grpc::Channel> profiles,
                             std::shared_ptr<grpc::Channel> needs, LiveIndex* index)
    : profiles_(profiles::v1::ProfilesService::NewStub(profiles)),
      needs_(needs::v1::NeedsService::NewStub(needs)),
      mentors_(
          Options(),
          [this](grpc::ClientContext* context, const profiles::v1::WatchMentorsRequest* request,
                 grpc::ClientReadReactor<profiles::v1::WatchMentorsResponse>* reader) {
            profiles_->async()->WatchMentors(context, request, reader);
          },
          [index](const profiles::v1::WatchMentorsResponse& step) { return index->Apply(step); },
          BeginSnapshot(index, LiveIndex::Source::kMentors)),
      organisations_(
          Options(),
          [this](grpc::ClientContext* context,
                 const profiles::v1::WatchOrganisationsRequest* request,
                 grpc::ClientReadReactor<profiles::v1::WatchOrganisationsResponse>* reader) {
            profiles_->async()->WatchOrganisations(context, request, reader);
          },
          [index](const profiles::v1::WatchOrganisationsResponse& step) {
            return index->Apply(step);
          },
          BeginSnapshot(index, LiveIndex::Source::kOrganisations)),
      requests_(
          Options(),
          [this](grpc::ClientContext* context,
                 const needs::v1::WatchEngagementRequestsRequest* request,
                 grpc::ClientReadReactor<needs::v1::WatchEngagementRequestsResponse>* reader) {
            needs_->async()->WatchEngagementRequests(context, request, reader);
          },
          [index](const needs::v1::WatchEngagementRequestsResponse& step) {
            return index->Apply(step);
          },
          BeginSnapshot(index, LiveIndex::Source::kRequests)) {}

void IndexFollower::Start() {
  mentors_.Start();
  organisations_.Start();
  requests_.Start();
}

absl::Status IndexFollower::LastError() const {
  absl::Status error = mentors_.last_error();
  if (error.ok()) error = organisations_.last_error();
  if (error.ok()) error = requests_.last_error();
  return error;
}

void IndexFollower::Stop() {
  mentors_.Stop();
  organisations_.Stop();
  requests_.Stop();
}

}  // namespace tandem::matching
