#include "services/matching/engine/criteria/criterion.h"

#include <array>

namespace tandem::engine {

absl::string_view CodeOf(Criterion criterion) {
  static constexpr std::array<absl::string_view, kCriterionCount> kCodes = {
      "EXPERTISE",        "LANGUAGE",  "REGIONAL_EXPERIENCE", "DEVELOPMENT_CONTEXT",
      "SCHEDULE_OVERLAP", "FRESHNESS", "LOAD_BALANCE",        "MUTUAL_PREFERENCE",
  };
  const int index = IndexOf(criterion);
  return index >= 0 && index < kCriterionCount ? kCodes[index] : "CRITERION_UNSPECIFIED";
}

}  // namespace tandem::engine
