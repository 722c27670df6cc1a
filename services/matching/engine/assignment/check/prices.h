// The conditions that prices and cuts must meet to be a proof. Each returns the first failure, with
// its place, or an empty string.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_CHECK_PRICES_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_CHECK_PRICES_H_

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "services/matching/engine/assignment/check/picture.h"
#include "services/matching/engine/assignment/problem.h"

namespace tandem::engine::check {

constexpr int64_t kEveryScore = std::numeric_limits<int64_t>::min();

// The components of a plan's value, as names; without "floor", and "unreached" first.
std::vector<std::string> PlanComponents(const AssignmentProblem& problem);
std::vector<std::string> FillingComponents(const AssignmentProblem& problem);

// The plan's worth in each of `components` but the first ("unreached").
std::vector<absl::int128> ValueOf(const Picture& picture,
                                  const std::vector<std::string>& components);

// That the plan in `picture` has the largest value among all plans that choose only pinned pairs
// and pairs of at least `min_score`: on each arc with room the reduced value is at most 0, on each
// arc above its minimum at least 0.
std::string CheckPrices(const Picture& picture, const PriceSet& set,
                        const std::vector<std::string>& components, int64_t min_score);

// That every plan with only pinned pairs and pairs of at least `min_score` is worth less than
// `value` (which has no "unreached"): by the prices none can be worth more than the sum over arcs
// of the reduced value times the maximum, or the minimum where it is negative.
std::string CheckBound(const Picture& picture, const PriceSet& set,
                       const std::vector<std::string>& components, int64_t min_score,
                       const std::vector<absl::int128>& value);

// That the arcs across the border of the conflict's set must carry more than they can.
std::string CheckCut(const Picture& picture, const Conflict& conflict, int64_t min_score);

}  // namespace tandem::engine::check

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_CHECK_PRICES_H_
