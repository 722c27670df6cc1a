#include "services/common/change_feed.h"

#include <algorithm>
#include <utility>

#include "base/status_macros.h"
#include "services/common/errors.h"
#include "services/common/feed_reader.h"

namespace tandem::common {
namespace {

constexpr int kDefaultCommits = 100;
constexpr int kMaxCommits = 1000;
// Of stored entries, before the fields that a commit's changes share are filled in.
constexpr int64_t kMaxFeedBytes = 1 << 20;

// Takes over what the first change of a commit says for all.
void FillShared(const v1::Change& first, v1::Change* change) {
  change->set_actor(first.actor());
  change->set_role(first.role());
  change->set_method(first.method());
  change->set_request_digest(first.request_digest());
  change->set_request_id(first.request_id());
  *change->mutable_commit_time() = first.commit_time();
}

// The changes of a batch, appended to `response`; `revision` becomes that of its last commit.
template <typename Response>
absl::Status Append(const ResourceStore& resources, const storage::FeedBatch& batch,
                    Response* response) {
  for (const storage::FeedRecord& record : batch.commits) {
    TANDEM_ASSIGN_OR_RETURN(std::vector<v1::Change> changes, ChangesOf(resources.name(), record));
    for (v1::Change& change : changes) *response->add_changes() = std::move(change);
    response->set_revision(record.revision);
  }
  return absl::OkStatus();
}

absl::Status CheckAfter(int64_t after) {
  if (after < 0) return InvalidField("after_revision", "must not be negative");
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<v1::Change>> ChangesOf(absl::string_view store_name,
                                                  const storage::FeedRecord& record) {
  std::vector<v1::Change> changes;
  for (const std::string& entry : record.entries) {
    v1::ChangeBatch batch;
    if (!batch.ParseFromString(entry)) {
      return MakeError(absl::StatusCode::kDataLoss, "STORE_DAMAGED",
                       "a record of the change feed cannot be read: restore a backup");
    }
    for (v1::Change& change : *batch.mutable_changes()) {
      if (!changes.empty()) FillShared(changes.front(), &change);
      change.set_store(std::string(store_name));
      change.set_revision(record.revision);
      change.set_position(static_cast<int32_t>(changes.size()));
      changes.push_back(std::move(change));
    }
  }
  return changes;
}

absl::StatusOr<v1::ListChangesResponse> ServeListChanges(const ResourceStore& resources,
                                                         const v1::ListChangesRequest& request) {
  if (request.page_size() < 0) return InvalidField("page_size", "must be 0 to 1000");
  const int commits =
      request.page_size() == 0 ? kDefaultCommits : std::min<int>(request.page_size(), kMaxCommits);
  TANDEM_RETURN_IF_ERROR(CheckAfter(request.after_revision()));
  auto batch = resources.store().ReadFeed(request.after_revision(), commits, kMaxFeedBytes);
  if (!batch.ok()) return FromStorage(batch.status());
  v1::ListChangesResponse response;
  response.set_revision(request.after_revision());
  TANDEM_RETURN_IF_ERROR(Append(resources, *batch, &response));
  return response;
}

absl::Status ServeWatchChanges(const ResourceStore& resources, const CallContext& call,
                               const v1::WatchChangesRequest& request,
                               StreamWriter<v1::WatchChangesResponse>& writer) {
  TANDEM_RETURN_IF_ERROR(CheckAfter(request.after_revision()));
  FeedReader feed(resources.store(), call, request.after_revision(), {kMaxCommits, kMaxFeedBytes});
  while (true) {
    TANDEM_ASSIGN_OR_RETURN(const storage::FeedBatch batch, feed.Next());
    v1::WatchChangesResponse response;
    TANDEM_RETURN_IF_ERROR(Append(resources, batch, &response));
    if (!writer.Write(response)) return absl::CancelledError("the follower hung up");
  }
}

}  // namespace tandem::common
