#include "services/common/paging.h"

#include <string>

#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/common/testing/test_call.h"

namespace tandem::common {
namespace {

using base::IsOkAndHolds;
using base::StatusIs;
using ::testing::HasSubstr;

TEST(PagingTest, PageSizesHaveADefaultAndAMaximum) {
  EXPECT_THAT(PageSizeOf(0), IsOkAndHolds(100));
  EXPECT_THAT(PageSizeOf(1), IsOkAndHolds(1));
  EXPECT_THAT(PageSizeOf(5000), IsOkAndHolds(1000));
  EXPECT_THAT(PageSizeOf(-1), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(PagingTest, TokenBringsThePositionBack) {
  const TestCall call;
  const std::string token = MakePageToken(*call, "filter", {42, std::string("a\nb\0c", 5)});

  TANDEM_ASSERT_OK_AND_ASSIGN(const PagePosition position, ParsePageToken(*call, "filter", token));

  EXPECT_EQ(position.revision, 42);
  EXPECT_EQ(position.after, std::string("a\nb\0c", 5));
}

TEST(PagingTest, TokenIsGoodForItsListingOnly) {
  const TestCall call;
  const std::string token = MakePageToken(*call, "filter", {42, "a"});
  TestCallOptions other_method, other_actor;
  other_method.method = "tandem.echo.v1.EchoService/Other";
  other_actor.actor = "unauthenticated: other";

  EXPECT_THAT(ParsePageToken(*call, "filter2", token),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("page_token")));
  EXPECT_THAT(ParsePageToken(*TestCall(other_method), "filter", token),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParsePageToken(*TestCall(other_actor), "filter", token),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(PagingTest, DamagedTokensAreRefused) {
  const TestCall call;
  const std::string token = MakePageToken(*call, "", {42, "a"});
  for (size_t i = 0; i < token.size(); ++i) {
    std::string damaged = token;
    damaged[i] = damaged[i] == 'A' ? 'B' : 'A';
    EXPECT_THAT(ParsePageToken(*call, "", damaged), StatusIs(absl::StatusCode::kInvalidArgument));
  }
  for (const char* odd : {"x", "!!!", "AAAA"}) {
    EXPECT_THAT(ParsePageToken(*call, "", odd), StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

}  // namespace
}  // namespace tandem::common
