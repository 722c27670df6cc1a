#include "services/common/testing/test_call.h"

#include <utility>

#include "absl/time/clock.h"
#include "base/sha256.h"

namespace tandem::common {

TestCall::TestCall(TestCallOptions options) {
  Call call;
  call.principal = {options.actor, options.role};
  call.method = options.method;
  call.request_id = options.request_id;
  call.validate_only = options.validate_only;
  call.request_digest = base::Sha256(options.method + options.body);
  call.received_at = absl::Now();
  call.deadline = call.received_at + absl::Minutes(1);
  context_ = std::make_unique<CallContext>(std::move(call), &cancellation_);
}

TestCallOptions WithRequestId(std::string request_id, std::string body) {
  TestCallOptions options;
  options.request_id = std::move(request_id);
  options.body = std::move(body);
  return options;
}

}  // namespace tandem::common
