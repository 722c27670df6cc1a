// Reads a store's change feed for a stream that serves a follower: nothing is skipped, nothing
// comes twice.
//
// A change that comes alone is handed over at once. Once commits come faster than they are handed
// over, so that one reading brings several, the next reading waits kFeedGatherTime for more: every
// step wakes threads on both sides and is looked at as a whole, and at thousands of commits a
// second a step for each of them would take the time away from the commits.
//
//   FeedReader feed(store, call, after, {1000, 1 << 20});
//   while (true) {
//     TANDEM_ASSIGN_OR_RETURN(const storage::FeedBatch batch, feed.Next());
//     ... send it ...
//   }
#ifndef SERVICES_COMMON_FEED_READER_H_
#define SERVICES_COMMON_FEED_READER_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/common/call_context.h"
#include "storage/store.h"

namespace tandem::common {

// How much later than at once a follower may learn of a change while many happen.
inline constexpr absl::Duration kFeedGatherTime = absl::Milliseconds(20);

struct FeedPace {
  int max_commits = 1000;       // per reading
  int64_t max_bytes = 1 << 20;  // of entries per reading, after the first commit
  absl::Duration gather_time = kFeedGatherTime;
};

// Thread safety: none; one thread at a time.
class FeedReader {
 public:
  // Hands over the commits after revision `after`. `store` and `call` must outlive this.
  FeedReader(const storage::Store& store, const CallContext& call, storage::Revision after,
             FeedPace pace)
      : store_(store), call_(call), pace_(pace), after_(after) {}

  // The next commits, at least one; waits for them. CANCELLED or DEADLINE_EXCEEDED when the call
  // ends first; OUT_OF_RANGE as Store::ReadFeed(); the errors of the store.
  absl::StatusOr<storage::FeedBatch> Next();

 private:
  // Waits while commits are gathered.
  absl::Status Gather();

  const storage::Store& store_;
  const CallContext& call_;
  const FeedPace pace_;
  storage::Revision after_;                         // handed over last
  absl::Time gather_until_ = absl::InfinitePast();  // the next reading comes no sooner
};

}  // namespace tandem::common

#endif  // SERVICES_COMMON_FEED_READER_H_
