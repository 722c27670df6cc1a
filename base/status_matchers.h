// GoogleTest matchers for absl::Status and absl::StatusOr. They ask for the precise code, since
// "not OK" would also accept a wrong error.
//
//   EXPECT_THAT(store.Commit(batch), IsOk());
//   EXPECT_THAT(store.Get("x"), StatusIs(absl::StatusCode::kNotFound, HasSubstr("x")));
//   EXPECT_THAT(store.Get("a"), IsOkAndHolds("value"));
//   TANDEM_ASSERT_OK_AND_ASSIGN(auto snapshot, store.Snapshot());

#ifndef TANDEM_BASE_STATUS_MATCHERS_H_
#define TANDEM_BASE_STATUS_MATCHERS_H_

#include <ostream>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::base {

namespace status_matchers_internal {

inline const absl::Status& GetStatus(const absl::Status& status) { return status; }

template <typename T>
const absl::Status& GetStatus(const absl::StatusOr<T>& status_or) {
  return status_or.status();
}

}  // namespace status_matchers_internal

// Matches an absl::Status or absl::StatusOr that is OK.
MATCHER(IsOk, negation ? "is not OK" : "is OK") {
  const absl::Status& status = status_matchers_internal::GetStatus(arg);
  *result_listener << status.ToString();
  return status.ok();
}

// Matches an absl::Status or absl::StatusOr with this code, and a message that `message` matches.
MATCHER_P2(StatusIs, code, message,
           "has code " + absl::StatusCodeToString(code) + " and a message that " +
               testing::DescribeMatcher<std::string>(message)) {
  const absl::Status& status = status_matchers_internal::GetStatus(arg);
  *result_listener << status.ToString();
  return status.code() == code &&
         testing::Value(std::string(status.message()),
                        testing::SafeMatcherCast<const std::string&>(message));
}

inline auto StatusIs(absl::StatusCode code) { return StatusIs(code, testing::_); }

namespace status_matchers_internal {

template <typename StatusOrType, typename Inner>
class IsOkAndHoldsImpl : public testing::MatcherInterface<StatusOrType> {
 public:
  using Value = typename std::decay_t<StatusOrType>::value_type;

  explicit IsOkAndHoldsImpl(const Inner& inner)
      : inner_(testing::SafeMatcherCast<const Value&>(inner)) {}

  void DescribeTo(std::ostream* os) const override {
    *os << "is OK and holds a value that ";
    inner_.DescribeTo(os);
  }
  void DescribeNegationTo(std::ostream* os) const override {
    *os << "is an error or holds a value that ";
    inner_.DescribeNegationTo(os);
  }
  bool MatchAndExplain(StatusOrType actual, testing::MatchResultListener* listener) const override {
    if (!actual.ok()) {
      *listener << "which is " << actual.status().ToString();
      return false;
    }
    return inner_.MatchAndExplain(*actual, listener);
  }

 private:
  const testing::Matcher<const Value&> inner_;
};

template <typename Inner>
class IsOkAndHoldsMatcher {
 public:
  explicit IsOkAndHoldsMatcher(Inner inner) : inner_(std::move(inner)) {}

  template <typename StatusOrType>
  operator testing::Matcher<StatusOrType>() const {  // NOLINT: gmock converts implicitly
    return testing::Matcher<StatusOrType>(new IsOkAndHoldsImpl<const StatusOrType&, Inner>(inner_));
  }

 private:
  const Inner inner_;
};

}  // namespace status_matchers_internal

// Matches an absl::StatusOr that is OK and whose value equals, or is matched by, `inner`.
template <typename Inner>
auto IsOkAndHolds(Inner inner) {
  return status_matchers_internal::IsOkAndHoldsMatcher<Inner>(std::move(inner));
}

// Ends the test unless `expr`, an absl::Status or absl::StatusOr, is OK.
#define TANDEM_ASSERT_OK(...) ASSERT_THAT((__VA_ARGS__), ::tandem::base::IsOk())
#define TANDEM_EXPECT_OK(...) EXPECT_THAT((__VA_ARGS__), ::tandem::base::IsOk())

// Ends the test unless `expr`, an absl::StatusOr<T>, is OK; moves its value into `lhs`, a variable
// or a declaration of one (without a comma in its type).
#define TANDEM_ASSERT_OK_AND_ASSIGN(lhs, ...)                                                 \
  TANDEM_ASSERT_OK_AND_ASSIGN_IMPL_(TANDEM_MATCHERS_CONCAT_(tandem_asserted_, __LINE__), lhs, \
                                    (__VA_ARGS__))
#define TANDEM_ASSERT_OK_AND_ASSIGN_IMPL_(statusor, lhs, expr) \
  auto statusor = expr;                                        \
  ASSERT_THAT(statusor, ::tandem::base::IsOk());               \
  lhs = std::move(statusor).value()
#define TANDEM_MATCHERS_CONCAT_(a, b) TANDEM_MATCHERS_CONCAT_IMPL_(a, b)
#define TANDEM_MATCHERS_CONCAT_IMPL_(a, b) a##b

}  // namespace tandem::base

#endif  // TANDEM_BASE_STATUS_MATCHERS_H_
