// What the crash tests write, and how they check what is left: every commit sets a few keys of its
// writer to the same number, and says in the feed exactly what it set; so the feed alone tells what
// the state must be.
#ifndef STORAGE_CRASH_WORKLOAD_H_
#define STORAGE_CRASH_WORKLOAD_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/store.h"

namespace tandem::storage {

inline constexpr int kCrashWriters = 8;

// A commit that was acknowledged.
struct Acknowledged {
  int64_t writer = 0;
  int64_t number = 0;  // of the writer's commits, from 1
  Revision revision = 0;
};

// Commit `number` of `writer`: sets its keys to `number` and, every third time, keeps an answer.
Commit CrashCommit(int64_t writer, int64_t number);

// The number of the newest commit of `writer` in `store`; 0 when it has none.
absl::StatusOr<int64_t> NewestNumber(const Store& store, int64_t writer);

// OK when `store`, which was never trimmed, holds each of `acknowledged`, its feed has no gap, its
// state at the newest and at some older revisions is exactly what the feed says (so no commit is
// there in part), every writer's numbers are dense, and the answers are there. Else DATA_LOSS.
absl::Status Verify(const Store& store, const std::vector<Acknowledged>& acknowledged);

}  // namespace tandem::storage

#endif  // STORAGE_CRASH_WORKLOAD_H_
