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

class PagingTest : public ::testing::Test {
 protected:
  absl::Time now_ = absl::FromUnixSeconds(1'800'000'000);
  const PageTokens tokens_{std::string(32, 'k'), [this] { return now_; }};
};

TEST_F(PagingTest, PageSizesHaveADefaultAndAMaximum) {
  EXPECT_THAT(PageSizeOf(0), IsOkAndHolds(100));
  EXPECT_THAT(PageSizeOf(1), IsOkAndHolds(1));
  EXPECT_THAT(PageSizeOf(5000), IsOkAndHolds(1000));
  EXPECT_THAT(PageSizeOf(-1), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(PagingTest, TokenBringsThePositionBack) {
  const TestCall call;
  const std::string token = tokens_.Make(*call, "filter", {42, std::string("a\nb\0c", 5)});

  TANDEM_ASSERT_OK_AND_ASSIGN(const PagePosition position, tokens_.Parse(*call, "filter", token));

  EXPECT_EQ(position.revision, 42);
  EXPECT_EQ(position.after, std::string("a\nb\0c", 5));
}

TEST_F(PagingTest, TokenIsGoodForItsListingOnly) {
  const TestCall call;
  const std::string token = tokens_.Make(*call, "filter", {42, "a"});
  TestCallOptions other_method, other_actor;
  other_method.method = "tandem.echo.v1.EchoService/Other";
  other_actor.actor = "unauthenticated: other";

  EXPECT_THAT(tokens_.Parse(*call, "filter2", token),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("page_token")));
  EXPECT_THAT(tokens_.Parse(*TestCall(other_method), "filter", token),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(tokens_.Parse(*TestCall(other_actor), "filter", token),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(PagingTest, TokenIsGoodForADay) {
  const TestCall call;
  const std::string token = tokens_.Make(*call, "", {42, "a"});

  now_ += absl::Hours(24) - absl::Seconds(1);
  TANDEM_EXPECT_OK(tokens_.Parse(*call, "", token).status());
  now_ += absl::Seconds(1);
  EXPECT_THAT(tokens_.Parse(*call, "", token),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("older than a day")));
}

TEST_F(PagingTest, TokenOfAnotherServersKeyIsRefused) {
  const TestCall call;
  const PageTokens others(std::string(32, 'o'), [this] { return now_; });

  EXPECT_THAT(tokens_.Parse(*call, "", others.Make(*call, "", {42, "a"})),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(PagingTest, DamagedTokensAreRefused) {
  const TestCall call;
  const std::string token = tokens_.Make(*call, "", {42, "a"});
  for (size_t i = 0; i < token.size(); ++i) {
    std::string damaged = token;
    damaged[i] = damaged[i] == 'A' ? 'B' : 'A';
    const absl::StatusOr<PagePosition> parsed = tokens_.Parse(*call, "", damaged);
    // The last character may hold bits that stand for nothing.
    if (parsed.ok() && i + 1 == token.size()) continue;
    EXPECT_THAT(parsed, StatusIs(absl::StatusCode::kInvalidArgument));
  }
  for (const char* odd : {"x", "!!!", "AAAA"}) {
    EXPECT_THAT(tokens_.Parse(*call, "", odd), StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

}  // namespace
}  // namespace tandem::common
