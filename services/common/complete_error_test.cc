#include "services/common/complete_error.h"

#include <string>
#include <vector>

#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/common/errors.h"

namespace tandem::common {
namespace {

using base::StatusIs;

TEST(CompleteErrorTest, EveryCodeGetsAReasonAndKeepsItsMessage) {
  for (int code = 1; code <= 16; ++code) {
    const absl::Status bare(static_cast<absl::StatusCode>(code), "what happened");

    const absl::Status complete = CompleteError(bare);

    EXPECT_THAT(complete, StatusIs(bare.code(), "what happened"));
    ASSERT_TRUE(ErrorDetailOf(complete).has_value()) << bare;
    EXPECT_FALSE(ErrorDetailOf(complete)->reason.empty());
  }
}

TEST(CompleteErrorTest, WhereWaitingHelpsItIsToldForHowLong) {
  EXPECT_TRUE(RetryAfterOf(CompleteError(absl::UnavailableError("closing"))).has_value());
  EXPECT_TRUE(RetryAfterOf(CompleteError(absl::ResourceExhaustedError("full"))).has_value());
  EXPECT_FALSE(RetryAfterOf(CompleteError(absl::InternalError("odd"))).has_value());
}

TEST(CompleteErrorTest, AReasonThatIsThereStays) {
  EXPECT_EQ(CompleteError(NotFound("mentors/1")), NotFound("mentors/1"));
  EXPECT_TRUE(CompleteError(absl::OkStatus()).ok());
}

}  // namespace
}  // namespace tandem::common
