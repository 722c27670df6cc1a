// Reading one's own writes: matching follows profiles and needs, some milliseconds behind. Who
// wrote there and asks matching next says what the answer must have seen.
#ifndef TANDEM_SERVICES_MATCHING_INDEX_AWAIT_SEEN_H_
#define TANDEM_SERVICES_MATCHING_INDEX_AWAIT_SEEN_H_

#include "absl/status/status.h"
#include "services/common/call_context.h"
#include "services/matching/index/live_index.h"
#include "tandem/matching/v1/ranking.pb.h"

namespace tandem::matching {

// Waits until the index has taken in `at_least`, a field of that name of the call. Error:
// INVALID_ARGUMENT for revisions that no store can have reached; UNAVAILABLE, reason INDEX_BEHIND,
// after 2 seconds, at once when as many calls wait as may (waiting_places.h), or what View() says
// of an index that is loading; whatever ended the call.
absl::Status AwaitSeen(const LiveIndex& index, const v1::SeenRevisions& at_least,
                       const common::CallContext& call);

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_INDEX_AWAIT_SEEN_H_
