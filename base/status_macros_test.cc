#include "base/status_macros.h"

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gtest/gtest.h"

namespace tandem::base {
namespace {

absl::Status ReturnsIfError(const absl::Status& status, int* calls) {
  TANDEM_RETURN_IF_ERROR((++*calls, status));
  return absl::AlreadyExistsError("went on");
}

TEST(StatusMacrosTest, AnErrorIsReturnedUnchangedAfterOneEvaluation) {
  int calls = 0;
  EXPECT_EQ(ReturnsIfError(absl::NotFoundError("no mentor"), &calls),
            absl::NotFoundError("no mentor"));
  EXPECT_EQ(calls, 1);
}

TEST(StatusMacrosTest, OkGoesOn) {
  int calls = 0;
  EXPECT_EQ(ReturnsIfError(absl::OkStatus(), &calls), absl::AlreadyExistsError("went on"));
  EXPECT_EQ(calls, 1);
}

absl::StatusOr<int> Doubled(absl::StatusOr<int> value) {
  int existing = 0;
  TANDEM_ASSIGN_OR_RETURN(existing, value);
  TANDEM_ASSIGN_OR_RETURN(const int declared, std::move(value));
  return existing + declared;
}

TEST(StatusMacrosTest, ValuesAreAssignedToDeclaredAndExistingVariables) {
  EXPECT_EQ(Doubled(21).value(), 42);
}

TEST(StatusMacrosTest, AssignReturnsTheError) {
  EXPECT_EQ(Doubled(absl::DataLossError("torn")).status(), absl::DataLossError("torn"));
}

absl::StatusOr<std::unique_ptr<std::string>> MoveOnly() {
  return std::make_unique<std::string>("moved");
}

absl::StatusOr<std::map<std::string, int>> WithComma(int value) {
  return std::map<std::string, int>{{"a", value}};
}

absl::StatusOr<std::string> TypesWithCommasAndMoveOnlyValues() {
  TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<std::string> text, MoveOnly());
  TANDEM_ASSIGN_OR_RETURN((std::map<std::string, int> map), WithComma(7));
  return *text + std::to_string(map["a"]);
}

TEST(StatusMacrosTest, TypesWithCommasStandInParentheses) {
  EXPECT_EQ(TypesWithCommasAndMoveOnlyValues().value(), "moved7");
}

}  // namespace
}  // namespace tandem::base
