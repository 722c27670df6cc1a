#include "base/status_matchers.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::base {
namespace {

using testing::ElementsAre;
using testing::Gt;
using testing::HasSubstr;
using testing::Not;

TEST(StatusMatchersTest, IsOkTellsSuccessFromError) {
  EXPECT_THAT(absl::OkStatus(), IsOk());
  EXPECT_THAT(absl::StatusOr<int>(3), IsOk());
  EXPECT_THAT(absl::InternalError("x"), Not(IsOk()));
  EXPECT_THAT(absl::StatusOr<int>(absl::InternalError("x")), Not(IsOk()));
}

TEST(StatusMatchersTest, StatusIsAsksForCodeAndMessage) {
  const absl::Status status = absl::NotFoundError("mentor m-1 is gone");
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kNotFound, HasSubstr("m-1")));
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kNotFound, "mentor m-1 is gone"));
  EXPECT_THAT(status, Not(StatusIs(absl::StatusCode::kInternal)));
  EXPECT_THAT(status, Not(StatusIs(absl::StatusCode::kNotFound, HasSubstr("m-2"))));
  EXPECT_THAT(absl::StatusOr<int>(status), StatusIs(absl::StatusCode::kNotFound));
}

TEST(StatusMatchersTest, IsOkAndHoldsLooksAtTheValue) {
  const absl::StatusOr<std::vector<int>> list(std::vector<int>{1, 2});
  EXPECT_THAT(list, IsOkAndHolds(ElementsAre(1, 2)));
  EXPECT_THAT(list, Not(IsOkAndHolds(ElementsAre(1))));
  EXPECT_THAT(absl::StatusOr<int>(5), IsOkAndHolds(5));
  EXPECT_THAT(absl::StatusOr<int>(5), IsOkAndHolds(Gt(4)));
  EXPECT_THAT(absl::StatusOr<std::string>("text"), IsOkAndHolds("text"));
  EXPECT_THAT(absl::StatusOr<int>(absl::AbortedError("x")), Not(IsOkAndHolds(5)));
}

TEST(StatusMatchersTest, AssertAndAssignMovesTheValueOut) {
  absl::StatusOr<std::unique_ptr<int>> owned(std::make_unique<int>(9));
  TANDEM_ASSERT_OK_AND_ASSIGN(const std::unique_ptr<int> value, std::move(owned));
  EXPECT_EQ(*value, 9);
  TANDEM_ASSERT_OK(absl::OkStatus());
}

}  // namespace
}  // namespace tandem::base
