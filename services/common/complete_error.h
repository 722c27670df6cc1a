// The last step of every error on its way to a caller: whatever made it, it leaves with an
// ErrorInfo, and with a RetryInfo where waiting helps. Errors of errors.h have theirs already; this
// is for those that know nothing of callers: the engine's, a library's, a deadline that passed.
// Thread-safe.
#ifndef SERVICES_COMMON_COMPLETE_ERROR_H_
#define SERVICES_COMMON_COMPLETE_ERROR_H_

#include "absl/status/status.h"

namespace tandem::common {

// `status` with a reason that fits its code, unless it has one; OK stays OK. The message stays.
absl::Status CompleteError(const absl::Status& status);

}  // namespace tandem::common

#endif  // SERVICES_COMMON_COMPLETE_ERROR_H_
