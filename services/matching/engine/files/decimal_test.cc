#include "services/matching/engine/files/decimal.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::engine::files {
namespace {

using ::tandem::base::IsOkAndHolds;
using ::tandem::base::StatusIs;
using ::testing::HasSubstr;

TEST(DecimalTest, ReadsExactly) {
  EXPECT_THAT(ParseDecimal("0"), IsOkAndHolds(0));
  EXPECT_THAT(ParseDecimal("12.5"), IsOkAndHolds(12'500'000));
  EXPECT_THAT(ParseDecimal("0.000001"), IsOkAndHolds(1));
  EXPECT_THAT(ParseDecimal("007.10"), IsOkAndHolds(7'100'000));
  EXPECT_THAT(ParseDecimal("1000000000"), IsOkAndHolds(1'000'000'000'000'000));
  EXPECT_THAT(ParseDecimal("1000000000.000000"), IsOkAndHolds(1'000'000'000'000'000));
  EXPECT_THAT(ParseDecimal("999999999.999999"), IsOkAndHolds(999'999'999'999'999));
}

TEST(DecimalTest, RefusesEverythingElse) {
  for (const std::string text : {"", ".", "1.", ".5", "-1", "-0", "+1", "1e3", "1E3", "NaN", "nan",
                                 "inf", " 1", "1 ", "1,5", "0x10", "1.2.3", "１"}) {
    EXPECT_THAT(ParseDecimal(text),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("is not a decimal")))
        << text;
  }
  EXPECT_THAT(ParseDecimal("0.0000001"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("more than six digits")));
  for (const std::string text : {"1000000000.000001", "1000000001", "99999999999999999999999"}) {
    EXPECT_THAT(ParseDecimal(text),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("more than 1000000000")))
        << text;
  }
}

TEST(DecimalTest, WritesWithoutNeedlessZeros) {
  EXPECT_EQ(FormatDecimal(0), "0");
  EXPECT_EQ(FormatDecimal(12'500'000), "12.5");
  EXPECT_EQ(FormatDecimal(1), "0.000001");
  EXPECT_EQ(FormatDecimal(-3'000'000), "-3");
  EXPECT_EQ(FormatDecimal(absl::int128(~uint64_t{0}) * 1'000'000), "18446744073709551615");
}

TEST(DecimalTest, CountsAndIntegers) {
  EXPECT_THAT(ParseCount("000", 9), IsOkAndHolds(0));
  EXPECT_THAT(ParseCount("9", 9), IsOkAndHolds(9));
  EXPECT_THAT(ParseCount("10", 9),
              StatusIs(absl::StatusCode::kInvalidArgument, "\"10\" is more than 9"));
  EXPECT_THAT(ParseCount("-1", 9),
              StatusIs(absl::StatusCode::kInvalidArgument, "\"-1\" is not a whole number from 0"));
  EXPECT_THAT(ParseInteger("-170141183460469231731"),
              IsOkAndHolds(-absl::int128(170141183460469) * 1000000 - 231731));
  EXPECT_THAT(ParseInteger("1.0"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseInteger("-"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(FormatInteger(-120), "-120");
}

}  // namespace
}  // namespace tandem::engine::files
