#include "services/common/call_context.h"

#include "absl/time/clock.h"
#include "base/status_matchers.h"
#include "gtest/gtest.h"

namespace tandem::common {
namespace {

using base::StatusIs;

TEST(CallContextTest, IsAliveUntilCancelled) {
  storage::Cancellation cancellation;
  const CallContext call(Call(), &cancellation);
  TANDEM_EXPECT_OK(call.CheckAlive());

  cancellation.Cancel();

  EXPECT_TRUE(call.IsCancelled());
  EXPECT_THAT(call.CheckAlive(), StatusIs(absl::StatusCode::kCancelled));
}

TEST(CallContextTest, IsOverAfterItsDeadline) {
  storage::Cancellation cancellation;
  Call details;
  details.deadline = absl::Now() - absl::Seconds(1);
  const CallContext call(details, &cancellation);

  EXPECT_THAT(call.CheckAlive(), StatusIs(absl::StatusCode::kDeadlineExceeded));
}

}  // namespace
}  // namespace tandem::common
