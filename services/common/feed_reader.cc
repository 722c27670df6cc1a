#include "services/common/feed_reader.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "services/common/errors.h"

namespace tandem::common {

absl::StatusOr<storage::FeedBatch> FeedReader::Next() {
  TANDEM_RETURN_IF_ERROR(Gather());
  while (true) {
    auto batch = store_.ReadFeed(after_, pace_.max_commits, pace_.max_bytes);
    if (!batch.ok()) return FromStorage(batch.status());
    if (batch->commits.empty()) {
      TANDEM_RETURN_IF_ERROR(
          FromStorage(store_.WaitForCommit(after_, call_.deadline(), call_.cancellation())));
      continue;
    }
    after_ = batch->commits.back().revision;
    // Who is behind catches up without a pause.
    const bool many = batch->commits.size() > 1 && after_ == batch->head;
    gather_until_ = many ? absl::Now() + pace_.gather_time : absl::InfinitePast();
    return batch;
  }
}

absl::Status FeedReader::Gather() {
  // Not in the store's wait: that would wake this thread for each of the commits it is to gather.
  if (gather_until_ != absl::InfinitePast()) {
    // A clock that was set back must not make it longer.
    const absl::Time latest = absl::Now() + pace_.gather_time;
    call_.cancellation()->WaitUntil(std::min({gather_until_, latest, call_.deadline()}));
  }
  return call_.CheckAlive();
}

}  // namespace tandem::common
