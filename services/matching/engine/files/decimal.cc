#include "services/matching/engine/files/decimal.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/matching/engine/assignment/problem.h"

namespace tandem::engine::files {
namespace {

constexpr size_t kFraction = 6;
constexpr int64_t kMicro = 1'000'000;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool AllDigits(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsDigit);
}

std::string Quoted(absl::string_view text) {
  constexpr size_t kShown = 40;
  return absl::StrCat("\"", text.substr(0, kShown), text.size() > kShown ? "..." : "", "\"");
}

}  // namespace

absl::StatusOr<int64_t> ParseDecimal(absl::string_view text) {
  const size_t point = text.find('.');
  const absl::string_view whole = text.substr(0, point);
  const absl::string_view fraction =
      point == absl::string_view::npos ? absl::string_view() : text.substr(point + 1);
  if (!AllDigits(whole) || (point != absl::string_view::npos && !AllDigits(fraction))) {
    return absl::InvalidArgumentError(
        absl::StrCat(Quoted(text), " is not a decimal such as 12 or 0.75"));
  }
  if (fraction.size() > kFraction) {
    return absl::InvalidArgumentError(
        absl::StrCat(Quoted(text), " has more than six digits after the point"));
  }
  absl::string_view digits = whole;
  while (digits.size() > 1 && digits[0] == '0') digits.remove_prefix(1);
  int64_t value = 0;
  bool too_large = digits.size() > 10;
  for (char c : digits.substr(0, 10)) value = value * 10 + (c - '0');
  int64_t micro = 0;
  for (size_t i = 0; i < kFraction; ++i) {
    micro = micro * 10 + (i < fraction.size() ? fraction[i] - '0' : 0);
  }
  too_large = too_large || value * kMicro + micro > kMaxScore;
  if (too_large) {
    return absl::InvalidArgumentError(absl::StrCat(Quoted(text), " is more than 1000000000"));
  }
  return value * kMicro + micro;
}

std::string FormatDecimal(absl::int128 micro_points) {
  const bool negative = micro_points < 0;
  const absl::int128 size = negative ? -micro_points : micro_points;
  std::string text = absl::StrCat(negative ? "-" : "", FormatInteger(size / kMicro));
  const int64_t fraction = static_cast<int64_t>(size % kMicro);
  if (fraction == 0) return text;
  std::string digits = std::to_string(kMicro + fraction).substr(1);
  while (digits.back() == '0') digits.pop_back();
  return absl::StrCat(text, ".", digits);
}

absl::StatusOr<int64_t> ParseCount(absl::string_view text, int64_t max) {
  if (!AllDigits(text)) {
    return absl::InvalidArgumentError(absl::StrCat(Quoted(text), " is not a whole number from 0"));
  }
  absl::string_view digits = text;
  while (digits.size() > 1 && digits[0] == '0') digits.remove_prefix(1);
  int64_t value = 0;
  for (char c : digits.substr(0, 18)) value = value * 10 + (c - '0');
  if (digits.size() > 18 || value > max) {
    return absl::InvalidArgumentError(absl::StrCat(Quoted(text), " is more than ", max));
  }
  return value;
}

absl::StatusOr<absl::int128> ParseInteger(absl::string_view text) {
  absl::string_view digits = text;
  const bool negative = !digits.empty() && digits[0] == '-';
  if (negative) digits.remove_prefix(1);
  if (!AllDigits(digits) || digits.size() > 36) {
    return absl::InvalidArgumentError(absl::StrCat(Quoted(text), " is not a whole number"));
  }
  absl::int128 value = 0;
  for (char c : digits) value = value * 10 + (c - '0');
  return negative ? -value : value;
}

std::string FormatInteger(absl::int128 number) {
  const bool negative = number < 0;
  std::string digits;
  do {
    const int digit = static_cast<int>(number % 10);
    digits.push_back(static_cast<char>('0' + (digit < 0 ? -digit : digit)));
    number /= 10;
  } while (number != 0);
  if (negative) digits.push_back('-');
  std::reverse(digits.begin(), digits.end());
  return digits;
}

}  // namespace tandem::engine::files
