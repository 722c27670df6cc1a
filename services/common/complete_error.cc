#include "services/common/complete_error.h"

#include "absl/time/time.h"
#include "services/common/errors.h"

namespace tandem::common {
namespace {

constexpr absl::Duration kRetryAfter = absl::Seconds(1);

}  // namespace

absl::Status CompleteError(const absl::Status& status) {
  if (status.ok() || ErrorDetailOf(status).has_value()) return status;
  switch (status.code()) {
    case absl::StatusCode::kDeadlineExceeded:
      return MakeError(absl::StatusCode::kDeadlineExceeded, "DEADLINE_PASSED", status.message());
    case absl::StatusCode::kCancelled:
      return MakeError(absl::StatusCode::kCancelled, "CALL_CANCELLED", status.message());
    case absl::StatusCode::kDataLoss:
      return MakeError(absl::StatusCode::kDataLoss, "STORE_DAMAGED", status.message());
    case absl::StatusCode::kInternal:
      return MakeError(absl::StatusCode::kInternal, "INTERNAL_ERROR", status.message());
    case absl::StatusCode::kUnavailable:
      return Unavailable("TEMPORARILY_UNAVAILABLE", status.message(), kRetryAfter);
    case absl::StatusCode::kResourceExhausted:
      return QuotaExceeded("EXHAUSTED", status.message(), kRetryAfter);
    default:
      return MakeError(status.code(), "OTHER", status.message());
  }
}

}  // namespace tandem::common
