#include "services/common/caller_rates.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace tandem::common {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1'800'000'000);

// How many of `calls` that come at once are let through.
int LetThrough(CallerRates& rates, absl::string_view caller, int calls, absl::Time now) {
  int through = 0;
  for (int i = 0; i < calls; ++i) through += rates.Take(caller, now).has_value() ? 0 : 1;
  return through;
}

TEST(CallerRatesTest, BurstThenExactlyTheRate) {
  CallerRates rates({10, 5});

  EXPECT_EQ(LetThrough(rates, "Ada", 100, kStart), 5);
  int through = 0;
  for (int ms = 1; ms <= 1000; ++ms) {
    through += LetThrough(rates, "Ada", 1, kStart + absl::Milliseconds(ms));
  }
  EXPECT_EQ(through, 10);
}

TEST(CallerRatesTest, TheWaitThatIsToldIsEnoughAndNoMoreThanThat) {
  CallerRates rates({4, 1});
  EXPECT_FALSE(rates.Take("Ada", kStart).has_value());

  const std::optional<absl::Duration> wait = rates.Take("Ada", kStart + absl::Milliseconds(100));

  ASSERT_TRUE(wait.has_value());
  EXPECT_EQ(*wait, absl::Milliseconds(150));
  EXPECT_TRUE(rates.Take("Ada", kStart + absl::Milliseconds(249)).has_value());
  EXPECT_FALSE(rates.Take("Ada", kStart + absl::Milliseconds(250)).has_value());
}

TEST(CallerRatesTest, OneCallersLoopDoesNotTouchAnother) {
  CallerRates rates({10, 5});
  LetThrough(rates, "Ada", 1000, kStart);

  EXPECT_EQ(LetThrough(rates, "Grace", 5, kStart), 5);
}

TEST(CallerRatesTest, NoRateIsNoLimit) {
  CallerRates rates({0, 1});

  EXPECT_EQ(LetThrough(rates, "Ada", 1000, kStart), 1000);
  EXPECT_EQ(rates.remembered(), 0u);
}

TEST(CallerRatesTest, QuietCallersAreForgotten) {
  CallerRates rates({10, 5});
  for (int i = 0; i < 100'000; ++i) {
    rates.Take(absl::StrCat("caller ", i), kStart + absl::Milliseconds(i));
  }
  EXPECT_LT(rates.remembered(), 2000u);
}

}  // namespace
}  // namespace tandem::common
