#include "services/common/call_context.h"

#include "absl/time/clock.h"

namespace tandem::common {

absl::Status CallContext::CheckAlive() const {
  if (cancellation_->cancelled()) return absl::CancelledError("the call was cancelled");
  if (absl::Now() >= call_.deadline) {
    return absl::DeadlineExceededError("the call's deadline passed");
  }
  return absl::OkStatus();
}

}  // namespace tandem::common
