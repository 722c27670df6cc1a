// Scores in words: points of 100, where the services count micro-points (1,000,000 are 100 points).
#ifndef TANDEM_BASE_POINTS_H_
#define TANDEM_BASE_POINTS_H_

#include <string>

#include "absl/numeric/int128.h"

namespace tandem::base {

// Exact, with two to four digits after the point: 842310 is "84.231", 30000 "3.00", -1 "-0.0001".
// Thread-safe.
std::string ExactPoints(absl::int128 micropoints);

}  // namespace tandem::base

#endif  // TANDEM_BASE_POINTS_H_
