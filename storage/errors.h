// The named errors of a store, so that both backends say the same in the same words.
#ifndef STORAGE_ERRORS_H_
#define STORAGE_ERRORS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "storage/store.h"

namespace tandem::storage {

// ABORTED with `conflict` as payload.
absl::Status ConflictError(const Conflict& conflict);

// ALREADY_EXISTS with `answer` as payload.
absl::Status AnswerKeptError(const KeptAnswer& answer);

// OUT_OF_RANGE: `revision` lies before `range` (trimmed) or after it (does not exist yet).
absl::Status RevisionOutOfRangeError(Revision revision, const RevisionRange& range);

// OUT_OF_RANGE: the feed after `after` is no longer kept, or `after` does not exist yet.
absl::Status FeedOutOfRangeError(Revision after, const RevisionRange& range);

// UNAVAILABLE: the store was closed.
absl::Status ClosedError();

// OK, or INVALID_ARGUMENT: which part of `commit` breaks which rule of store.h.
absl::Status ValidateCommit(const Commit& commit);

// Keys, values, entries and answer of `commit`, in bytes.
size_t SizeOf(const Commit& commit);

}  // namespace tandem::storage

#endif  // STORAGE_ERRORS_H_
