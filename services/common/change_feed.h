// ListChanges and WatchChanges over any store: what other services follow. Thread-safe.
#ifndef SERVICES_COMMON_CHANGE_FEED_H_
#define SERVICES_COMMON_CHANGE_FEED_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/common/call_context.h"
#include "services/common/resource_store.h"
#include "services/common/stream_writer.h"
#include "storage/store.h"
#include "tandem/common/v1/change.pb.h"

namespace tandem::common {

// The changes of one commit, with store, revision and position filled in. DATA_LOSS when the record
// is not understood.
absl::StatusOr<std::vector<v1::Change>> ChangesOf(absl::string_view store_name,
                                                  const storage::FeedRecord& record);

// OUT_OF_RANGE when the feed was trimmed beyond after_revision, or that is in the future.
absl::StatusOr<v1::ListChangesResponse> ServeListChanges(const ResourceStore& resources,
                                                         const v1::ListChangesRequest& request);

// Streams until the call ends. When idle, a commit is sent on as soon as it is durable.
absl::Status ServeWatchChanges(const ResourceStore& resources, const CallContext& call,
                               const v1::WatchChangesRequest& request,
                               StreamWriter<v1::WatchChangesResponse>& writer);

}  // namespace tandem::common

#endif  // SERVICES_COMMON_CHANGE_FEED_H_
