// The criteria that rank eligible mentors. Each gives 0 to 1,000,000 micro-points.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_CRITERIA_CRITERION_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_CRITERIA_CRITERION_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace tandem::engine {

// Numbers and order as in tandem.matching.v1.Criterion.
enum class Criterion : uint8_t {
  kExpertise = 1,
  kLanguage = 2,
  kRegionalExperience = 3,
  kDevelopmentContext = 4,
  kScheduleOverlap = 5,
  kFreshness = 6,
  kLoadBalance = 7,
  kMutualPreference = 8,
};

constexpr int kCriterionCount = 8;

// Position in arrays of kCriterionCount, from 0.
constexpr int IndexOf(Criterion criterion) { return static_cast<int>(criterion) - 1; }
constexpr Criterion CriterionAt(int index) { return static_cast<Criterion>(index + 1); }

// For example "SCHEDULE_OVERLAP".
absl::string_view CodeOf(Criterion criterion);

// The most that a criterion, and so a score, can be, in micro-points.
constexpr int64_t kFullPoints = 1'000'000;

// The largest weight that a policy may give to a criterion.
constexpr int kMaxWeight = 1000;

// `amount` of `whole` in micro-points, rounded half up and kept within 0 to kFullPoints. A whole of
// 0 or less is reached by everybody. |amount| and whole must be below 2^42.
constexpr int64_t ShareInPoints(int64_t amount, int64_t whole) {
  if (whole <= 0 || amount >= whole) return kFullPoints;
  if (amount <= 0) return 0;
  return (2 * amount * kFullPoints + whole) / (2 * whole);
}

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_CRITERIA_CRITERION_H_
