// Scores as decimals: "12.5" is 12,500,000 micro-points. Exact, never through floating point.
// Thread-safe.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_FILES_DECIMAL_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_FILES_DECIMAL_H_

#include <cstdint>
#include <string>

#include "absl/numeric/int128.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tandem::engine::files {

// "0" to "1000000000.000000" as micro-points: digits, at most six of them after a point. No sign,
// exponent, separator of thousands or space. INVALID_ARGUMENT says what is wrong with it.
absl::StatusOr<int64_t> ParseDecimal(absl::string_view text);

// Micro-points as a decimal without needless zeros: 12500000 is "12.5", -3000000 is "-3".
std::string FormatDecimal(absl::int128 micro_points);

// A whole number within 0 to `max`: digits only. INVALID_ARGUMENT says what is wrong with it.
absl::StatusOr<int64_t> ParseCount(absl::string_view text, int64_t max);

// Any whole number with at most 36 digits, maybe negative. INVALID_ARGUMENT if it is none.
absl::StatusOr<absl::int128> ParseInteger(absl::string_view text);
std::string FormatInteger(absl::int128 number);

}  // namespace tandem::engine::files

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_FILES_DECIMAL_H_
